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

/** The stored state of an alert. */
export interface AlertEpisode {
  state: AlertState;
  episode: number;
  since: Date;
  endedAt: Date | null;
  changedAt: Date;
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
  if (lasted && !pausedSince(before.since, reporters, firing)) {
    return before.state === 'firing' ? before : { ...before, state: 'firing', changedAt: now };
  }
  const since = earliest(firing.map((r) => r.firingAt));
  return { state: 'firing', episode: before.episode + 1, since, endedAt: null, changedAt: now };
}

/**
 * Whether there was a moment in this episode at which nobody fired: every reporter that fires now had ended before,
 * and the last end lies before the first new start. A reporter that never resolved covers the whole episode,
 * however its startsAt moves.
 */
function pausedSince(since: Date, reporters: readonly ReporterFacts[], firing: readonly ReporterFacts[]): boolean {
  if (!firing.every((r) => endedIn(r, since))) return false;
  const ends = reporters.filter((r) => endedIn(r, since)).map((r) => r.resolvedAt as Date);
  return latest(ends) < earliest(firing.map((r) => r.firingAt));
}

function endedIn(reporter: ReporterFacts, since: Date): boolean {
  return reporter.resolvedAt !== null && reporter.resolvedAt >= since;
}

function end(before: AlertEpisode, state: 'resolved' | 'expired', endedAt: Date, now: Date): AlertEpisode {
  return { ...before, state, endedAt, changedAt: now };
}

function latest(dates: readonly Date[]): Date {
  return new Date(Math.max(...dates.map((d) => d.getTime())));
}

function earliest(dates: readonly Date[]): Date {
  return new Date(Math.min(...dates.map((d) => d.getTime())));
}
