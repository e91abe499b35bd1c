import { isActive } from '../../src/alert/time-interval.ts';
import { parseTimeInterval } from '../../src/alert/time-interval-text.ts';
import fc from '../support/fast-check.ts';
import { intervalOf, planned } from './intervals.ts';

const minute = 60_000;
const moment = fc.date({ min: new Date('2026-01-01'), max: new Date('2029-01-01'), noInvalidDate: true });

describe('the time intervals around the present', () => {
  it('are in force, or not, as they were planned, for as long as a run takes', () => {
    fc.assert(
      fc.property(planned, moment, (plan, now) => {
        const { time_intervals: entries, inForce } = intervalOf(plan, 'any', now);
        const interval = parseTimeInterval(entries as Parameters<typeof parseTimeInterval>[0]);
        for (const minutes of [0, 1, 20, 59]) {
          expect(isActive(interval, new Date(now.getTime() + minutes * minute))).toBe(inForce);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
