/** When somebody wants to be told what is not critical: at times of day, by the clock on the wall of their place. Pure. */
import { momentOf, readingAt } from './wall-clock.ts';

/** The times of somebody's digests. */
export interface Digest {
  /** An IANA time zone. */
  zone: string;
  /** Minutes since midnight, at least one. */
  minutes: readonly number[];
}

/**
 * The first digest at a moment or after it. A time that is skipped in spring is the moment at which the clocks have been put
 * forward; one that comes twice in autumn is the first of them, so a day has each of its digests once.
 */
export function digestFrom(digest: Digest, at: Date): Date {
  return new Date(Math.min(...around(digest, at).filter((time) => time >= at.getTime())));
}

/** The last digest at a moment or before it. */
export function digestUntil(digest: Digest, at: Date): Date {
  return new Date(Math.max(...around(digest, at).filter((time) => time <= at.getTime())));
}

/** From the day before to two days later: where clocks are put back over midnight, the digests of the next day may be over. */
const nearbyDays = [-1, 0, 1, 2];

function around({ zone, minutes }: Digest, at: Date): number[] {
  const { day } = readingAt(zone, at.getTime());
  return nearbyDays.flatMap((n) => minutes.map((minute) => momentOf(zone, { day: day + n, minute })));
}
