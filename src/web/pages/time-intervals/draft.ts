/** What the form of a time interval holds, and the body that it makes. Pure. */
import type { TimeInterval, TimeWindow } from '../../client/types.ts';
import { weekdays } from '../../parts/interval-words.ts';

export interface TimeRow {
  key: number;
  start: string;
  end: string;
}

export interface Entry {
  key: number;
  days: string[];
  times: TimeRow[];
  zone: string;
  dates: string;
  months: string;
  years: string;
}

export interface IntervalFields {
  name: string;
  entries: Entry[];
}

export function newEntry(key: number, zone: string): Entry {
  return { key, days: [], times: [], zone, dates: '', months: '', years: '' };
}

/** `monday:friday` as five days. */
function daysOf(ranges: readonly string[]): string[] {
  return ranges.flatMap((text) => {
    const [from = '', to = from] = text.split(':');
    const at = (day: string) => weekdays.indexOf(day);
    return weekdays.slice(at(from), at(to) + 1);
  });
}

/** Days that follow each other as one range; a week begins on Sunday. */
function rangesOf(days: readonly string[]): string[] {
  const ranges: { from: string; to: string }[] = [];
  for (const [at, day] of weekdays.entries()) {
    if (!days.includes(day)) continue;
    const last = ranges.at(-1);
    if (last !== undefined && last.to === weekdays[at - 1]) last.to = day;
    else ranges.push({ from: day, to: day });
  }
  return ranges.map(({ from, to }) => (from === to ? from : `${from}:${to}`));
}

/** The entries as they are edited. */
export function entriesOf(windows: readonly TimeWindow[]): Entry[] {
  return windows.map(
    (window, key): Entry => ({
      key,
      days: daysOf(window.weekdays ?? []),
      times: (window.times ?? []).map(({ start_time, end_time }, at) => ({
        key: at,
        start: start_time,
        end: end_time,
      })),
      zone: window.location ?? 'UTC',
      dates: (window.days_of_month ?? []).join(', '),
      months: (window.months ?? []).join(', '),
      years: (window.years ?? []).join(', '),
    }),
  );
}

export function fieldsOf({ name, time_intervals }: TimeInterval): IntervalFields {
  return { name, entries: entriesOf(time_intervals) };
}

const listed = (text: string) =>
  text
    .split(/[,，、]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** What is empty fits always, and is left out. */
function some<K extends string, T>(key: K, list: readonly T[]): Partial<Record<K, readonly T[]>> {
  return list.length === 0 ? {} : ({ [key]: list } as Record<K, readonly T[]>);
}

/** An entry as the API takes it. */
export function windowOf({ days, times, zone, dates, months, years }: Entry): TimeWindow {
  return {
    ...some(
      'times',
      times.map(({ start, end }) => ({ start_time: start.trim(), end_time: end.trim() })),
    ),
    ...some('weekdays', rangesOf(days)),
    ...some('days_of_month', listed(dates)),
    ...some('months', listed(months)),
    ...some('years', listed(years)),
    location: zone,
  } as TimeWindow;
}

export function bodyOf({ name, entries }: IntervalFields): { name: string; time_intervals: TimeWindow[] } {
  return { name: name.trim(), time_intervals: entries.map(windowOf) };
}
