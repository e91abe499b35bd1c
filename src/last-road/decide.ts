/** What must go out now, past the database, to one destination? Pure. */
import type { Alarm } from '../alert/alarm.ts';

/** What one destination has been told by the last road. */
export interface Spoken {
  /** Keys of alarms that are told, or given up. */
  settled: ReadonlySet<string>;
  /** A message that could not be sent yet: no other goes out before it is settled. */
  open: { nextAt: Date } | null;
  /** When the latest messages were begun. */
  begunAt: readonly Date[];
}

export type Next = { kind: 'send'; alarms: Alarm[] } | { kind: 'repeat' } | { kind: 'wait' };

/** The last road has a rate of its own: what is over it merges into the next message. */
export const rate = { messages: 6, withinMs: 10 * 60_000 };

/** The waits after each failed attempt; what certainly has not arrived is tried on at the last of them. */
const waitsMs = [5_000, 15_000, 30_000, 60_000, 120_000, 300_000] as const;
const longestWaitMs = 300_000;
/** What may have arrived is told so many times at most. */
const doubtsAtMost = waitsMs.length;

/** Names an episode: an alarm and its start. It is told once by each process. */
export function episodeKey(alarm: Pick<Alarm, 'labels' | 'startsAt'>): string {
  return JSON.stringify([alarm.labels, alarm.startsAt.getTime()]);
}

export function nextStep(alarms: readonly Alarm[], spoken: Spoken, now: Date): Next {
  if (spoken.open !== null) return { kind: spoken.open.nextAt <= now ? 'repeat' : 'wait' };
  const untold = alarms.filter((alarm) => alarm.endsAt === null && !spoken.settled.has(episodeKey(alarm)));
  if (untold.length === 0) return { kind: 'wait' };
  const late = now.getTime() - rate.withinMs;
  const begun = spoken.begunAt.filter((at) => at.getTime() > late);
  return begun.length >= rate.messages ? { kind: 'wait' } : { kind: 'send', alarms: untold };
}

/** How a message has failed so far. */
export interface Failures {
  /** At least one. */
  count: number;
  /** In how many of them it may have arrived. */
  doubts: number;
}

/** When to try again after a failure; null: no more, and the database's return brings it. */
export function tryAgainAt(
  failure: { kind: string; retryAfterMs: number | null },
  { count, doubts }: Failures,
  now: Date,
): Date | null {
  if (failure.kind === 'permanent' || doubts > doubtsAtMost) return null;
  const waitMs = waitsMs[count - 1] ?? longestWaitMs;
  return new Date(now.getTime() + Math.max(waitMs, Math.min(failure.retryAfterMs ?? 0, longestWaitMs)));
}
