import { examine, examinedAtMost } from '../../../src/pipeline/preview/stored.ts';
import type { Db } from '../../../src/store/db.ts';
import { freshDb } from '../../support/fresh-db.ts';

const now = new Date('2026-01-20T08:00:00Z');
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const week = 7 * 24;

let db: Db;
beforeAll(async () => {
  db = await freshDb();
});
beforeEach(() => db.query('truncate alert, incident_alert, incident_due'));
afterAll(() => db.close());

const store = (count: number, state: string, changedAt: Date, episode = 1) =>
  db.query(
    `insert into alert (fingerprint, labels, lane, state, episode, since, changed_at, first_seen, routed_version)
     select $2 || extract(epoch from $3::timestamptz) || '-' || n, '{}', 'normal', $2, $4, $3, $3, $3, 1
     from generate_series(1, $1) n`,
    [count, state, changedAt, episode],
  );

async function look(kept = ago(30 * 24)) {
  const states: string[] = [];
  const reach = await examine(db, { from: ago(week), to: now, kept }, (alert) => states.push(alert.state));
  return { ...reach, states };
}

describe('a preview looks at', () => {
  it('what is open, however old, and then what has ended in the last days', async () => {
    await store(2, 'firing', ago(1_000));
    await store(1, 'stale', ago(900));
    await store(3, 'resolved', ago(5));
    await store(1, 'expired', ago(6));
    await store(4, 'resolved', ago(week + 1));
    const { states, ...reach } = await look();
    expect(states.slice(0, 3).sort()).toEqual(['firing', 'firing', 'stale']);
    expect(states.slice(3)).toEqual(['resolved', 'resolved', 'resolved', 'expired']);
    expect(reach).toMatchObject({ examined: 7, capped: false, reachesBackTo: ago(week) });
  });

  it('what has been reported and not decided yet, as firing', async () => {
    await store(1, 'resolved', ago(0), 0);
    await db.query(`insert into incident_alert (incident_id, alert_fingerprint, joined_at)
      select 1, fingerprint, changed_at from alert`);
    await db.query('insert into incident_due (incident_id, due_at) values (1, $1)', [now]);
    expect((await look()).states).toEqual(['firing']);
  });

  it('no more than one preview may, and says how far it came', async () => {
    await store(examinedAtMost, 'resolved', ago(2));
    await store(5, 'resolved', ago(3));
    expect(await look()).toMatchObject({ examined: examinedAtMost, capped: true, reachesBackTo: ago(2) });
  });

  it('no more of what waits for its first decision either, and says so', async () => {
    await store(examinedAtMost + 1, 'resolved', ago(0), 0);
    await db.query(`insert into incident_alert (incident_id, alert_fingerprint, joined_at)
      select 1, fingerprint, changed_at from alert`);
    await db.query('insert into incident_due (incident_id, due_at) values (1, $1)', [now]);
    expect(await look()).toMatchObject({ examined: examinedAtMost, capped: true });
  });

  it('nothing that is not kept any more, and says so', async () => {
    expect(await look(ago(24))).toMatchObject({ examined: 0, reachesBackTo: ago(24) });
  });
});
