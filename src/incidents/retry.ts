/** `POST /api/v1/notifications/:id/retry`. */
import { HttpProblem } from '../http/problem.ts';
import { type AnyRoute, type Caller, route } from '../http/route.ts';
import { recordAudit } from '../store/audit.ts';
import type { Queryable } from '../store/db.ts';
import type { IncidentDeps } from './deps.ts';
import { idParams } from './fields.ts';
import { noNotification, notificationDetail, readNotification } from './notifications.ts';
import { rearm } from './rearm.ts';

export function retryRoutes(deps: IncidentDeps): AnyRoute[] {
  return [
    route({
      method: 'post',
      path: '/api/v1/notifications/:id/retry',
      tag: 'notifications',
      summary: 'Tries now what waits; for what was given up, arms its destination again and decides anew what to tell',
      role: 'editor',
      params: idParams,
      responses: {
        200: { description: 'The notification', schema: notificationDetail },
        409: { description: 'It is on its way, has arrived, or has nothing to tell any more' },
      },
      handle: async ({ params, caller }) => {
        const { incidents, destinations } = await retry(deps, params.id, caller);
        deps.onDue(incidents);
        deps.onDeliver(destinations);
        return { status: 200, body: await readNotification(deps, params.id) };
      },
    }),
  ];
}

interface Row extends Record<string, unknown> {
  destination_id: number;
  state: string;
  told: [string, number, string][] | null;
  incident_id: string | null;
  notice_id: string | null;
}

type Woken = { incidents: readonly string[]; destinations: readonly number[] };

/** @throws HttpProblem 404, 409 */
function retry({ db, now }: Pick<IncidentDeps, 'db' | 'now'>, notificationId: string, by: Caller): Promise<Woken> {
  return db.transaction(async (tx) => {
    // Rolled back with everything else when there is nothing to try.
    await recordAudit(tx, { at: now(), by, action: 'retry', kind: 'notifications', key: notificationId });
    const row = await lock(tx, notificationId);
    if (row.state === 'pending') return hurry(tx, notificationId, { destinationId: row.destination_id, now: now() });
    if (row.state !== 'undeliverable') throw new HttpProblem(409, refusal(row.state, notificationId));
    if (row.notice_id !== null) return sendAgain(tx, notificationId, { destinationId: row.destination_id, now: now() });
    if (row.incident_id === null) {
      throw new HttpProblem(409, 'It was a test message; send another one with POST /api/v1/notifications/test.');
    }
    const fingerprints = (row.told ?? []).map(([fingerprint]) => fingerprint);
    const { incidents } = await rearm(tx, row.destination_id, { fingerprints, now: now() });
    if (incidents.length > 0) return { incidents, destinations: [row.destination_id] };
    throw new HttpProblem(
      409,
      `There is nothing to try again: what notification ${notificationId} told has ended, or is armed again already.`,
    );
  });
}

/** The destination is locked first, in the order of the deliver stage. */
async function lock(tx: Queryable, notificationId: string): Promise<Row> {
  await tx.query(
    `select id from destination where id = (select destination_id from notification where id = $1::bigint)
     for no key update`,
    [notificationId],
  );
  const rows = await tx.query<Row>(
    `select n.destination_id, n.state, coalesce(n.told, c.told) as told, n.incident_id, n.notice_id
     from notification n left join notification c on c.id = n.carrier_id
     where n.id = $1::bigint for no key update of n`,
    [notificationId],
  );
  const row = rows.rows[0];
  if (row === undefined) throw noNotification(notificationId);
  return row;
}

/** Its own wait ends, and so does the back-off of its destination, which would hold it up just the same. */
async function hurry(
  tx: Queryable,
  notificationId: string,
  { destinationId, now }: { destinationId: number; now: Date },
): Promise<Woken> {
  await tx.query('update notification set next_at = $2 where id = $1::bigint', [notificationId, now]);
  await tx.query('update destination set retry_at = null where id = $1', [destinationId]);
  return { incidents: [], destinations: [destinationId] };
}

/** A notice was given up: nothing decides it anew, so it waits again as it was made. */
async function sendAgain(
  tx: Queryable,
  notificationId: string,
  { destinationId, now }: { destinationId: number; now: Date },
): Promise<Woken> {
  await tx.query(
    `update notification set state = 'pending', reason = 'retry', content = null, told = null, finished_at = null
     where id = $1::bigint`,
    [notificationId],
  );
  return hurry(tx, notificationId, { destinationId, now });
}

function refusal(state: string, notificationId: string): string {
  if (state === 'sending') return `Notification ${notificationId} is being sent just now.`;
  if (state === 'accepted') return `Notification ${notificationId} was accepted by the provider already.`;
  return `Notification ${notificationId} was cancelled, because there was nothing to tell any more.`;
}
