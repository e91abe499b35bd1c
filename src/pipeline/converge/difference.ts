import type { AlertTruth, Receipt } from '../../alert/alert.ts';
import type { Reason } from '../../alert/reason.ts';

/** What is true now and not yet told, for one incident and one destination. */
export interface Difference {
  fresh: AlertTruth[];
  resolved: AlertTruth[];
  /** Fires, and the destination knows. */
  stillFiring: AlertTruth[];
  /** Fingerprints in `fresh` that this destination was told of in an earlier episode. */
  again: ReadonlySet<string>;
  /** There would be something to tell, or to remind of, were it not suppressed: why it is. Null: there would not. */
  suppressed: Reason | null;
}

/** How a destination is treated. */
export interface Audience {
  /** Members are told of what begins; who was told of a beginning is told of its end, member or not (rule 8). */
  member: boolean;
  receipts: ReadonlyMap<string, Pick<Receipt, 'episode' | 'state'>>;
}

/** Computes the difference between the truth and what a destination was told: the heart of convergence. */
export function difference(alerts: readonly AlertTruth[], audience: Audience, sendResolved: boolean): Difference {
  const fresh: AlertTruth[] = [];
  const resolved: AlertTruth[] = [];
  const stillFiring: AlertTruth[] = [];
  const again = new Set<string>();
  let suppressed: Reason | null = null;
  for (const alert of alerts) {
    const receipt = audience.receipts.get(alert.fingerprint);
    const what = compare(alert, receipt, audience.member, sendResolved);
    if (what === null) continue;
    if (alert.suppressedBy !== null) {
      suppressed ??= alert.suppressedBy;
      continue;
    }
    if (what === 'fresh') fresh.push(alert);
    if (what === 'fresh' && receipt !== undefined) again.add(alert.fingerprint);
    if (what === 'resolved') resolved.push(alert);
    if (what === 'still') stillFiring.push(alert);
  }
  return { fresh, resolved, stillFiring, again, suppressed };
}

function compare(
  alert: AlertTruth,
  receipt: Pick<Receipt, 'episode' | 'state'> | undefined,
  member: boolean,
  sendResolved: boolean,
): 'fresh' | 'resolved' | 'still' | null {
  if (alert.state === 'firing') {
    const knows = receipt !== undefined && receipt.episode >= alert.episode;
    if (knows && receipt.state === 'undeliverable') return null;
    if (knows && receipt.state === 'firing') return member ? 'still' : null;
    return member ? 'fresh' : null;
  }
  const ended = alert.state === 'resolved' || alert.state === 'expired';
  return ended && sendResolved && receipt?.state === 'firing' ? 'resolved' : null;
}

/** Whether there is anything to say. */
export function differs(difference: Difference): boolean {
  return difference.fresh.length > 0 || difference.resolved.length > 0;
}
