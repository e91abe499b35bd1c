import type { Db } from '../../../src/store/db.ts';
import { loadOutages, recordTick } from '../../../src/store/outages.ts';
import { at, emptyDb, openDb } from './fixture.ts';

let db: Db;
beforeAll(async () => {
  db = await openDb();
});
beforeEach(() => emptyDb(db));
afterAll(() => db.close());

const tick = (second: number) => recordTick(db, { now: at(second), tickMs: 2_000, toleranceMs: 10_000 });

async function ticks(...seconds: number[]): Promise<void> {
  for (const second of seconds) await tick(second);
}

describe('recordTick', () => {
  it('records no absence while we tick, nor at the very first tick', async () => {
    await ticks(0, 2, 4, 14, 16);
    expect(await loadOutages(db, at(0))).toEqual([]);
  });

  it.each([
    ['a restart of 11 s', 11],
    ['an event loop blocked for 40 s', 40],
    ['a clock set forward by an hour', 3_600],
    ['a restart of 2 h', 7_200],
  ])('records %s as our own absence', async (_, length) => {
    await ticks(0, 2);
    expect(await tick(2 + length)).toEqual({ from: at(2), to: at(2 + length) });
    await tick(4 + length);
    expect(await loadOutages(db, at(0))).toEqual([{ from: at(2), to: at(2 + length) }]);
  });

  it('records an absence once when several replicas come back at the same moment', async () => {
    await tick(0);
    const recorded = await Promise.all([tick(60), tick(60), tick(60), tick(61)]);
    expect(recorded.filter((outage) => outage !== null)).toHaveLength(1);
    expect(await loadOutages(db, at(0))).toHaveLength(1);
  });

  it('follows a clock that was set back by an hour, records no absence for it, and notices the next one', async () => {
    await ticks(7_200, 3_600, 3_602, 3_604, 3_606, 3_608, 3_610, 3_612);
    expect(await loadOutages(db, at(0))).toEqual([]);
    await tick(3_700);
    expect(await loadOutages(db, at(0))).toEqual([{ from: at(3_612), to: at(3_700) }]);
  });

  it('cuts off what a clock that was ahead for a while recorded beyond the time when it was set back', async () => {
    await ticks(0, 3_600, 3_602, 2, 4, 6, 8, 10, 12);
    expect(await loadOutages(db, at(0))).toEqual([{ from: at(0), to: at(12) }]);
  });

  it('records no absence when the clocks of two replicas differ by more than the tolerance', async () => {
    for (let second = 0; second < 60; second += 2) await ticks(second + 15, second);
    expect(await loadOutages(db, at(0))).toEqual([]);
  });

  it('loads only absences that ended after a given time', async () => {
    await ticks(0, 60, 62, 120);
    expect(await loadOutages(db, at(60))).toEqual([{ from: at(62), to: at(120) }]);
  });
});
