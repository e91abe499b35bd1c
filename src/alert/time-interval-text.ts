/** Alertmanager's notation of time intervals: its syntax and its refusals, with messages for the person who wrote it. */
import type { Range, TimeInterval, Window } from './time-interval.ts';
import { isZone, localZone } from './zone.ts';

/** One entry of a time interval as Alertmanager's file has it; what is absent fits always. */
export interface WindowText {
  times?: readonly { start_time: string; end_time: string }[] | undefined;
  weekdays?: readonly string[] | undefined;
  days_of_month?: readonly string[] | undefined;
  months?: readonly string[] | undefined;
  years?: readonly string[] | undefined;
  /** An IANA time zone, or `Local`; absent: UTC. */
  location?: string | undefined;
}

/** A text that is no part of a time interval. */
class TimeIntervalError extends Error {
  override readonly name = 'TimeIntervalError';
}

/** In the order of a week, which begins on sunday. */
export const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const months = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
];

const clock = /^(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;

/**
 * Reads a time of day such as `09:30`, at most `24:00`, as minutes.
 * @throws TimeIntervalError
 */
export function parseTime(text: string): number {
  const match = clock.exec(text);
  if (match === null)
    throw new TimeIntervalError('not a time of day such as 09:30, with two digits each; at most 24:00');
  return match[1] === undefined ? 1_440 : Number(match[1]) * 60 + Number(match[2]);
}

/** @throws TimeIntervalError */
export function checkTimes(from: number, to: number): void {
  if (from < to) return;
  throw new TimeIntervalError(
    'must lie after start_time; what goes on past midnight is two times: one until 24:00, and one from 00:00',
  );
}

/** @throws TimeIntervalError */
function parseWeekdays(text: string): Range {
  const range = rangeOf(text, (name) => {
    const day = weekdays.indexOf(name);
    if (day < 0) throw new TimeIntervalError('not a weekday such as monday, or a range such as monday:friday');
    return day;
  });
  return ordered(range, 'a week begins on sunday here, and a range does not go past its end: write two');
}

/** @throws TimeIntervalError */
function parseDaysOfMonth(text: string): Range {
  const range = rangeOf(text, (part) => {
    const day = wholeNumber(part);
    if (day !== null && day !== 0 && Math.abs(day) <= 31) return day;
    throw new TimeIntervalError(
      'not a day from 1 to 31, or from the end of the month -1 to -31, or a range such as 1:5',
    );
  });
  if (range.from < 0 && range.to > 0) {
    throw new TimeIntervalError('a range that begins at the end of the month ends there too: -3:-1');
  }
  // In a month of 28 days, the shortest, `-1` is at least there; what fits no month at all is a slip.
  const least = (day: number) => (day < 0 ? 28 + day : day);
  if (least(range.from) > least(range.to)) throw new TimeIntervalError('the last day lies before the first one');
  return range;
}

/** @throws TimeIntervalError */
function parseMonths(text: string): Range {
  const range = rangeOf(text, (name) => {
    const month = months.indexOf(name) + 1 || wholeNumber(name);
    if (month !== null && month >= 1 && month <= 12) return month;
    throw new TimeIntervalError('not a month such as may or 5, or a range such as may:august');
  });
  return ordered(range, 'a range of months does not go past the end of the year: write two');
}

/** @throws TimeIntervalError */
function parseYears(text: string): Range {
  const range = rangeOf(text, (part) => {
    const year = wholeNumber(part);
    if (year !== null && Math.abs(year) <= 9_999) return year;
    throw new TimeIntervalError('not a year such as 2026, or a range such as 2026:2028');
  });
  return ordered(range, 'the last year lies before the first one');
}

function rangeOf(text: string, member: (part: string) => number): Range {
  const [first, last = first, ...more] = text.toLowerCase().split(':') as [string, ...string[]];
  if (more.length > 0) throw new TimeIntervalError('a range has one colon: first:last');
  return { from: member(first), to: member(last) };
}

function ordered(range: Range, otherwise: string): Range {
  if (range.from > range.to) throw new TimeIntervalError(otherwise);
  return range;
}

function wholeNumber(text: string): number | null {
  return /^[+-]?\d{1,9}$/.test(text) ? Number(text) : null;
}

const nameOf = { weekday: (n: number) => weekdays[n] as string, month: (n: number) => months[n - 1] as string };

function rangeText({ from, to }: Range, name: (n: number) => string = String): string {
  return from === to ? name(from) : `${name(from)}:${name(to)}`;
}

/** The one way in which each kind of entry is written back. */
export const canonical = {
  weekdays: (text: string) => rangeText(parseWeekdays(text), nameOf.weekday),
  days_of_month: (text: string) => rangeText(parseDaysOfMonth(text)),
  months: (text: string) => rangeText(parseMonths(text), nameOf.month),
  years: (text: string) => rangeText(parseYears(text)),
} as const;

/**
 * Reads the entries of a time interval.
 * @throws TimeIntervalError
 */
export function parseTimeInterval(entries: readonly WindowText[]): TimeInterval {
  return entries.map(
    ({ times, location = 'UTC', ...text }): Window => ({
      times: times?.map(timesOf) ?? null,
      weekdays: text.weekdays?.map(parseWeekdays) ?? null,
      daysOfMonth: text.days_of_month?.map(parseDaysOfMonth) ?? null,
      months: text.months?.map(parseMonths) ?? null,
      years: text.years?.map(parseYears) ?? null,
      zone: zoneOf(location),
    }),
  );
}

function zoneOf(location: string): string {
  const zone = location === 'Local' ? localZone() : location;
  if (isZone(zone)) return zone;
  throw new TimeIntervalError('not an IANA time zone such as Asia/Shanghai, UTC, or Local');
}

function timesOf({ start_time, end_time }: { start_time: string; end_time: string }): Range {
  const range = { from: parseTime(start_time), to: parseTime(end_time) };
  checkTimes(range.from, range.to);
  return range;
}
