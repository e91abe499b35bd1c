import { lastDaily, nextDaily } from '../../../src/alert/daily.ts';

const time = (zone: string, text: string) => ({
  zone,
  minute: Number(text.slice(0, 2)) * 60 + Number(text.slice(3)),
});

describe('a daily message', () => {
  it.each([
    // zone, time of day, now, when it was due, the day that it belongs to, the day that it counts
    ['Asia/Shanghai', '09:00', '2026-01-05T01:00:00Z', '2026-01-05T01:00:00Z', '2026-01-05', '2026-01-04'],
    ['Asia/Shanghai', '09:00', '2026-01-05T12:59:59Z', '2026-01-05T01:00:00Z', '2026-01-05', '2026-01-04'],
    // Past midnight it is still that of the day before.
    ['Asia/Shanghai', '22:00', '2026-01-05T17:00:00Z', '2026-01-05T14:00:00Z', '2026-01-05', '2026-01-04'],
    // Nine in the morning stays nine in the morning when the clocks are put forward, and back.
    ['Europe/Berlin', '09:00', '2026-03-28T08:00:00Z', '2026-03-28T08:00:00Z', '2026-03-28', '2026-03-27'],
    ['Europe/Berlin', '09:00', '2026-03-29T07:00:00Z', '2026-03-29T07:00:00Z', '2026-03-29', '2026-03-28'],
    ['Europe/Berlin', '09:00', '2026-10-25T08:00:00Z', '2026-10-25T08:00:00Z', '2026-10-25', '2026-10-24'],
    // 02:30 is skipped: when the clocks have been put forward.
    ['Europe/Berlin', '02:30', '2026-03-29T01:00:00Z', '2026-03-29T01:00:00Z', '2026-03-29', '2026-03-28'],
    // 02:30 comes twice: the first, and the second is of the same day.
    ['Europe/Berlin', '02:30', '2026-10-25T00:30:00Z', '2026-10-25T00:30:00Z', '2026-10-25', '2026-10-24'],
    ['Europe/Berlin', '02:30', '2026-10-25T01:30:00Z', '2026-10-25T00:30:00Z', '2026-10-25', '2026-10-24'],
  ])('in %s at %s: at %s the last was due at %s, of %s', (zone, text, now, at, date, before) => {
    expect(lastDaily(time(zone, text), new Date(now))).toMatchObject({
      at: new Date(at),
      date,
      before: { date: before },
    });
  });

  it.each(['2026-01-05T00:59:59Z', '2026-01-05T13:00:00Z'])(
    'is not due before its time, nor made up for after half a day: %s',
    (now) => {
      expect(lastDaily(time('Asia/Shanghai', '09:00'), new Date(now))).toBeNull();
    },
  );

  it('counts a day of the calendar, also one of 23 or 25 hours', () => {
    const hoursOf = (now: string) => {
      const { from, to } = lastDaily(time('Europe/Berlin', '09:00'), new Date(now))!.before;
      return (to.getTime() - from.getTime()) / 3_600_000;
    };
    const after = ['2026-03-29T08:00:00Z', '2026-03-30T08:00:00Z', '2026-10-26T09:00:00Z'];
    expect(after.map(hoursOf)).toEqual([24, 23, 25]);
  });

  it('comes next later than now', () => {
    const nine = time('Asia/Shanghai', '09:00');
    expect(nextDaily(nine, new Date('2026-01-05T00:59:59Z'))).toEqual(new Date('2026-01-05T01:00:00Z'));
    expect(nextDaily(nine, new Date('2026-01-05T01:00:00Z'))).toEqual(new Date('2026-01-06T01:00:00Z'));
  });
});
