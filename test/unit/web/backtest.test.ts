import type { Comparison, Receiver } from '../../../src/web/client/backtest-types.ts';
import { changesNothing, columnsOf, knownPart, peakOf, silencedOf } from '../../../src/web/pages/backtests/figures.ts';

const both = (before: number, after = before) => ({ before, after });
const timeline = {
  ...{ starts_at: '2026-01-05T08:00:00.000Z', step_ms: 3_600_000 },
  ...{ before: [0, 3, 1, 3], after: [2, 2, 0, 0] },
};
const unchanged: Comparison = {
  ...{ messages: both(7), incidents: both(3), limited: both(0) },
  timeline: { ...timeline, after: timeline.before },
  receivers: [
    {
      ...{ name: 'ann', channel: 'email', kind: 'person', stops: false },
      ...{ messages: both(7), reminders: both(1), limited: both(0) },
    },
  ],
  criticals: { told: both(1), later: 0, never: 0, sooner: 0, examples: [] },
};

describe('the figures of a backtest', () => {
  it.each<[string, Partial<Comparison>]>([
    ['messages', { messages: both(7, 8) }],
    ['the time of a message', { timeline }],
    ['the time of a critical alert', { criticals: { ...unchanged.criticals, later: 1 } }],
    ['who gets them', { receivers: unchanged.receivers.map((one) => ({ ...one, reminders: both(1, 0) })) }],
  ])('say that something changes when %s changes', (_, change) => {
    expect(changesNothing(unchanged)).toBe(true);
    expect(changesNothing({ ...unchanged, ...change })).toBe(false);
  });

  it('name the first of the busiest parts', () => {
    const from = Date.parse('2026-01-05T09:00:00Z');
    expect(peakOf(timeline, timeline.before)).toEqual({ messages: 3, from, to: from + 3_600_000 });
    expect(peakOf(timeline, [0, 0, 0, 0])).toBeNull();
  });

  it('tell who gets nothing at all from who gets nothing on one channel', () => {
    const receiver = (name: string, channel: string, after: number): Receiver => ({
      ...{ name, channel, kind: 'person', messages: both(5, after), stops: after === 0 },
      ...{ reminders: both(0), limited: both(0) },
    });
    const all = [receiver('ann', 'email', 0), receiver('ann', 'wecom-app', 0), receiver('ben', 'email', 0)];
    expect([...silencedOf([...all, receiver('ben', 'wecom-app', 2)])]).toEqual(['person ann']);
  });

  it('are drawn from where anything is known', () => {
    const known = { starts_at: '2026-01-05T10:00:00.000Z', step_ms: 3_600_000, before: [1, 3], after: [0, 0] };
    expect(knownPart(timeline, '2026-01-05T10:59:00Z')).toEqual(known);
    expect(knownPart(timeline, '2025-12-31T00:00:00Z')).toEqual(timeline);
    expect(knownPart(timeline, '2026-01-07T00:00:00Z').before).toEqual([3]);
    expect(knownPart(timeline, null)).toEqual(timeline);
  });

  it('are drawn until the last part ends', () => {
    const first = Date.parse('2026-01-05T08:00:00Z') / 1_000;
    expect(columnsOf(timeline)).toEqual([
      [0, 1, 2, 3, 4].map((hours) => first + hours * 3_600),
      [0, 3, 1, 3, 3],
      [2, 2, 0, 0, 0],
    ]);
  });
});
