/** From the clock on the wall of a place to moments. Pure. */
import { stretchAt } from './zone.ts';

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;

/** What a wall clock shows. */
export interface Reading {
  /** Days since 1970 on the calendar of the place. */
  day: number;
  /** Minutes since midnight, as the clock shows them. */
  minute: number;
}

/** What the clocks of a zone show at a moment, in milliseconds since 1970. */
export function readingAt(zone: string, at: number): Reading {
  const local = at + stretchAt(zone, at).offset;
  const day = Math.floor(local / dayMs);
  return { day, minute: Math.floor((local - day * dayMs) / minuteMs) };
}

/** No place is further from UTC, and no clock was ever put back by more. */
const furthestMs = 2 * dayMs;

/**
 * The first moment at which the clocks of a zone show this or later, in milliseconds since 1970. So a reading that is skipped in
 * spring is the moment at which the clocks have been put forward, and of one that comes twice in autumn it is the first.
 */
export function momentOf(zone: string, { day, minute }: Reading): number {
  const local = day * dayMs + minute * minuteMs;
  for (let from = local - furthestMs; ; ) {
    const { offset, until } = stretchAt(zone, from);
    const at = Math.max(from, local - offset);
    if (at < until) return at;
    from = until;
  }
}

/** A date such as `2026-01-05`, which must be one, as days since 1970. */
export function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / dayMs;
}

/** Sunday is 0. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}
