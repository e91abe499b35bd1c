/** Arming destinations again that were given up (rule 5). */
import type { Queryable } from '../store/db.ts';

/**
 * Forgets that these alerts, or all, were undeliverable to a destination, ends its back-off, and makes the open incidents
 * due that hold them: what is still true is then told. Returns the alerts and the incidents.
 */
export async function rearm(
  tx: Queryable,
  destinationId: number,
  { fingerprints, now }: { fingerprints: readonly string[] | null; now: Date },
): Promise<{ alerts: number; incidents: string[] }> {
  await tx.query('update destination set failures = 0, retry_at = null where id = $1', [destinationId]);
  const deleted = await tx.query<{ alert_fingerprint: string }>(
    `delete from receipt where destination_id = $1 and state = 'undeliverable'
       and ($2::text[] is null or alert_fingerprint = any($2)) returning alert_fingerprint`,
    [destinationId, fingerprints],
  );
  const due = await tx.query<{ id: string }>(
    `with held as (
       select i.id from incident i
       where i.closed_at is null and i.id in (select ia.incident_id from incident_alert ia
         where ia.alert_fingerprint = any($1::text[]) and ia.left_at is null)
       order by i.id for no key update)
     update incident set due_at = least(incident.due_at, $2) from held where incident.id = held.id returning incident.id`,
    [deleted.rows.map((r) => r.alert_fingerprint), now],
  );
  return { alerts: deleted.rows.length, incidents: due.rows.map((r) => r.id) };
}
