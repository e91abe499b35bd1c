import fc from 'fast-check';
import { countAt, emptyTimeline } from '../../../src/backtest/timeline.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const to = new Date('2026-01-05T08:20:00Z');
const ago = (ms: number) => new Date(to.getTime() - ms);

describe('the timeline of a backtest', () => {
  it.each([
    ['an hour', hourMs, 60_000, '2026-01-05T07:20:00Z'],
    ['a day', dayMs, 15 * 60_000, '2026-01-04T08:15:00Z'],
    ['a week', 7 * dayMs, hourMs, '2025-12-29T08:00:00Z'],
    ['a fortnight', 14 * dayMs, 2 * hourMs, '2025-12-22T08:00:00Z'],
    ['a year', 366 * dayMs, 48 * hourMs, '2025-01-04T00:00:00Z'],
  ])('has parts of %s that begin when those of a clock do', (_, spanMs, stepMs, startsAt) => {
    expect(emptyTimeline(ago(spanMs), to)).toMatchObject({ stepMs, startsAt: new Date(startsAt) });
  });

  it('counts each message in one of at most 200 parts', () => {
    const times = fc.tuple(
      fc.integer({ min: 60_000, max: 366 * dayMs }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
    );
    fc.assert(
      fc.property(times, ([spanMs, shares]) => {
        const timeline = emptyTimeline(ago(spanMs), to);
        const parts = timeline.messages.length;
        for (const share of shares) countAt(timeline, ago(Math.round(spanMs * share)));
        expect(parts).toBeLessThanOrEqual(200);
        expect(timeline.messages).toHaveLength(parts);
        expect(timeline.messages.reduce((sum, n) => sum + n, 0)).toBe(shares.length);
      }),
    );
  });
});
