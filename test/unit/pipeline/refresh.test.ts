/** Two replicas that derive an alert at once: it may belong to two incidents, and each is decided by one of them. */
import type { AlertEpisode } from '../../../src/pipeline/dedupe/derive.ts';
import { refreshAlerts } from '../../../src/pipeline/dedupe/refresh.ts';
import type { Db, Queryable } from '../../../src/store/db.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { openPostgres } from '../../../src/store/postgres.ts';
import { migrationsDir } from '../../support/fresh-db.ts';
import { needs } from '../../support/needs.ts';
import { sharedDatabase } from '../../support/shared-postgres.ts';
import { eventually } from '../../support/wait.ts';

const now = new Date('2026-01-05T08:00:00Z');
const before: AlertEpisode = {
  ...{ state: 'resolved', episode: 0, since: now, endedAt: null, changedAt: now, periods: [] },
};

needs('postgres')('a change of an alert', () => {
  let db: Db;
  beforeAll(async () => {
    db = openPostgres({ url: await sharedDatabase(), applicationName: 'refresh' });
    await migrate(db, { dir: migrationsDir, now });
    await db.query(`insert into source (name, updated_at) values ('az-a', $1)`, [now]);
  });
  beforeEach(async () => {
    await db.query('truncate alert, reporter, transition');
    await db.query(
      `insert into alert (fingerprint, labels, lane, since, changed_at, first_seen, routed_version)
       values ('a', '{}', 'normal', $1, $1, $1, 1)`,
      [now],
    );
    await db.query(
      `insert into reporter (source_id, fingerprint, alert_fingerprint, annotations, group_key, firing_at, last_seen)
       select id, 'a', 'a', '{}', 'g', $1, $1 from source where name = 'az-a'`,
      [now],
    );
  });
  afterAll(() => db.close());

  const refresh = (tx: Queryable) => refreshAlerts(tx, new Map([['a', before]]), now, []);
  const kept = async () => (await db.query('select state from transition where alert_fingerprint = $1', ['a'])).rows;

  it('that two replicas derive at once is kept for backtests once', async () => {
    let second: Promise<unknown> = Promise.resolve();
    await db.transaction(async (tx) => {
      await refresh(tx);
      second = db.transaction(refresh);
      await eventually(async () => {
        const { rows } = await db.query(
          `select 1 from pg_stat_activity where application_name = 'refresh' and wait_event_type = 'Lock'`,
        );
        return rows.length === 1;
      });
    });
    await second;
    expect(await kept()).toEqual([{ state: 'firing' }]);
  });

  it('that one derives is kept, and stored', async () => {
    await db.transaction(refresh);
    expect(await kept()).toEqual([{ state: 'firing' }]);
    const { rows } = await db.query('select state, episode from alert');
    expect(rows).toEqual([{ state: 'firing', episode: 1 }]);
  });
});
