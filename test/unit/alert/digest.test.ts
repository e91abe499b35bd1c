import { digestFrom, digestUntil } from '../../../src/alert/digest.ts';
import * as fc from '../../support/fast-check.ts';

const minutes = (times: string) =>
  times.split(' ').map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
const digest = (zone: string, times: string) => ({ zone, minutes: minutes(times) });

describe('the digests of somebody', () => {
  it.each([
    ['Asia/Shanghai', '09:00 17:00', '2026-01-05T00:59:59Z', '2026-01-05T01:00:00Z'],
    ['Asia/Shanghai', '09:00 17:00', '2026-01-05T01:00:00Z', '2026-01-05T01:00:00Z'],
    ['Asia/Shanghai', '09:00 17:00', '2026-01-05T01:00:01Z', '2026-01-05T09:00:00Z'],
    ['Asia/Shanghai', '09:00 17:00', '2026-01-05T09:00:01Z', '2026-01-06T01:00:00Z'],
    ['Asia/Shanghai', '00:00', '2026-01-05T16:00:00Z', '2026-01-05T16:00:00Z'],
    // Nine in the morning stays nine in the morning when the clocks are put forward, and back.
    ['Europe/Berlin', '09:00', '2026-03-28T08:00:01Z', '2026-03-29T07:00:00Z'],
    ['Europe/Berlin', '09:00', '2026-10-24T07:00:01Z', '2026-10-25T08:00:00Z'],
    // 02:30 is skipped: when the clocks have been put forward.
    ['Europe/Berlin', '02:30', '2026-03-28T12:00:00Z', '2026-03-29T01:00:00Z'],
    ['Europe/Berlin', '02:30', '2026-03-29T01:00:01Z', '2026-03-30T00:30:00Z'],
    // 02:30 comes twice: the first.
    ['Europe/Berlin', '02:30', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00Z'],
    ['Europe/Berlin', '02:30', '2026-10-25T00:30:01Z', '2026-10-26T01:30:00Z'],
    ['America/New_York', '01:30 02:30', '2026-03-08T06:30:01Z', '2026-03-08T07:00:00Z'],
    ['America/New_York', '01:30 02:30', '2026-11-01T05:30:01Z', '2026-11-01T07:30:00Z'],
    // Half an hour is skipped, a whole day is, and at midnight the clocks are put back to the day before.
    ['Australia/Lord_Howe', '02:15', '2026-10-03T12:00:00Z', '2026-10-03T15:30:00Z'],
    ['Pacific/Apia', '09:00', '2011-12-29T19:00:01Z', '2011-12-30T10:00:00Z'],
    ['America/Havana', '00:30', '2026-11-01T04:30:01Z', '2026-11-02T05:30:00Z'],
  ])('in %s at %s: after %s comes %s', (zone, times, at, next) => {
    expect(digestFrom(digest(zone, times), new Date(at))).toEqual(new Date(next));
  });

  it('come one after the other, each at a time that the clock on the wall shows, or has just skipped', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'America/Havana'];
    const day = 24 * 3_600_000;
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.uniqueArray(fc.integer({ min: 0, max: 1_439 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: Date.UTC(2011, 0, 1), max: Date.UTC(2030, 0, 1) }),
        (zone, times, ms) => {
          const all = { zone, minutes: times };
          const at = new Date(ms);
          const [last, next] = [digestUntil(all, at), digestFrom(all, at)];
          expect([last <= at, next >= at]).toEqual([true, true]);
          expect(next.getTime() - last.getTime()).toBeLessThanOrEqual(2 * day + 3_600_000);
          const after = digestFrom(all, new Date(last.getTime() + 1));
          if (last < at) expect(after).toEqual(next);
          expect(digestUntil(all, new Date(next.getTime() - 1))).toEqual(
            next > at ? last : digestUntil(all, new Date(ms - 1)),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
