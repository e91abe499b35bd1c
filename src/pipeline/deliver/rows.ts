import type { Lane } from '../../alert/alert.ts';
import type { Labels } from '../../alert/labels.ts';
import type { Content } from '../../channels/channel.ts';
import type { Queryable } from '../../store/db.ts';

/** A message that this process alone may send until its lease ends. */
export interface Claimed {
  notificationId: string;
  destination: { id: number; channel: string; address: string };
  content: Content;
  messageId: string;
  /** Fences out whoever claimed it before. */
  fence: number;
  attempt: number;
  /** It may have arrived already: the same bytes again. */
  repeat: boolean;
}

/** One receipt that an accepted message moves: alert, episode, state. */
export type Told = [alert: string, episode: number, state: 'firing' | 'resolved' | 'flapping'];

/** A destination under its row lock. */
export interface DestinationRow {
  id: number;
  channel: string;
  address: string;
  name: string;
  locale: string;
  timezone: string;
  tokens: number | null;
  hourTokens: number | null;
  tokensAt: Date | null;
  retryAt: Date | null;
  summaryDue: boolean;
}

/** A notification that waits to be claimed, with its incident. */
export interface PendingRow {
  id: string;
  incidentId: string;
  groupId: number;
  groupName: string;
  groupLabels: Labels;
  lane: Lane;
  sequence: number;
  reason: string;
  /** 0 normal, 1 critical, 2 watchdog; as it was decided. */
  priority: number;
  messageId: string | null;
  acknowledged: boolean;
  acknowledgedBy: string | null;
  /** When it was decided to tell. */
  createdAt: Date;
  /** Those that share it are told in one message. */
  together: string | null;
  /** How many escalation steps the incident has reached. */
  escalatedSteps: number;
  /** The destination has accepted nothing of the incident yet. */
  first: boolean;
  /** It has waited for a limit of the destination already. */
  limited: boolean;
}

/** A worded message: the notification that carries it, those it carries too, and what it tells. */
export interface Frozen {
  carrier: Pick<PendingRow, 'id'>;
  carried: PendingRow[];
  messageId: string;
  told: Told[];
  content: Content;
}

/** A message of which nobody knows whether it arrived. */
export interface Doubtful {
  id: string;
  priority: number;
}

/** A lease on the database's clock. */
export interface Lease {
  ms: number;
  offsetMs: number;
}

/** The channel of a destination, null when there is no such destination. */
export async function channelOf(db: Queryable, id: number): Promise<string | null> {
  const { rows } = await db.query<{ channel: string }>('select channel from destination where id = $1', [id]);
  return rows[0]?.channel ?? null;
}

/**
 * Locks a destination, so that its rate and what is on its way to it are seen by one claim at a time. Not
 * `for update`: a decision that opens a notification for it must not wait for us, or the two could deadlock.
 */
export async function lockDestination(tx: Queryable, id: number): Promise<DestinationRow | null> {
  const rows = await tx.query<DestinationRow & Record<string, unknown>>(
    `select id, channel, address, name, locale, timezone, tokens, hour_tokens as "hourTokens", tokens_at as "tokensAt",
       retry_at as "retryAt", summary_due as "summaryDue" from destination where id = $1 for no key update`,
    [id],
  );
  return rows.rows[0] ?? null;
}

/** Messages whose sender was lost on the way, urgent ones first: nobody knows whether they arrived. */
export async function inDoubt(
  tx: Queryable,
  destination: DestinationRow,
  { lease, limit }: { lease: Lease; limit: number },
): Promise<Doubtful[]> {
  const rows = await tx.query<Doubtful & Record<string, unknown>>(
    `select id, priority from notification
     where destination_id = $1 and state = 'sending' and carrier_id is null
       and lease_until < clock_timestamp() + $2::float8 * interval '1 ms'
     order by priority desc, id limit $3`,
    [destination.id, lease.offsetMs, limit],
  );
  return rows.rows;
}

/** Takes over messages in doubt: the same bytes go once more. */
export async function reclaim(
  tx: Queryable,
  destination: DestinationRow,
  doubtful: readonly Doubtful[],
  { lease, now }: { lease: Lease; now: Date },
): Promise<Claimed[]> {
  if (doubtful.length === 0) return [];
  const rows = await tx.query<{ id: string; content: Content; message_id: string; fence: number; attempts: number }>(
    `update notification set fence = fence + 1, attempts = attempts + 1,
       lease_until = clock_timestamp() + ($2::float8 + $3::float8) * interval '1 ms'
     where id = any($1::bigint[]) returning id, content, message_id, fence, attempts`,
    [doubtful.map((d) => d.id), lease.ms, lease.offsetMs],
  );
  const claimed = rows.rows.map(
    (row): Claimed => ({
      notificationId: row.id,
      destination,
      content: row.content,
      messageId: row.message_id,
      fence: row.fence,
      attempt: row.attempts,
      repeat: true,
    }),
  );
  await startAttempts(tx, claimed, now);
  return claimed;
}

/** The rate has no room for these repeats yet. Nobody else may send in their place, so it is their lease that goes on. */
export async function postponeRepeats(
  tx: Queryable,
  doubtful: readonly Doubtful[],
  { waitMs, offsetMs }: { waitMs: number; offsetMs: number },
): Promise<void> {
  if (doubtful.length === 0) return;
  await tx.query(
    `update notification set lease_until = clock_timestamp() + ($2::float8 + $3::float8) * interval '1 ms'
     where id = any($1::bigint[])`,
    [doubtful.map((d) => d.id), waitMs, offsetMs],
  );
}

/**
 * Notifications that may be sent now, urgent ones first. While the destination backs off only critical and watchdog
 * ones try it; watchdog ones are taken together, so that they share a message.
 *
 * @param together of what is told together, only that with this key
 */
export async function pendingOf(
  tx: Queryable,
  destination: DestinationRow,
  { now, limit, together = null }: { now: Date; limit: number; together?: string | null },
): Promise<PendingRow[]> {
  const backsOff = destination.retryAt !== null && destination.retryAt > now;
  const rows = await tx.query<PendingRow & Record<string, unknown>>(
    `select n.id, n.incident_id as "incidentId", i.group_id as "groupId", g.name as "groupName",
       i.group_labels as "groupLabels", i.lane, n.sequence, n.reason, n.priority, n.message_id as "messageId",
       i.acknowledged_at is not null as acknowledged, i.acknowledged_by as "acknowledgedBy",
       n.created_at as "createdAt", n.together, i.escalated_steps as "escalatedSteps",
       h.last_accepted_at is null as first, n.limited_at is not null as limited
     from notification n join incident i on i.id = n.incident_id join alert_group g on g.id = i.group_id
       left join thread h on h.incident_id = n.incident_id and h.destination_id = n.destination_id
     where n.destination_id = $1 and n.state = 'pending'
       and (n.next_at <= $2 or (n.priority = 2 and exists (select from notification w
         where w.destination_id = $1 and w.state = 'pending' and w.priority = 2 and w.next_at <= $2)))
       and (not $3::boolean or n.priority > 0) and ($5::text is null or n.together = $5)
     order by n.priority desc, n.id limit $4`,
    [destination.id, now, backsOff, limit, together],
  );
  return rows.rows;
}

/** What messages on their way to a destination will have told it. */
export async function inFlight(tx: Queryable, destinationId: number): Promise<Told[]> {
  const rows = await tx.query<{ told: Told[] }>(
    `select told from notification where destination_id = $1 and state = 'sending' and carrier_id is null order by id`,
    [destinationId],
  );
  return rows.rows.flatMap((row) => row.told);
}

/** Freezes worded messages and claims them for this process. */
export async function freeze(
  tx: Queryable,
  destination: DestinationRow,
  frozen: readonly Frozen[],
  { lease, now }: { lease: Lease; now: Date },
): Promise<Claimed[]> {
  if (frozen.length === 0) return [];
  const rows = await tx.query<{ id: string; fence: number; attempts: number; content: Content }>(
    `update notification n set state = 'sending', fence = n.fence + 1, attempts = n.attempts + 1,
       lease_until = clock_timestamp() + ($5::float8 + $6::float8) * interval '1 ms', next_at = null, carrier_id = null,
       limited_at = null, limited_by = null, content = t.content::jsonb, told = t.told::jsonb, message_id = t.message_id
     from unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) as t (id, content, told, message_id)
     where n.id = t.id and n.state = 'pending' returning n.id, n.fence, n.attempts, n.content`,
    [
      frozen.map((f) => f.carrier.id),
      frozen.map((f) => JSON.stringify(f.content)),
      frozen.map((f) => JSON.stringify(f.told)),
      frozen.map((f) => f.messageId),
      lease.ms,
      lease.offsetMs,
    ],
  );
  await freezeCarried(tx, frozen);
  const byId = new Map(rows.rows.map((row) => [row.id, row]));
  const claimed = frozen.flatMap((f): Claimed[] => {
    const row = byId.get(f.carrier.id);
    if (row === undefined) return [];
    return [
      {
        notificationId: row.id,
        destination,
        // As the row gives it back, so that a repeat is the same to the last byte.
        content: row.content,
        messageId: f.messageId,
        fence: row.fence,
        attempt: row.attempts,
        repeat: false,
      },
    ];
  });
  await startAttempts(tx, claimed, now);
  return claimed;
}

async function freezeCarried(tx: Queryable, frozen: readonly Frozen[]): Promise<void> {
  const carried = frozen.flatMap((f) => f.carried.map((row) => [row.id, f.carrier.id] as const));
  if (carried.length === 0) return;
  await tx.query(
    `update notification n set state = 'sending', carrier_id = t.carrier_id, next_at = null, limited_at = null, limited_by = null
     from unnest($1::bigint[], $2::bigint[]) as t (id, carrier_id) where n.id = t.id and n.state = 'pending'`,
    [carried.map(([id]) => id), carried.map(([, carrier]) => carrier)],
  );
}

/** The attempt's row exists before the first byte goes out: one without an end is one of which nobody knows. */
async function startAttempts(tx: Queryable, claimed: readonly Claimed[], now: Date): Promise<void> {
  if (claimed.length === 0) return;
  await tx.query(
    `insert into attempt (notification_id, number, fence, started_at)
     select t.id, t.number, t.fence, $4 from unnest($1::bigint[], $2::int[], $3::int[]) as t (id, number, fence)`,
    [claimed.map((c) => c.notificationId), claimed.map((c) => c.attempt), claimed.map((c) => c.fence), now],
  );
}
