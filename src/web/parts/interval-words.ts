/** Time intervals as people say them: `every Tuesday, 02:00–04:00 (Asia/Shanghai)`. */
import type { TimeWindow } from '../client/types.ts';
import type { Text } from '../text/en.ts';

/** In Alertmanager's order. */
export const weekdays: readonly string[] = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');

const months = 'january february march april may june july august september october november december'.split(' ');

/** The name of a day of the week; the first of November 2026 is a Sunday. */
export function dayName(day: string, tag: string): string {
  const at = weekdays.indexOf(day);
  const format = new Intl.DateTimeFormat(tag, { weekday: 'long', timeZone: 'UTC' });
  return at < 0 ? day : format.format(Date.UTC(2026, 10, 1 + at));
}

function monthName(month: string, tag: string): string {
  const at = months.indexOf(month);
  const format = new Intl.DateTimeFormat(tag, { month: 'long', timeZone: 'UTC' });
  return at < 0 ? month : format.format(Date.UTC(2026, at, 1));
}

/** `monday:friday` as `Monday–Friday`. */
function ranges(texts: readonly string[], name: (text: string) => string, tag: string): string {
  const list = new Intl.ListFormat(tag);
  return list.format(texts.map((text) => text.split(':').map(name).join('–')));
}

const same = (text: string) => text;

/** One entry in words. Pure. */
export function windowWords(window: TimeWindow, { intervals: words, tag }: Text): string {
  const { times, weekdays: days, days_of_month: dates, months: inMonths, years, location = 'UTC' } = window;
  const day = (text: string) => dayName(text, tag);
  const month = (text: string) => monthName(text, tag);
  const parts = [
    ...(days === undefined ? [] : [words.on(ranges(days, day, tag))]),
    ...(dates === undefined ? [] : [words.dates(ranges(dates, same, tag))]),
    ...(days === undefined && dates === undefined ? [words.everyDay] : []),
    ...(inMonths === undefined ? [] : [words.inMonths(ranges(inMonths, month, tag))]),
    ...(years === undefined ? [] : [words.inYears(ranges(years, same, tag))]),
    times === undefined ? words.allDay : times.map((time) => `${time.start_time}–${time.end_time}`).join(', '),
  ];
  return words.words(parts, location);
}
