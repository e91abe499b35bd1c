/**
 * Whose turn it is in one layer of a schedule. Hand-overs go by the clock on the wall: one at 09:00 is at 09:00 every day,
 * so a turn in which the clocks are put forward or back is shorter or longer than the others. Pure.
 */
import { momentOf, readingAt, weekdayOf } from './wall-clock.ts';

/** How one layer goes round. */
export interface Rotation {
  /** Names of contacts, at least one, in the order of their turns. */
  contacts: readonly string[];
  /** A turn is so many days. */
  days: number;
  /** Of the hand-over, in minutes since midnight. */
  minute: number;
  /** Of the hand-over, Sunday being 0, where turns are whole weeks; null: any. */
  weekday: number | null;
  /** The day since 1970 with whose hand-over the first turn begins. */
  starts: number;
}

/** A stretch of time that belongs to one contact. */
export interface Turn {
  contact: string;
  /** Milliseconds since 1970, the first that belongs to it. */
  from: number;
  /** The first that no longer does. */
  until: number;
}

/** When a rotation begins. */
export function beginningOf(zone: string, { starts: day, minute }: Rotation): number {
  return momentOf(zone, { day, minute });
}

/**
 * The turn that a moment lies in; null before the first one begins. With a hand-over weekday that is not that of the first day,
 * the first turn is shorter: it ends as if it had begun on that weekday.
 */
export function turnAt(zone: string, rotation: Rotation, at: number): Turn | null {
  const begins = beginningOf(zone, rotation);
  if (at < begins) return null;
  const { contacts, days, minute } = rotation;
  const first = firstHandOver(rotation);
  const beginOf = (n: number) => momentOf(zone, { day: first + n * days, minute });
  let n = Math.floor((readingAt(zone, at).day - first) / days);
  // On the day of the hand-over it may still be to come; where a whole day was skipped, two of them are one moment.
  while (beginOf(n) > at) n -= 1;
  while (beginOf(n + 1) <= at) n += 1;
  return {
    contact: contacts[n % contacts.length] as string,
    from: Math.max(begins, beginOf(n)),
    until: beginOf(n + 1),
  };
}

/** The day of the hand-over with which the first turn begins, or would have begun. */
function firstHandOver({ starts, weekday }: Rotation): number {
  return weekday === null ? starts : starts - ((weekdayOf(starts) - weekday + 7) % 7);
}
