/**
 * Time intervals that certainly are in force now, or certainly are not, for longer than a run takes: a real Alertmanager has the
 * clock on the wall, and nobody can turn it.
 */
import * as fc from '../support/fast-check.ts';

/** A time interval as the file has it. */
export interface Interval {
  name: string;
  time_intervals: Record<string, unknown>[];
  inForce: boolean;
}

const minute = 60_000;
/** For so long it has to stay as it is. */
const holdsMs = 60 * minute;

const fields = ['times', 'weekdays', 'days_of_month', 'months', 'years'] as const;
type Field = (typeof fields)[number];

/** UTC when there is none. Zones with whole hours, half hours and shifts of half an hour, on both sides of UTC. */
const locations = ['Asia/Shanghai', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Europe/Berlin', 'UTC'];

/** What an entry is to be: of each of these fields, whether the present fits it. */
interface Entry {
  location: string | null;
  fits: Partial<Record<Field, boolean>>;
}

const entry: fc.Arbitrary<Entry> = fc.record({
  location: fc.option(fc.constantFrom(...locations)),
  fits: fc.record(
    Object.fromEntries(fields.map((field) => [field, fc.constantFrom(true, true, false)])) as Record<
      Field,
      fc.Arbitrary<boolean>
    >,
    { requiredKeys: [] },
  ),
});

/** What a time interval is to be: one of its entries has to fit. */
export const planned: fc.Arbitrary<Entry[]> = fc.array(entry, { minLength: 1, maxLength: 2 });

/** Makes a planned time interval for the present. */
export function intervalOf(plan: readonly Entry[], name: string, now: Date): Interval {
  return {
    name,
    time_intervals: plan.map((one) => entryOf(one, now)),
    inForce: plan.some(({ fits }) => Object.values(fits).every(Boolean)),
  };
}

function entryOf({ location, fits }: Entry, now: Date): Record<string, unknown> {
  const moments = [now, new Date(now.getTime() + holdsMs)].map((at) => readingIn(location ?? 'UTC', at));
  const made = fields.flatMap((field) => {
    const fit = fits[field];
    return fit === undefined ? [] : [[field, makers[field](moments, fit)] as const];
  });
  return { ...Object.fromEntries(made), ...(location === null ? {} : { location }) };
}

/** The clock on a wall. */
interface Reading {
  year: number;
  /** From 1 on. */
  month: number;
  day: number;
  /** Sunday is 0. */
  weekday: number;
  /** Since midnight. */
  minutes: number;
}

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

function readingIn(timeZone: string, at: Date): Reading {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, year: 'numeric', month: 'numeric', day: 'numeric', weekday: 'long' },
    ...{ hour: 'numeric', minute: 'numeric', hourCycle: 'h23' },
  }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return {
    ...{ year: Number(part('year')), month: Number(part('month')), day: Number(part('day')) },
    weekday: weekdays.indexOf(part('weekday').toLowerCase()),
    minutes: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

/** Of a field, what fits all of the readings, or none of them. */
const makers: Readonly<Record<Field, (of: readonly Reading[], fit: boolean) => unknown[]>> = {
  times: ([first], fit) => timesAround(first?.minutes ?? 0, fit),
  weekdays: (of, fit) =>
    outOf(
      [0, 1, 2, 3, 4, 5, 6],
      of.map((r) => r.weekday),
      fit,
    ).map((n) => weekdays[n]),
  days_of_month: (of, fit) =>
    outOf(
      upTo(28),
      of.map((r) => r.day),
      fit,
    ).map(String),
  months: (of, fit) =>
    outOf(
      upTo(12),
      of.map((r) => r.month),
      fit,
    ).map(String),
  years: (of, fit) =>
    fit ? [`${Math.min(...of.map((r) => r.year))}:${Math.max(...of.map((r) => r.year))}`] : ['2001:2005'],
};

function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}

/** The values that are now with every other one beside them, or every other one without those that are now. */
function outOf(all: readonly number[], now: readonly number[], fit: boolean): number[] {
  const others = all.filter((n) => !now.includes(n) && n % 2 === 0);
  return fit ? [...new Set([...now, ...others])] : others;
}

const day = 24 * 60;

/** From well before a time of day until well after it, or far away from it; two ranges where midnight lies between. */
function timesAround(minutes: number, fit: boolean): unknown[] {
  const [from, to] = fit ? [minutes - 90, minutes + 180] : [minutes + 300, minutes + 900];
  return [-day, 0, day]
    .map((shift) => [Math.max(0, from - shift), Math.min(day, to - shift)] as const)
    .filter(([start, end]) => start < end)
    .map(([start, end]) => ({ start_time: clockOf(start), end_time: clockOf(end) }));
}

function clockOf(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((n) => String(n).padStart(2, '0')).join(':');
}
