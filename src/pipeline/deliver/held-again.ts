/** Whether what was decided to be told may be told yet. Pure. */
import type { Lane } from '../../alert/alert.ts';
import type { AlertGroup } from '../../alert/config.ts';
import type { Digest } from '../../alert/digest.ts';
import type { Reason } from '../../alert/reason.ts';
import { passesDigest } from '../converge/converge.ts';
import { type Difference, isStillCritical, tellsCritical } from '../converge/difference.ts';
import { digestKey, holdsOf } from '../converge/hold.ts';

/** A notification that is about to be told, as far as it may have to wait. */
export interface Telling {
  group: Pick<AlertGroup, 'id' | 'policy'>;
  lane: Lane;
  together: string | null;
  /** When its recipient is told what is not critical; null: at once. */
  digest: Digest | null;
  /** An escalation step has called the recipient in. */
  calledIn: boolean;
  /** It reminds of what goes on firing. */
  reminds: boolean;
}

/**
 * What keeps it back, though it was decided to be told: a provider that was away, or a rate, has kept it until quiet hours have
 * begun; or what was critical in it is over, and its recipient gets the rest in a digest. It is decided anew. Null: nothing.
 */
export function heldAgain(telling: Telling, diff: Difference, now: Date): Reason | null {
  const { group, lane, together, digest, calledIn, reminds } = telling;
  if (lane === 'watchdog' || tellsCritical(diff) || (reminds && isStillCritical(diff))) return null;
  const { normal } = holdsOf(group, null, now);
  if (normal !== null && normal.at > now) return 'quiet_hours';
  return digest === null || together === digestKey || passesDigest(lane, calledIn) ? null : 'digest';
}
