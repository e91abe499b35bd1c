import type { AlertTruth, Receipt } from '../../alert/alert.ts';
import type { Reason } from '../../alert/reason.ts';

/** What is true now and not yet told, for one incident and one destination. */
export interface Difference {
  fresh: AlertTruth[];
  resolved: AlertTruth[];
  /** Fires, or counts as firing, and the destination knows. */
  stillFiring: AlertTruth[];
  /** Fingerprints in `fresh` that this destination was told of in an earlier episode. */
  again: ReadonlySet<string>;
  /** Fingerprints in `fresh` and `resolved` that this destination was told to be flapping, and that no longer do. */
  calmed: ReadonlySet<string>;
  /** There would be something to tell, or to remind of, were it not suppressed: why it is. Null: there would not. */
  suppressed: Reason | null;
  /** What the policy of the alert group keeps back for a while, until the first of it may be told. Null: nothing. */
  held: Held | null;
}

/** Why something may not be told yet. */
export interface Held {
  reason: 'for' | 'keep_firing_for' | 'flapping';
  until: Date;
}

/** How a destination is treated. */
export interface Audience {
  /** Members are told of what begins; who was told of a beginning is told of its end, member or not (rule 8). */
  member: boolean;
  receipts: ReadonlyMap<string, Told>;
}

type Told = Pick<Receipt, 'episode' | 'state'>;

/** What most differences have: one is made for each destination of each decision. */
const none: ReadonlySet<string> = new Set();

/** Computes the difference between the truth and what a destination was told: the heart of convergence. */
export function difference(alerts: readonly AlertTruth[], audience: Audience, sendResolved: boolean): Difference {
  const fresh: AlertTruth[] = [];
  const resolved: AlertTruth[] = [];
  const stillFiring: AlertTruth[] = [];
  let again: Set<string> | null = null;
  let calmed: Set<string> | null = null;
  let suppressed: Reason | null = null;
  let held: Held | null = null;
  for (const alert of alerts) {
    const receipt = audience.receipts.get(alert.fingerprint);
    const what = compare(alert, receipt, audience.member, sendResolved);
    if (what === null) continue;
    if (alert.suppressedBy !== null) {
      suppressed ??= alert.suppressedBy;
      continue;
    }
    const holds = heldBack(alert, what);
    if (holds !== null && (held === null || holds.until.getTime() < held.until.getTime())) held = holds;
    if (what === 'still') stillFiring.push(alert);
    if (what === 'still' || holds !== null) continue;
    if (what === 'resolved') resolved.push(alert);
    else fresh.push(alert);
    if (what === 'fresh' && receipt !== undefined) again = (again ?? new Set()).add(alert.fingerprint);
    if (what !== 'flaps' && receipt?.state === 'flapping') calmed = (calmed ?? new Set()).add(alert.fingerprint);
  }
  return { fresh, resolved, stillFiring, again: again ?? none, calmed: calmed ?? none, suppressed, held };
}

type What = 'fresh' | 'flaps' | 'flapping' | 'resolved' | 'still' | 'kept';

/**
 * @returns `flaps`: that is to be told; `flapping`: it was, and nothing more until it is calm; `kept`: its end is to be told to
 * somebody who is reminded of nothing, and not yet
 */
function compare(alert: AlertTruth, receipt: Told | undefined, member: boolean, sendResolved: boolean): What | null {
  const knows = receipt !== undefined && receipt.episode >= alert.continues;
  if (knows && receipt.state === 'undeliverable') return null;
  if (alert.flappingUntil !== null) return whileFlapping(alert, receipt, { member, sendResolved });
  if (alert.state === 'firing') {
    if (knows && receipt.state === 'firing') return member ? 'still' : null;
    return member ? 'fresh' : null;
  }
  if (!hasEnded(alert) || (receipt?.state !== 'firing' && receipt?.state !== 'flapping')) return null;
  if (alert.keptUntil !== null && member) return 'still';
  if (!sendResolved) return null;
  return alert.keptUntil === null ? 'resolved' : 'kept';
}

function hasEnded({ state }: AlertTruth): boolean {
  return state === 'resolved' || state === 'expired';
}

/**
 * What ended before anybody was told of it is not told as flapping either. Who is no member any more and knows of it waits for
 * the end that is told when it is calm.
 */
function whileFlapping(
  alert: AlertTruth,
  receipt: Told | undefined,
  { member, sendResolved }: { member: boolean; sendResolved: boolean },
): What | null {
  const knows = receipt?.state === 'firing' || receipt?.state === 'flapping';
  if (!member) return sendResolved && knows && hasEnded(alert) ? 'flapping' : null;
  if (receipt?.state === 'flapping') return 'flapping';
  return alert.state === 'firing' || receipt?.state === 'firing' ? 'flaps' : null;
}

function heldBack(alert: AlertTruth, what: What): Held | null {
  if (what === 'flapping') return { reason: 'flapping', until: alert.flappingUntil as Date };
  if (what === 'still' || what === 'kept')
    return alert.keptUntil && { reason: 'keep_firing_for', until: alert.keptUntil };
  return what !== 'resolved' && alert.pendingUntil !== null ? { reason: 'for', until: alert.pendingUntil } : null;
}

/** Whether there is anything to say. */
export function differs(difference: Difference): boolean {
  return difference.fresh.length > 0 || difference.resolved.length > 0;
}

/** Whether anything critical has begun or ended. */
export function isCritical({ fresh, resolved }: Difference): boolean {
  return fresh.some((a) => a.critical) || resolved.some((a) => a.critical);
}

/** Whether something critical that was told goes on firing. */
export function isStillCritical({ stillFiring }: Difference): boolean {
  return stillFiring.some((a) => a.critical);
}

/** Whether a message is about something critical: what is new, or else what it reminds of. */
export function tellsCritical(difference: Difference): boolean {
  return differs(difference) ? isCritical(difference) : isStillCritical(difference);
}
