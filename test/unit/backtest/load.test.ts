import { loadHistory } from '../../../src/backtest/load.ts';
import type { EmbeddedDb } from '../../../src/store/pglite.ts';
import { freshDb } from '../../support/fresh-db.ts';

const from = new Date('2026-01-05T08:00:00Z');
const at = (seconds: number) => new Date(from.getTime() + seconds * 1000);

let db: EmbeddedDb;
beforeEach(async () => {
  db = await freshDb();
});
afterEach(() => db.close());

/** An alert whose last change was heard of, and then decided, so many seconds after the begin of what is replayed. */
async function changed(
  fingerprint: string,
  { state, heard, decided }: { state: 'firing' | 'resolved' | 'stale'; heard: number; decided: number },
): Promise<void> {
  await stored(fingerprint, { state, since: -100, decided });
  await db.query('insert into transition (heard_at, alert_fingerprint, state, since) values ($1, $2, $3, $4)', [
    at(heard),
    fingerprint,
    state,
    at(-100),
  ]);
}

async function stored(
  fingerprint: string,
  { state, since, decided }: { state: string; since: number; decided: number },
): Promise<void> {
  await db.query(
    `insert into alert (fingerprint, labels, lane, state, episode, since, changed_at, first_seen, routed_version)
     values ($1, '{}', 'normal', $2, 1, $3, $4, $3, 1)`,
    [fingerprint, state, at(since), at(decided)],
  );
}

async function replayed(): Promise<unknown[]> {
  const { alerts, changes } = await loadHistory(db, from);
  return Array.from(changes.heardAt, (heard, i) => [
    alerts[changes.alert[i] ?? -1]?.fingerprint,
    (heard - from.getTime()) / 1000,
    changes.state[i],
  ]);
}

describe('what is replayed of an alert', () => {
  it('that was heard of before and decided after the begin: it fires from the begin on', async () => {
    await changed('a', { state: 'firing', heard: -20, decided: 10 });
    expect(await replayed()).toEqual([['a', 0, 0]]);
  });

  it('that fires since long before, and of one that is stale', async () => {
    await changed('a', { state: 'firing', heard: -90, decided: -60 });
    await changed('b', { state: 'stale', heard: -50, decided: -50 });
    expect(await replayed()).toEqual([
      ['a', 0, 0],
      ['b', 0, 0],
      ['b', 0, 2],
    ]);
  });

  it('that begins after the begin: that, once', async () => {
    await changed('a', { state: 'firing', heard: 20, decided: 50 });
    expect(await replayed()).toEqual([['a', 20, 0]]);
  });

  it('that begins while the history is read: nothing', async () => {
    await stored('a', { state: 'firing', since: 900, decided: 900 });
    expect(await replayed()).toEqual([]);
  });

  it('that ended before, and was decided after the begin: nothing', async () => {
    await changed('a', { state: 'resolved', heard: -20, decided: 10 });
    expect(await replayed()).toEqual([]);
  });
});
