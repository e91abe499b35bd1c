import type { AlertTruth, Lane } from '../../alert/alert.ts';
import type { Policy } from '../../alert/config.ts';
import { type Digest, digestFrom, digestUntil } from '../../alert/digest.ts';
import type { Muted } from '../../alert/mute-time.ts';
import type { Reason } from '../../alert/reason.ts';
import {
  type Audience,
  type Difference,
  difference,
  differs,
  isCritical,
  isStillCritical,
  tellsCritical,
} from './difference.ts';
import { digestHold, digestKey, type Hold, type Holds, type Together } from './hold.ts';

/** One destination of an incident, as converge sees it. */
export interface DestinationFacts extends Audience {
  id: number;
  /** Null until it was first told of this incident, or kept waiting for its digest. */
  thread: { joinedAt: Date | null; lastAcceptedAt: Date | null } | null;
  /** It has a notification of this incident that is not finished (rule 5). */
  open: boolean;
  /** Alerts of this incident that a message on its way tells of, whichever incident sent it: nothing follows until it ends. */
  onTheWay: ReadonlySet<string>;
  /** Its channel has just been configured: it is told everything at once. */
  summaryDue: boolean;
  /** The escalation step by which it is a member; null: it is one without any, or none. */
  escalatedBy: number | null;
  /** When it is told what is not critical; null: at once. */
  digest: Digest | null;
  /** The digest for which the last decision has kept it waiting; null: for none. */
  heldUntil: Date | null;
}

/** Everything that decides what one incident says. */
export interface IncidentFacts {
  lane: Lane;
  /** When it last told somebody of a change. */
  lastFlushAt: Date | null;
  acknowledged: boolean;
  policy: Policy;
  /** Its alert group tells nobody just now; null: it does. */
  muted: Muted | null;
  /** What its alert group keeps back just now, to tell it together. */
  holds: Holds;
  alerts: readonly AlertTruth[];
  destinations: readonly DestinationFacts[];
  /** When the truth may change without a report: a reporter expires, a silence begins or ends. */
  nextChangeAt: Date | null;
}

/** What one destination gets. */
export type Outcome =
  /** With those that are told `together` it is one message; null: one of its own. */
  | { kind: 'send'; reason: Reason; difference: Difference; together: Together | null }
  | { kind: 'wait'; reason: Reason; until: Date }
  | { kind: 'nothing'; reason: Reason };

/** What is to be done with an incident. */
export interface Decision {
  outcomes: ReadonlyMap<number, Outcome>;
  /** Members that came after the first flush: they wait for the next change or repeat (rule 8). */
  lateJoiners: readonly number[];
  /** Their notification waits, and a critical alert has joined what it will tell: it must wait as a critical one only. */
  urgent: readonly number[];
  /** Somebody is told of a change: the group timer starts again. */
  flushed: boolean;
  /** When to decide again; null = when something is reported. */
  dueAt: Date | null;
  close: boolean;
}

/** Watchdog alarms merge only with each other, within this time (rule 11). */
export const watchdogWaitMs = 5_000;

/** Decides for every destination of one incident: send, wait or nothing. Rules 4 to 9 of the design. */
export function converge(facts: IncidentFacts, now: Date): Decision {
  const outcomes = new Map<number, Outcome>();
  const lateJoiners: number[] = [];
  const urgent: number[] = [];
  const looks = facts.nextChangeAt === null ? [] : [facts.nextChangeAt];
  let differencesLeft = false;
  let flushed = false;
  for (const destination of facts.destinations) {
    const diff = difference(settledFor(facts, destination), destination, facts.policy.sendResolved);
    const late = isLate(facts, destination, diff);
    if (late && destination.thread === null) lateJoiners.push(destination.id);
    const outcome = outcomeOf(facts, destination, { diff, late }, now);
    outcomes.set(destination.id, outcome);
    flushed ||= outcome.kind === 'send' && restartsTimer(facts, outcome);
    if (outcome.kind === 'wait') looks.push(outcome.until);
    if (diff.held !== null) looks.push(diff.held.until);
    if (destination.open && !late && isCritical(diff)) {
      const { at } = changeTimer(facts, diff);
      if (isAfter(at, now)) looks.push(at);
      else urgent.push(destination.id);
    }
    differencesLeft ||= differs(diff) || diff.suppressed !== null || diff.held !== null;
    differencesLeft ||= destination.open || destination.onTheWay.size > 0;
  }
  const close = !differencesLeft && facts.alerts.every((a) => a.state === 'resolved' || a.state === 'expired');
  return { outcomes, lateJoiners, urgent, flushed, dueAt: close ? null : earliest(looks), close };
}

function settledFor({ alerts }: IncidentFacts, { onTheWay }: DestinationFacts): readonly AlertTruth[] {
  return onTheWay.size === 0 ? alerts : alerts.filter((a) => !onTheWay.has(a.fingerprint));
}

/** What is told to some without anything having changed for the others. */
const quietly: ReadonlySet<Reason> = new Set(['repeat', 'escalated']);

/** A digest is no reason for others, who are told at once, to wait longer. */
function restartsTimer(
  { destinations }: IncidentFacts,
  { reason, together }: Extract<Outcome, { kind: 'send' }>,
): boolean {
  if (quietly.has(reason)) return false;
  return together?.key !== digestKey || destinations.every((d) => !d.member || d.digest !== null);
}

/** The digest that a destination is kept waiting for; null: for none. */
export function digestAwaited(outcome: Outcome | undefined): Date | null {
  return outcome?.kind === 'wait' && outcome.reason === 'digest' ? outcome.until : null;
}

function outcomeOf(
  facts: IncidentFacts,
  destination: DestinationFacts,
  { diff, late }: { diff: Difference; late: boolean },
  now: Date,
): Outcome {
  if (destination.open) return { kind: 'nothing', reason: 'open_notification' };
  const { critical } = facts.holds;
  const kept = holdFor(facts, destination, destination.heldUntil, now);
  const hold = isCritical(diff) ? null : kept;
  if (isCalledIn(facts, destination) && diff.fresh.length > 0) {
    const what = { reason: 'escalated', difference: diff } as const;
    if (hold !== null) return held(hold, what, now);
    return { kind: 'send', ...what, together: isCritical(diff) ? critical : null };
  }
  if (!differs(diff) || late) return repeatOrNothing(facts, destination, { diff, late }, now);
  if (destination.summaryDue) return { kind: 'send', reason: 'summary', difference: diff, together: null };
  const reason = changeReason(destination, diff);
  if (hold !== null) return orReminder(facts, destination, held(hold, { reason, difference: diff }, now), diff, now);
  // What is kept back would have been waiting for longer: the timers are those of what is critical.
  const timer = changeTimer(facts, kept !== null && isAfter(kept.at, now) ? criticalIn(diff) : diff);
  if (isAfter(timer.at, now)) return { kind: 'wait', reason: timer.reason, until: timer.at };
  return { kind: 'send', reason, difference: diff, together: isCritical(diff) ? critical : null };
}

function criticalIn(diff: Difference): Difference {
  return { ...diff, fresh: diff.fresh.filter((a) => a.critical), resolved: diff.resolved.filter((a) => a.critical) };
}

/** What keeps from a destination what is not critical. */
function holdFor(
  { lane, holds }: IncidentFacts,
  { digest, escalatedBy }: DestinationFacts,
  heldUntil: Date | null,
  now: Date,
): Hold | null {
  if (digest === null || passesDigest(lane, escalatedBy !== null)) return holds.normal;
  return digestHold(digest, { normal: holds.normal, heldUntil }, now);
}

/** An alarm of the watchdog, and an incident that an escalation step has called somebody in for, wait for no digest. */
export function passesDigest(lane: Lane, calledIn: boolean): boolean {
  return lane === 'watchdog' || calledIn;
}

/** What is kept back has no timers of its own: it is told when its time has come. */
function held(hold: Hold, what: { reason: Reason; difference: Difference }, now: Date): Outcome {
  if (isAfter(hold.at, now)) return { kind: 'wait', reason: hold.reason, until: hold.at };
  return { kind: 'send', ...what, together: hold };
}

/** What is kept back keeps no reminder of something critical back: the earlier of the two is what it waits for. */
function orReminder(
  facts: IncidentFacts,
  destination: DestinationFacts,
  kept: Outcome,
  diff: Difference,
  now: Date,
): Outcome {
  if (kept.kind !== 'wait' || !isStillCritical(diff)) return kept;
  const known = { ...diff, fresh: [], resolved: [] };
  const reminder = repeatOrNothing(facts, destination, { diff: known, late: false }, now);
  if (reminder.kind === 'nothing') return kept;
  return reminder.kind === 'send' || reminder.until < kept.until ? reminder : kept;
}

/** A member that came after the incident had already told the others, and nothing has changed since. */
function isLate(facts: IncidentFacts, destination: DestinationFacts, diff: Difference): boolean {
  const told = diff.fresh.length === 0 || diff.resolved.length > 0;
  if (facts.lastFlushAt === null || told || destination.summaryDue || isCalledIn(facts, destination)) return false;
  const since = destination.thread === null ? facts.lastFlushAt : destination.thread.joinedAt;
  return since !== null && !facts.alerts.some((a) => a.suppressedBy === null && isAfter(a.changedAt, since));
}

/** An escalation step names it, and it has heard nothing of the incident yet: it is told at once, whatever the timers say. */
function isCalledIn({ acknowledged }: IncidentFacts, { escalatedBy, thread }: DestinationFacts): boolean {
  return escalatedBy !== null && !acknowledged && (thread === null || thread.lastAcceptedAt === null);
}

function repeatOrNothing(
  facts: IncidentFacts,
  destination: DestinationFacts,
  { diff, late }: { diff: Difference; late: boolean },
  now: Date,
): Outcome {
  if (diff.stillFiring.length === 0 && !late) return quiet(facts, diff);
  // What another incident told this destination, that incident repeats.
  const lastTold = destination.thread?.lastAcceptedAt ?? (late ? othersToldAt(facts, destination, now) : null);
  if (lastTold === null) return { kind: 'nothing', reason: 'already_told' };
  if (facts.acknowledged) return { kind: 'nothing', reason: 'acknowledged' };
  const critical = tellsCritical(diff);
  const at = reminderAt(facts, destination, { lastTold, critical });
  // The end that is kept back comes before the reminder.
  if (diff.held !== null && diff.held.until < at) return { kind: 'wait', ...diff.held };
  if (isAfter(at, now)) return { kind: 'wait', reason: late ? 'new_member' : 'repeat_interval', until: at };
  const what = { reason: 'repeat', difference: diff } as const;
  if (critical) return { kind: 'send', ...what, together: facts.holds.critical };
  const hold = holdFor(facts, destination, at, now);
  return hold === null ? { kind: 'send', ...what, together: null } : held(hold, what, now);
}

/**
 * A reminder in a digest comes at the time of one that is nearest to the end of the interval, so a daily digest reminds daily, though each is sent some
 * seconds after its time. What was told at once a little before a digest is not reminded of in it: half of the interval has passed at least.
 */
function reminderAt(
  { lane, policy: { repeatIntervalMs } }: IncidentFacts,
  { digest, escalatedBy }: DestinationFacts,
  { lastTold, critical }: { lastTold: Date; critical: boolean },
): Date {
  const due = new Date(lastTold.getTime() + repeatIntervalMs);
  if (digest === null || critical || passesDigest(lane, escalatedBy !== null)) return due;
  const [before, after] = [digestUntil(digest, due), digestFrom(digest, due)];
  const early = due.getTime() - before.getTime();
  return early < after.getTime() - due.getTime() && early <= repeatIntervalMs / 2 ? before : after;
}

/** There is nothing to tell, or it may not be told yet. */
function quiet({ muted }: IncidentFacts, { suppressed, held }: Difference): Outcome {
  if (held !== null) return { kind: 'wait', ...held };
  if (suppressed === 'muted' && muted?.until) return { kind: 'wait', reason: 'muted', until: muted.until };
  return { kind: 'nothing', reason: suppressed ?? 'nothing_new' };
}

/** When the others were told last before this member came: it is told when they are reminded (rule 8). */
function othersToldAt({ lastFlushAt, destinations }: IncidentFacts, late: DestinationFacts, now: Date): Date | null {
  const joinedAt = late.thread?.joinedAt ?? now;
  const accepted = destinations.map((d) => d.thread?.lastAcceptedAt ?? null);
  const before = [lastFlushAt, ...accepted].filter((at) => at !== null && at <= joinedAt);
  return before.length === 0 ? lastFlushAt : new Date(Math.max(...before.map(Number)));
}

/**
 * When a change may be told: the first flush `group_wait` after the earliest start, later ones `group_interval` after
 * the last; a new alert in a quiet incident again gathers its like for `group_wait` (rule 6).
 */
function changeTimer(facts: IncidentFacts, diff: Difference): { at: Date; reason: Reason } {
  const watchdog = facts.lane === 'watchdog';
  const waitMs = watchdog ? watchdogWaitMs : facts.policy.groupWaitMs;
  const intervalMs = watchdog ? 0 : facts.policy.groupIntervalMs;
  const flushAt = facts.lastFlushAt === null ? 0 : facts.lastFlushAt.getTime() + intervalMs;
  const gatherAt = diff.resolved.length > 0 ? 0 : firstSince(diff.fresh) + waitMs;
  return gatherAt > flushAt
    ? { at: new Date(gatherAt), reason: 'group_wait' }
    : { at: new Date(flushAt), reason: 'group_interval' };
}

function firstSince(fresh: readonly AlertTruth[]): number {
  return fresh.reduce((first, { since }) => Math.min(first, since.getTime()), Number.POSITIVE_INFINITY);
}

function changeReason(destination: DestinationFacts, diff: Difference): Reason {
  if (diff.fresh.length === 0 && diff.stillFiring.length === 0) return 'resolved_all';
  return destination.thread?.lastAcceptedAt ? 'changed' : 'opened';
}

/** The same as `>`, which takes a hundred times as long for what is asked about each alert and destination. */
function isAfter(one: Date, other: Date): boolean {
  return one.getTime() > other.getTime();
}

function earliest(times: readonly Date[]): Date | null {
  return times.length === 0 ? null : new Date(Math.min(...times.map((at) => at.getTime())));
}
