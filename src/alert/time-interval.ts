/**
 * Alertmanager's time intervals: whether one is active, and when that changes. What counts is the wall clock of the
 * interval's place, so an hour that is skipped in spring is never active, and one that comes twice in autumn is so twice.
 */
import { stretchAt } from './zone.ts';

/** Both ends belong to it. */
export interface Range {
  from: number;
  to: number;
}

/** One of the entries of a time interval: all that it names must fit; null fits always. */
export interface Window {
  /** Minutes of the day; here `to` does not belong to it. */
  times: readonly Range[] | null;
  /** Sunday is 0. */
  weekdays: readonly Range[] | null;
  /** From 1; negative ones count from the end of the month, the last day being -1. */
  daysOfMonth: readonly Range[] | null;
  /** January is 1. */
  months: readonly Range[] | null;
  years: readonly Range[] | null;
  /** An IANA time zone. */
  zone: string;
}

/** It is active when one of its windows is. */
export type TimeInterval = readonly Window[];

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
const wholeDay: readonly Range[] = [{ from: 0, to: 1_440 }];

/** How far ahead {@link nextChange} looks of itself: ten years, which hold every date but those that few live to see. */
const horizonMs = 3_653 * dayMs;

/** Whether an interval is active at a moment. */
export function isActive(interval: TimeInterval, at: Date): boolean {
  return activeAt(interval, at.getTime());
}

/**
 * The next moment at which an interval begins or ceases to be active; null when there is none before `until`, at most ten
 * years ahead.
 */
export function nextChange(interval: TimeInterval, at: Date, until: Date | null = null): Date | null {
  const from = at.getTime();
  const end = Math.min(from + horizonMs, until?.getTime() ?? Number.POSITIVE_INFINITY);
  const places = [...new Set(interval.map((w) => w.zone))].map((zone) => ({
    zone,
    windows: interval.filter((w) => w.zone === zone),
  }));
  const next = activeAt(interval, from)
    ? endOf(places, from, end)
    : Math.min(end, ...places.map((place) => changeIn(place, from, end)));
  return next < end ? new Date(next) : null;
}

/** The windows of an interval that go by the same clock. */
interface Place {
  zone: string;
  windows: readonly Window[];
}

/** More hand-overs from one place to another are not followed: what goes on for so long goes on. */
const handOvers = 2_000;

/** It goes on for as long as one place takes over from another; of several the one that goes on for longest. */
function endOf(places: readonly Place[], from: number, end: number): number {
  let at = from;
  for (let n = 0; at < end && n < handOvers; n++) {
    const active = places.filter(({ windows }) => activeAt(windows, at));
    if (active.length === 0) return at;
    at = Math.max(...active.map((place) => changeIn(place, at, end)));
  }
  return end;
}

/** What is known of an interval around a moment. */
export interface Span {
  active: boolean;
  /** When that changes; null: not as far as was looked. */
  until: Date | null;
}

const spans = new WeakMap<TimeInterval, Span & { from: number; to: number; end: number | undefined }>();

/** The same as {@link isActive} and {@link nextChange}, remembered: thousands of alerts ask for the same moment. */
export function spanAt(interval: TimeInterval, at: Date, end: Date | null = null): Span {
  const known = spans.get(interval);
  const ms = at.getTime();
  if (known !== undefined && ms >= known.from && ms < known.to && known.end === end?.getTime()) return known;
  const until = nextChange(interval, at, end);
  const to = (until ?? end)?.getTime() ?? ms + dayMs;
  const span = { active: isActive(interval, at), until, from: ms, to, end: end?.getTime() };
  spans.set(interval, span);
  return span;
}

function activeAt(interval: TimeInterval, ms: number): boolean {
  return interval.some((window) => {
    const local = ms + stretchAt(window.zone, ms).offset;
    const day = Math.floor(local / dayMs);
    return fits(window, dateOf(day)) && holds(window.times ?? wholeDay, Math.floor((local - day * dayMs) / minuteMs));
  });
}

/** The first change that the windows of one place make after `from`, `end` when there is none before. */
function changeIn({ zone, windows }: Place, from: number, end: number): number {
  const was = activeAt(windows, from);
  for (let at = from; at < end; ) {
    if (at > from && activeAt(windows, at) !== was) return at;
    const { offset, until } = stretchAt(zone, at);
    const found = wallClockChange(windows, was, { after: at + offset, before: Math.min(until, end) + offset });
    if (found !== null) return found - offset;
    at = until;
  }
  return end;
}

/** The first change between two readings of a wall clock that nobody puts back or forward meanwhile. */
function wallClockChange(
  windows: readonly Window[],
  was: boolean,
  { after, before }: { after: number; before: number },
): number | null {
  for (let day = Math.floor(after / dayMs); day * dayMs < before; day++) {
    const times = timesOf(windows, dateOf(day));
    // The end of a day is looked at as the beginning of the next one.
    const begins = { minute: 0, active: times[0]?.from === 0 };
    const changes = times.flatMap(({ from, to }) => [
      { minute: from, active: true },
      { minute: to, active: false },
    ]);
    for (const { minute, active } of [begins, ...changes]) {
      const at = day * dayMs + minute * minuteMs;
      if (minute < 1_440 && active !== was && at > after && at < before) return at;
    }
  }
  return null;
}

/**
 * The same times in order, without overlaps and without gaps of no length. Counted minute by minute: hundreds of entries
 * with dozens of times each would take long to sort for every day of ten years.
 */
function merged(times: readonly Range[]): readonly Range[] {
  if (times.length < 2) return times;
  const steps = new Int32Array(1_441);
  for (const { from, to } of times) {
    steps[from] = (steps[from] ?? 0) + 1;
    steps[to] = (steps[to] ?? 0) - 1;
  }
  const apart: Range[] = [];
  let [active, began] = [0, 0];
  for (const [minute, step] of steps.entries()) {
    if (active === 0 && step > 0) began = minute;
    if (active > 0 && active + step === 0) apart.push({ from: began, to: minute });
    active += step;
  }
  return apart;
}

function holds(times: readonly Range[], minute: number): boolean {
  return times.some(({ from, to }) => minute >= from && minute < to);
}

/** A day of the calendar. */
interface CalendarDay {
  year: number;
  month: number;
  weekday: number;
  day: number;
  /** How many days its month has. */
  of: number;
}

/** A day that is counted in days since 1970. */
function dateOf(days: number): CalendarDay {
  const date = new Date(days * dayMs);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const of = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return { year, month: month + 1, weekday: date.getUTCDay(), day: date.getUTCDate(), of };
}

/** When windows are active on a day. */
function timesOf(windows: readonly Window[], date: CalendarDay): readonly Range[] {
  const fitting = windows.filter((window) => fits(window, date));
  if (fitting.some(({ times }) => times === null)) return wholeDay;
  return merged(fitting.flatMap(({ times }) => times ?? []));
}

function fits({ weekdays, daysOfMonth, months, years }: Window, date: CalendarDay): boolean {
  return (
    within(years, date.year) &&
    within(months, date.month) &&
    within(weekdays, date.weekday) &&
    (daysOfMonth === null || daysOfMonth.some((range) => hasDay(range, date)))
  );
}

function within(ranges: readonly Range[] | null, value: number): boolean {
  return ranges === null || ranges.some(({ from, to }) => value >= from && value <= to);
}

function hasDay({ from, to }: Range, { day, of }: CalendarDay): boolean {
  const dayOf = (n: number) => (n < 0 ? of + n + 1 : n);
  return day >= dayOf(from) && day <= dayOf(to);
}
