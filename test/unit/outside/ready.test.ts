import { type ReadyParts, whyNotReady } from '../../../src/outside/ready.ts';

const now = new Date('2026-03-01T08:00:00Z');
const fine: ReadyParts = {
  stopping: () => false,
  prove: async () => null,
  tickedAt: () => new Date(now.getTime() - 2_000),
  now: () => now,
};

describe('a replica', () => {
  it.for<[string, Partial<ReadyParts>, string | null]>([
    ['is ready when the database takes a write and the schedule ticks', {}, null],
    ['is not while it stops, whatever the database says', { stopping: () => true }, 'it is stopping'],
    [
      'says what the database has',
      { prove: async () => 'the database is read-only', tickedAt: () => new Date(0) },
      'the database is read-only',
    ],
    [
      'says since when the schedule has not ticked',
      { tickedAt: () => new Date(now.getTime() - 31_000) },
      'the schedule has not ticked for 31 s',
    ],
    ['bears with a slow tick', { tickedAt: () => new Date(now.getTime() - 30_000) }, null],
    ['has no schedule that could have stopped where somebody else drives it', { tickedAt: () => null }, null],
  ])('%s', async ([, facts, expected]) => {
    expect(await whyNotReady({ ...fine, ...facts })).toBe(expected);
  });
});
