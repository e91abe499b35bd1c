import { afterBegin, calm, type Slots, slotsAt, stormAt } from '../../../src/pipeline/converge/storm.ts';

const minute = 60_000;
const start = Date.UTC(2026, 0, 5, 8);
const at = (minutes: number) => new Date(start + minutes * minute);
const slots: Slots = { alerts: 100, withinMs: 5 * minute, intervalMs: 10 * minute, groupWaitMs: 30_000 };
const begun = (...all: [minutes: number, alerts: number][]) =>
  all.reduce(
    (state, [minutes, alerts]) => afterBegin(state, { alerts, since: at(minutes - 0.5) }, slots, at(minutes)),
    calm,
  );

describe('a storm', () => {
  it('begins when more than so many alerts have begun within the time, and counts all of them', () => {
    expect(begun([0, 60], [4, 40])).toMatchObject({ beganAt: null });
    expect(begun([0, 60], [4, 41])).toMatchObject({ beganAt: at(4), alerts: 101 });
    expect(begun([0, 60], [4, 41], [6, 1000])).toMatchObject({ beganAt: at(4), alerts: 1101 });
  });

  it('does not begin by what came longer ago', () => {
    expect(begun([0, 100], [5, 100], [10, 100])).toMatchObject({ beganAt: null });
  });

  it('begins wherever many that come one by one cross the number', () => {
    const each = Array.from({ length: 101 }, (_, n): [number, number] => [n / 100, 1]);
    expect(begun(...each.slice(0, 100)).beganAt).toBeNull();
    expect(begun(...each).beganAt).toEqual(at(1));
  });

  it('is told of when what made it one has waited for group_wait, and then once in each interval', () => {
    expect(begun([4, 101]).firstAt).toEqual(at(4));
    expect(afterBegin(calm, { alerts: 101, since: at(4) }, slots, at(4.1)).firstAt).toEqual(at(4.5));
    expect(slotsAt(at(4.5), slots.intervalMs, at(4.2))).toEqual({ last: null, next: at(4.5) });
    expect(slotsAt(at(4.5), slots.intervalMs, at(4.5))).toEqual({ last: at(4.5), next: at(14.5) });
    expect(slotsAt(at(4.5), slots.intervalMs, at(26))).toEqual({ last: at(24.5), next: at(34.5) });
  });

  it('is over at the first message before which no more than usual began', () => {
    const storm = begun([4, 101]);
    expect(stormAt(storm, slots, at(13.9))).toMatchObject({ endedAt: null });
    expect(stormAt(storm, slots, at(14))).toMatchObject({ beganAt: at(4), endedAt: at(14) });
    const long = begun([4, 101], [10, 101]);
    expect(stormAt(long, slots, at(14))).toMatchObject({ endedAt: null });
    expect(stormAt(long, slots, at(100))).toMatchObject({ beganAt: at(4), endedAt: at(24) });
  });

  it('is followed by another one, whose alerts are counted anew', () => {
    expect(begun([4, 101], [60, 1], [61, 100])).toMatchObject({ beganAt: at(61), endedAt: null, alerts: 101 });
  });

  it('keeps what it needs to know and no more, however long it lasts', () => {
    const week = Array.from({ length: 7 * 24 * 60 }, (_, n): [number, number] => [n, 30]);
    const { recent, alerts, beganAt } = begun(...week);
    expect(recent.length).toBeLessThan(25);
    expect(beganAt).toEqual(at(3));
    expect(alerts).toBe(30 * week.length);
  });
});
