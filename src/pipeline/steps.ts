import type { Reason } from '../alert/reason.ts';
import type { Queryable } from '../store/db.ts';

/** One thing that happened to an alert, an incident or a notification, with its reason: what *explain* shows. */
export interface Step {
  stage: 'receive' | 'dedupe' | 'route' | 'converge' | 'deliver' | 'watchdog';
  reason: Reason;
  alertFingerprint?: string;
  sourceId?: number;
  incidentId?: string;
  destinationId?: number;
  notificationId?: string;
  groupVersion?: number;
  detail?: Record<string, unknown>;
}

/** Stores steps in one statement, in the transaction of the decision that they tell of. */
export async function saveSteps(tx: Queryable, steps: readonly Step[], now: Date): Promise<void> {
  if (steps.length === 0) return;
  await tx.query(
    `insert into step (at, stage, reason, alert_fingerprint, source_id, incident_id, destination_id, notification_id,
       group_version, detail)
     select $1, t.stage, t.reason, t.alert_fingerprint, t.source_id, t.incident_id, t.destination_id,
       t.notification_id, t.group_version, t.detail::jsonb
     from unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::bigint[], $7::int[], $8::bigint[], $9::int[],
       $10::text[]) as t (stage, reason, alert_fingerprint, source_id, incident_id, destination_id, notification_id,
         group_version, detail)`,
    [
      now,
      steps.map((s) => s.stage),
      steps.map((s) => s.reason),
      steps.map((s) => s.alertFingerprint ?? null),
      steps.map((s) => s.sourceId ?? null),
      steps.map((s) => s.incidentId ?? null),
      steps.map((s) => s.destinationId ?? null),
      steps.map((s) => s.notificationId ?? null),
      steps.map((s) => s.groupVersion ?? null),
      steps.map((s) => (s.detail === undefined ? null : JSON.stringify(s.detail))),
    ],
  );
}
