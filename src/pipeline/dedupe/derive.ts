import type { AlertState } from '../../alert/alert.ts';
import { fires } from './dedupe.ts';

/** One reporter of an alert, with what is known of its source. */
export interface ReporterFacts {
  firingAt: Date;
  resolvedAt: Date | null;
  /** False while its source is quiet: it then neither fires nor resolves anything. */
  live: boolean;
  /** It has not been repeated for so long that it no longer counts. */
  expired: boolean;
}

/** From when to when an alert fired, in milliseconds since 1970. */
export type Period = readonly [since: number, end: number];

/** So many are kept: what flaps does so within them. */
const periodsAtMost = 50;

/** The stored state of an alert. */
export interface AlertEpisode {
  state: AlertState;
  episode: number;
  since: Date;
  endedAt: Date | null;
  changedAt: Date;
  /** Firing periods that are over, oldest first: `[since, end]` in milliseconds since 1970. */
  periods: readonly Period[];
}

/**
 * Derives what is true of an alert from what its reporters say (rules 1 and 2). An alert fires while any live
 * reporter fires; it is resolved when at least one said so and no live one fires, stale when all its firing
 * reporters are quiet, expired when none of them has been heard for too long.
 */
export function deriveAlert(before: AlertEpisode, reporters: readonly ReporterFacts[], now: Date): AlertEpisode {
  const firing = reporters.filter((r) => r.live && !r.expired && fires(r));
  if (firing.length > 0) return whileFiring(before, reporters, firing, now);
  const lasted = before.state === 'firing' || before.state === 'stale';
  if (!lasted) return before;
  const ends = reporters.filter((r) => !fires(r) && endedIn(r, before.since)).map((r) => r.resolvedAt as Date);
  if (ends.length > 0) return end(before, 'resolved', latest(ends), now);
  const waiting = reporters.some((r) => fires(r) && !r.live && !r.expired);
  if (waiting) return before.state === 'stale' ? before : { ...before, state: 'stale', changedAt: now };
  return end(before, 'expired', now, now);
}

function whileFiring(
  before: AlertEpisode,
  reporters: readonly ReporterFacts[],
  firing: readonly ReporterFacts[],
  now: Date,
): AlertEpisode {
  const lasted = before.state === 'firing' || before.state === 'stale';
  const pausedAt = lasted ? pausedSince(before.since, reporters, firing) : null;
  if (lasted && pausedAt === null) {
    return before.state === 'firing' ? before : { ...before, state: 'firing', changedAt: now };
  }
  const since = earliest(firing.map((r) => r.firingAt));
  const periods = pausedAt === null ? before.periods : withPeriod(before, pausedAt);
  return { state: 'firing', episode: before.episode + 1, since, endedAt: null, changedAt: now, periods };
}

/**
 * Since when there was a moment in this episode at which nobody fired, null when there was none: every reporter that fires
 * now had ended before, and the last end lies before the first new start. A reporter that never resolved covers the whole episode,
 * however its startsAt moves.
 */
function pausedSince(since: Date, reporters: readonly ReporterFacts[], firing: readonly ReporterFacts[]): Date | null {
  if (!firing.every((r) => endedIn(r, since))) return null;
  const ends = reporters.filter((r) => endedIn(r, since)).map((r) => r.resolvedAt as Date);
  const end = latest(ends);
  return end < earliest(firing.map((r) => r.firingAt)) ? end : null;
}

function endedIn(reporter: ReporterFacts, since: Date): boolean {
  return reporter.resolvedAt !== null && reporter.resolvedAt.getTime() >= since.getTime();
}

function end(before: AlertEpisode, state: 'resolved' | 'expired', endedAt: Date, now: Date): AlertEpisode {
  return { ...before, state, endedAt, changedAt: now, periods: withPeriod(before, endedAt) };
}

function withPeriod({ periods, since }: AlertEpisode, end: Date): Period[] {
  return [...periods, [since.getTime(), end.getTime()] as const].slice(-periodsAtMost);
}

function latest(dates: readonly Date[]): Date {
  return new Date(Math.max(...dates.map((d) => d.getTime())));
}

function earliest(dates: readonly Date[]): Date {
  return new Date(Math.min(...dates.map((d) => d.getTime())));
}
