import type { Report } from '../../alert/alert.ts';
import type { Reason } from '../../alert/reason.ts';

/** What one reporter (source, full label set) has said so far about its alert. */
export interface ReporterState {
  /** F: its latest firing `startsAt`. */
  firingAt: Date;
  /** R: its latest resolved `endsAt`, null when it never said so. */
  resolvedAt: Date | null;
  lastSeen: Date;
  /** The end that it named itself for what fires, unless it repeats it; null when it named none. */
  expiresAt: Date | null;
}

/** What became of one report. */
export interface DedupeOutcome {
  reason: Reason;
  /** The reporter afterwards. */
  state: ReporterState;
  /** Whether the row has to be written. */
  write: boolean;
  /** Whether the alert's incidents have to be looked at. */
  news: boolean;
}

/** A reporter fires iff F > R, whatever order the reports came in (rule 1). */
export function fires(reporter: { firingAt: Date; resolvedAt: Date | null }): boolean {
  return reporter.resolvedAt === null || reporter.firingAt.getTime() > reporter.resolvedAt.getTime();
}

/**
 * A clock that was set back leaves stored times in the future, and would swallow every report until it has caught up.
 * They count as now, in the order that they had.
 */
function notFromTheFuture(state: ReporterState, now: Date): ReporterState {
  const ended = state.resolvedAt;
  if (state.firingAt <= now && (ended === null || ended <= now)) return state;
  const justBefore = new Date(now.getTime() - 1);
  if (fires(state))
    return { ...state, firingAt: earlier(state.firingAt, now), resolvedAt: ended && earlier(ended, justBefore) };
  return { ...state, firingAt: earlier(state.firingAt, justBefore), resolvedAt: ended && earlier(ended, justBefore) };
}

function later(a: Date | null, b: Date): Date {
  return a !== null && a > b ? a : b;
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

/**
 * Is this report news? Both F and R only ever grow, so the result does not depend on the order of arrival.
 * Times from the future are taken as "now": a Prometheus whose clock is ahead could else never resolve.
 *
 * @param rewriteAfterMs a repeat rewrites last-seen only when the stored one is older than this (rule 3)
 */
export function dedupe(
  report: Pick<Report, 'status' | 'startsAt' | 'endsAt' | 'expiresAt'>,
  stored: ReporterState | null,
  now: Date,
  rewriteAfterMs: number,
): DedupeOutcome {
  const before = stored && notFromTheFuture(stored, now);
  const startsAt = earlier(report.startsAt, now);
  const endsAt = report.status === 'resolved' ? later(startsAt, earlier(report.endsAt ?? now, now)) : null;
  const state: ReporterState = {
    firingAt: later(before?.firingAt ?? null, startsAt),
    resolvedAt: endsAt === null ? (before?.resolvedAt ?? null) : later(before?.resolvedAt ?? null, endsAt),
    lastSeen: later(before?.lastSeen ?? null, now),
    expiresAt: expiryOf(report, startsAt, before),
  };
  const reason = reasonOf(endsAt === null, startsAt, before, state);
  const moved =
    before === null ||
    state.firingAt.getTime() !== before.firingAt.getTime() ||
    state.resolvedAt?.getTime() !== before.resolvedAt?.getTime() ||
    putsOff(before.expiresAt, state.expiresAt, now);
  const seenLongAgo = before === null || now.getTime() - before.lastSeen.getTime() >= rewriteAfterMs;
  return { reason, state, write: moved || seenLongAgo, news: isNews(reason) };
}

/**
 * The latest end that was named for this firing: whoever names an earlier one, perhaps a replica that looks more often, cuts
 * nothing short. What belongs to a firing that has ended says nothing of the next.
 */
function expiryOf(
  { status, expiresAt }: Pick<Report, 'status' | 'expiresAt'>,
  startsAt: Date,
  before: ReporterState | null,
): Date | null {
  if (before === null) return expiresAt;
  const late = before.resolvedAt !== null && startsAt <= before.resolvedAt;
  if (status === 'resolved' || expiresAt === null || late) return before.expiresAt;
  return later(fires(before) ? before.expiresAt : null, expiresAt);
}

/** Whether an expiry is put off by a quarter of the time that is left (rule 3): less is not worth a row. */
function putsOff(before: Date | null, after: Date | null, now: Date): boolean {
  if (before === null || after === null) return before !== after;
  return 4 * (after.getTime() - before.getTime()) >= Math.max(1, after.getTime() - now.getTime());
}

function reasonOf(firing: boolean, startsAt: Date, before: ReporterState | null, after: ReporterState): Reason {
  if (before === null) return firing ? 'new_alert' : 'resolved_unknown';
  const [was, is] = [fires(before), fires(after)];
  if (firing) {
    if (!is) return 'late_firing';
    if (!was) return 'fired_again';
    return startsAt.getTime() === before.firingAt.getTime() ? 'repeated' : 'start_shifted';
  }
  if (is) return 'late_resolved';
  return was ? 'resolved' : 'repeated_resolved';
}

/**
 * A reporter that begins or ends may change the alert. A late resolve may too: it can reveal that the alert ended
 * and began again between two looks.
 */
function isNews(reason: Reason): boolean {
  return reason === 'new_alert' || reason === 'fired_again' || reason === 'resolved' || reason === 'late_resolved';
}
