import type { Reason } from '../../alert/reason.ts';
import type { Queryable } from '../../store/db.ts';
import type { Suppressor } from '../converge/gates.ts';
import { isSuppressed, suppressionsIn } from '../converge/suppress.ts';
import { type Step, saveSteps } from '../steps.ts';
import type { PendingRow } from './rows.ts';

/** What has nothing to say any more. */
export interface Idle {
  row: PendingRow;
  reason: Reason;
  suppressions: Suppressor[];
}

/**
 * Its channel was configured once, and is no longer: nobody can send these. What is still true is told by the channel that
 * stands in for it, and by itself should it come back.
 */
export async function abandon(
  tx: Queryable,
  destinationId: number,
  at: { now: Date; offsetMs: number },
): Promise<null> {
  await tx.query(
    `with gone as (
       update notification set state = 'cancelled', reason = 'misconfigured', finished_at = $2, next_at = null, lease_until = null
       where destination_id = $1 and (state = 'pending'
         or (state = 'sending' and lease_until < clock_timestamp() + $3::float8 * interval '1 ms')
         or (state = 'sending' and carrier_id in (select id from notification c where c.destination_id = $1
           and c.state = 'sending' and c.lease_until < clock_timestamp() + $3::float8 * interval '1 ms')))
       returning incident_id),
     held as (select id from incident where closed_at is null and id in (select incident_id from gone)
       order by id for no key update)
     update incident i set due_at = least(i.due_at, $2) from held where i.id = held.id`,
    [destinationId, at.now, at.offsetMs],
  );
  return null;
}

/** Ends what has nothing to say any more, with the reason. */
export async function cancel(tx: Queryable, destinationId: number, idle: readonly Idle[], now: Date): Promise<void> {
  if (idle.length === 0) return;
  await tx.query(
    `update notification n set state = 'cancelled', reason = t.reason, finished_at = $3, next_at = null
     from unnest($1::bigint[], $2::text[]) as t (id, reason) where n.id = t.id and n.state = 'pending'`,
    [idle.map((i) => i.row.id), idle.map((i) => i.reason), now],
  );
  // Whoever waited for this notification to end can be looked at again: closing, for one, does.
  await tx.query(`update incident set due_at = least(due_at, $2) where id = any($1::bigint[]) and closed_at is null`, [
    [...new Set(idle.map((i) => i.row.incidentId))].sort(),
    now,
  ]);
  const steps = idle.map(
    ({ row, reason, suppressions }): Step => ({
      ...{ stage: 'deliver', reason, incidentId: row.incidentId, destinationId, notificationId: row.id },
      ...(isSuppressed(reason) ? { detail: suppressionsIn(suppressions, now) } : {}),
    }),
  );
  await saveSteps(tx, steps, now);
}
