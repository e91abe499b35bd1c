import { dayOf, momentOf, readingAt, weekdayOf } from '../../../src/alert/wall-clock.ts';
import * as fc from '../../support/fast-check.ts';

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const momentText = (zone: string, date: string, time: string) =>
  new Date(momentOf(zone, { day: dayOf(date), minute: minutes(time) })).toISOString();

/** The same as the runtime's own calendar says it. */
const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Shanghai', 'Pacific/Apia'];
const formats = new Map(
  zones.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }),
  ]),
);
const shown = (zone: string, at: number) => formats.get(zone)?.format(at) ?? '';

describe('the moment at which a clock on the wall shows something', () => {
  it.each([
    ['Asia/Shanghai', '2026-03-29', '09:00', '2026-03-29T01:00:00.000Z'],
    ['UTC', '2028-02-29', '23:59', '2028-02-29T23:59:00.000Z'],
    ['Asia/Kathmandu', '2026-01-01', '00:00', '2025-12-31T18:15:00.000Z'],
    ['Europe/Berlin', '2026-03-28', '09:00', '2026-03-28T08:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29', '01:59', '2026-03-29T00:59:00.000Z'],
    // 02:00 to 03:00 is skipped: the end of the gap.
    ['Europe/Berlin', '2026-03-29', '02:00', '2026-03-29T01:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29', '02:30', '2026-03-29T01:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29', '03:00', '2026-03-29T01:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29', '09:00', '2026-03-29T07:00:00.000Z'],
    // 02:00 to 03:00 comes twice: the first.
    ['Europe/Berlin', '2026-10-25', '01:59', '2026-10-24T23:59:00.000Z'],
    ['Europe/Berlin', '2026-10-25', '02:30', '2026-10-25T00:30:00.000Z'],
    ['Europe/Berlin', '2026-10-25', '03:00', '2026-10-25T02:00:00.000Z'],
    ['America/New_York', '2026-03-08', '02:30', '2026-03-08T07:00:00.000Z'],
    ['America/New_York', '2026-03-08', '09:00', '2026-03-08T13:00:00.000Z'],
    ['America/New_York', '2026-11-01', '01:30', '2026-11-01T05:30:00.000Z'],
    ['America/New_York', '2026-11-01', '09:00', '2026-11-01T14:00:00.000Z'],
    // Half an hour, in the southern spring from +10:30 to +11:00.
    ['Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-10-04', '02:30', '2026-10-03T15:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-10-04', '09:00', '2026-10-03T22:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05', '01:45', '2026-04-04T14:45:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05', '02:00', '2026-04-04T15:30:00.000Z'],
    // A day that Samoa did not have: the end of the gap is midnight of the next.
    ['Pacific/Apia', '2011-12-30', '09:00', '2011-12-30T10:00:00.000Z'],
    ['Pacific/Apia', '2011-12-31', '09:00', '2011-12-30T19:00:00.000Z'],
  ])('%s %s %s is %s', (zone, date, time, moment) => {
    expect(momentText(zone, date, time)).toBe(moment);
  });

  it('is the first at which it shows that, or else the first at which it shows more', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: dayOf('2010-01-01'), max: dayOf('2037-12-31') }),
        fc.integer({ min: 0, max: 1_439 }),
        (zone, day, minute) => {
          const at = momentOf(zone, { day, minute });
          const wanted = `${new Date(day * 86_400_000 + minute * 60_000).toISOString().slice(0, 16).replace('T', ' ')}`;
          expect(shown(zone, at) >= wanted).toBe(true);
          expect(shown(zone, at - 1) < wanted).toBe(true);
          if (shown(zone, at) === wanted) expect(readingAt(zone, at)).toEqual({ day, minute });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('knows the days of the week', () => {
    const week = ['2026-01-04', '2026-01-05', '2028-02-29', '1970-01-01', '1969-12-31', '1960-01-01'];
    expect(week.map((date) => weekdayOf(dayOf(date)))).toEqual(
      week.map((date) => new Date(`${date}T00:00:00Z`).getUTCDay()),
    );
  });
});
