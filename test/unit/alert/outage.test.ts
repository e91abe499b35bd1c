import { observedMs } from '../../../src/alert/outage.ts';
import fc from '../../support/fast-check.ts';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 5, 8) + second * 1_000);
const outage = (from: number, to: number) => ({ from: at(from), to: at(to) });

describe('observedMs', () => {
  it('is the whole length when we were always there', () => {
    expect(observedMs(at(0), at(60), [])).toBe(60_000);
  });

  it('leaves out an absence inside, and only the part of one that reaches in', () => {
    expect(observedMs(at(0), at(60), [outage(10, 20)])).toBe(50_000);
    expect(observedMs(at(0), at(60), [outage(-10, 20)])).toBe(40_000);
    expect(observedMs(at(0), at(60), [outage(50, 90)])).toBe(50_000);
    expect(observedMs(at(0), at(60), [outage(-10, 90)])).toBe(0);
  });

  it('takes nothing off for absences that lie outside', () => {
    expect(observedMs(at(0), at(60), [outage(-20, 0), outage(60, 90)])).toBe(60_000);
  });

  it('takes overlapping absences off once', () => {
    expect(observedMs(at(0), at(60), [outage(20, 40), outage(10, 30), outage(25, 28)])).toBe(30_000);
  });

  it('is 0 from a time in the future', () => {
    expect(observedMs(at(60), at(0), [outage(10, 20)])).toBe(0);
  });

  it('counts exactly the seconds that no absence covers', () => {
    const interval = fc.tuple(fc.integer({ min: -20, max: 80 }), fc.nat({ max: 40 }));
    fc.assert(
      fc.property(fc.array(interval), fc.integer({ min: 0, max: 60 }), (intervals, end) => {
        const outages = intervals.map(([from, length]) => outage(from, from + length));
        const seconds = Array.from({ length: end }, (_, second) => at(second));
        const seen = seconds.filter((second) => !outages.some((o) => o.from <= second && second < o.to));
        expect(observedMs(at(0), at(end), outages)).toBe(seen.length * 1_000);
      }),
    );
  });
});
