/** Acknowledging an incident, and taking it back: rule 7 of the design. */
import { z } from 'zod';
import type { Labels } from '../alert/labels.ts';
import { HttpProblem } from '../http/problem.ts';
import { type AnyRoute, type Caller, route } from '../http/route.ts';
import { matchesAll } from '../matcher/compile.ts';
import { recordAudit } from '../store/audit.ts';
import type { Queryable } from '../store/db.ts';
import type { IncidentDeps } from './deps.ts';
import { idParams } from './fields.ts';
import { incidentDetail, noIncident, readIncident } from './incident.ts';

const comment = z.string().trim().max(1000).optional();
const acknowledgeBody = z.strictObject({ comment: comment.describe('Shown in the history of the incident') });

export function acknowledgeRoutes(deps: IncidentDeps): AnyRoute[] {
  const about = { path: '/api/v1/incidents/:id/acknowledge', tag: 'incidents', role: 'responder' } as const;
  const responses = {
    200: { description: 'The incident', schema: incidentDetail },
    409: { description: 'It is closed' },
  };
  return [
    route({
      ...about,
      method: 'post',
      summary: 'Acknowledges an incident: no reminders until it closes; new alerts are still told',
      params: idParams,
      body: acknowledgeBody.optional(),
      responses,
      handle: async ({ params, body, caller }) => {
        const change = { by: caller.name, ...(body?.comment ? { comment: body.comment } : {}) };
        await changeAcknowledgement(deps, params.id, { change, caller });
        return { status: 200, body: await readIncident(deps, params.id) };
      },
    }),
    route({
      ...about,
      method: 'delete',
      summary: 'Takes the acknowledgement of an incident back',
      params: idParams,
      responses,
      handle: async ({ params, caller }) => {
        await changeAcknowledgement(deps, params.id, { change: { by: caller.name, taken_back: true }, caller });
        return { status: 200, body: await readIncident(deps, params.id) };
      },
    }),
  ];
}

interface Change {
  by: string;
  comment?: string;
  taken_back?: true;
}

/** Stores the change under the incident's row lock and has its timers computed again; what is so already stays. */
async function changeAcknowledgement(
  deps: IncidentDeps,
  incidentId: string,
  { change, caller }: { change: Change; caller: Caller },
): Promise<void> {
  const now = deps.now();
  const wanted = change.taken_back !== true;
  const changed = await deps.db.transaction(async (tx) => {
    const incident = await lockOpen(tx, incidentId);
    if ((incident.acknowledged_at !== null) === wanted) return false;
    const critical = wanted ? await firesCritical(tx, deps, incidentId) : null;
    await tx.query(
      `update incident set acknowledged_at = $2, acknowledged_by = $3, acknowledged_critical = $4, due_at = $5
       where id = $1::bigint`,
      [incidentId, wanted ? now : null, wanted ? change.by : null, critical, now],
    );
    await tx.query(
      `insert into step (at, stage, reason, incident_id, detail)
       values ($1, 'converge', 'acknowledged', $2::bigint, $3::jsonb)`,
      [now, incidentId, JSON.stringify(change)],
    );
    const action = wanted ? 'acknowledge' : 'take-back';
    const comment = change.comment ?? null;
    await recordAudit(tx, { at: now, by: caller, action, kind: 'incidents', key: incidentId, comment });
    return true;
  });
  if (changed) deps.onDue([incidentId]);
}

/** @throws HttpProblem 404, or 409 for a closed one */
async function lockOpen(tx: Queryable, incidentId: string): Promise<{ acknowledged_at: Date | null }> {
  const rows = await tx.query<{ acknowledged_at: Date | null; closed_at: Date | null }>(
    'select acknowledged_at, closed_at from incident where id = $1::bigint for no key update',
    [incidentId],
  );
  const row = rows.rows[0];
  if (row === undefined) throw noIncident(incidentId);
  if (row.closed_at !== null) {
    throw new HttpProblem(409, `Incident ${incidentId} closed at ${row.closed_at.toISOString()}: nothing fires in it.`);
  }
  return row;
}

/**
 * Whether a critical alert fires, those included that have been reported but not decided yet: whoever acknowledges during
 * `group_wait` has seen them.
 */
async function firesCritical(
  tx: Queryable,
  { critical }: Pick<IncidentDeps, 'critical'>,
  incidentId: string,
): Promise<boolean> {
  const rows = await tx.query<{ labels: Labels; lane: string }>(
    `select a.labels, a.lane from incident_alert ia join alert a on a.fingerprint = ia.alert_fingerprint
     where ia.incident_id = $1::bigint and ia.left_at is null and (a.state = 'firing' or exists (
       select from reporter r where r.alert_fingerprint = a.fingerprint
         and (r.resolved_at is null or r.firing_at > r.resolved_at)))`,
    [incidentId],
  );
  return rows.rows.some(({ labels, lane }) => lane === 'watchdog' || matchesAll(critical, labels));
}
