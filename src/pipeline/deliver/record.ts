import type { Reason } from '../../alert/reason.ts';
import type { Answer, DeliveryError } from '../../channels/channel.ts';
import { byIndex, type Db, type Queryable } from '../../store/db.ts';
import { type Step, saveSteps } from '../steps.ts';
import { backoffMs } from './backoff.ts';
import type { Claimed, Told } from './rows.ts';

/** What recording a result leaves to be looked at. */
export interface Recorded {
  /** Incidents whose timers have to be computed again. */
  incidents: string[];
  /** The destination has worked again after failures. */
  recovered: boolean;
  /** Failures of this destination in a row, this one included. */
  failures: number;
  /** Since when it was due, null when somebody else recorded it. */
  dueSince: Date | null;
}

interface Closed extends Record<string, unknown> {
  id: string;
  incident_id: string | null;
  destination_id: number;
  told: Told[] | null;
  carrier_id: string | null;
  created_at: Date;
}

/**
 * Records that the provider has accepted a message, in one transaction: the attempt, the notification and those it
 * carried, the receipts, the conversation's time. An acceptance that comes after its lease was lost still records the
 * attempt and moves the receipts (rule 12); the notification then belongs to whoever holds it.
 */
export async function recordAccepted(db: Db, claimed: Claimed, answer: Answer, now: Date): Promise<Recorded> {
  return db.transaction(async (tx) => {
    const owned = await tx.query<Closed>(
      `update notification set state = 'accepted', answer = $3, remedy = null, lease_until = null, finished_at = $4
       where id = $1 and fence = $2 and state = 'sending' returning id, incident_id, destination_id, told, carrier_id, created_at`,
      [claimed.notificationId, claimed.fence, answer.text, now],
    );
    const late = owned.rows.length === 0;
    const rows = late ? await sameMessage(tx, claimed) : [...owned.rows, ...(await closeCarried(tx, claimed, now))];
    const reason: Reason = late ? 'late_acceptance' : 'accepted';
    await finishAttempt(tx, claimed, { outcome: 'accepted', reason, answer: answer.text, now });
    await moveReceipts(
      tx,
      claimed.destination.id,
      rows.flatMap((r) => r.told ?? []),
      now,
    );
    const incidents = rows.flatMap((r) => r.incident_id ?? []).sort();
    await tx.query(
      `update thread set last_accepted_at = $3, joined_at = null where destination_id = $1 and incident_id = any($2::bigint[])`,
      [claimed.destination.id, incidents, now],
    );
    const recovered = await destinationWorks(tx, claimed.destination.id, now);
    const due = await touch(tx, rows, now);
    await saveSteps(
      tx,
      rows.map((r) => stepOf(r, r.carrier_id === null ? reason : 'merged', answer.text)),
      now,
    );
    return { incidents: due, recovered, failures: 0, dueSince: owned.rows[0]?.created_at ?? null };
  }, byIndex);
}

/** The rows of a message that somebody else has taken over meanwhile; only what they tell is of use. */
async function sameMessage(tx: Queryable, claimed: Claimed): Promise<Closed[]> {
  const rows = await tx.query<Closed>(
    `select id, incident_id, destination_id, told, carrier_id, created_at from notification
     where (id = $1 or carrier_id = $1) and message_id is not distinct from coalesce(message_id, $2)`,
    [claimed.notificationId, claimed.messageId],
  );
  return rows.rows;
}

async function closeCarried(tx: Queryable, claimed: Claimed, now: Date): Promise<Closed[]> {
  const rows = await tx.query<Closed>(
    `update notification set state = 'accepted', reason = 'merged', finished_at = $2
     where carrier_id = $1 and state = 'sending' returning id, incident_id, destination_id, null as told, carrier_id, created_at`,
    [claimed.notificationId, now],
  );
  return rows.rows;
}

async function moveReceipts(tx: Queryable, destinationId: number, told: readonly Told[], now: Date): Promise<void> {
  if (told.length === 0) return;
  const rows = [...new Map(told.map((t) => [t[0], t])).values()].sort(([a], [b]) => (a < b ? -1 : 1));
  await tx.query(
    `insert into receipt as r (destination_id, alert_fingerprint, episode, state, told_at)
     select $1, t.alert, t.episode, t.state, $5 from unnest($2::text[], $3::int[], $4::text[]) as t (alert, episode, state)
     on conflict (destination_id, alert_fingerprint) do update
       set episode = excluded.episode, state = excluded.state, told_at = excluded.told_at
     where (excluded.episode, excluded.state in ('resolved', 'undeliverable'))
       >= (r.episode, r.state in ('resolved', 'undeliverable'))`,
    [destinationId, rows.map((t) => t[0]), rows.map((t) => t[1]), rows.map((t) => t[2]), now],
  );
}

async function destinationWorks(tx: Queryable, destinationId: number, now: Date): Promise<boolean> {
  const rows = await tx.query<{ recovered: boolean }>(
    `with was as (select id, last_failed_at, last_accepted_at from destination where id = $1 for no key update)
     update destination d set failures = 0, retry_at = null, last_accepted_at = $2,
       -- Not over while part of it waits, or incidents that have not been decided since the edit have yet to add theirs.
       summary_due = d.summary_due and (exists (select from incident i
           where i.closed_at is null and i.decided_version < (select version from config_version))
         or exists (select from notification n
           where n.destination_id = d.id and n.state = 'pending' and n.reason = 'summary'))
     from was where d.id = was.id
     returning was.last_failed_at is not null
       and (was.last_accepted_at is null or was.last_failed_at > was.last_accepted_at) as recovered`,
    [destinationId, now],
  );
  const recovered = rows.rows[0]?.recovered ?? false;
  if (recovered) {
    await tx.query(
      `update notification set next_at = $2 where destination_id = $1 and state = 'pending' and reason = 'retry'`,
      [destinationId, now],
    );
  }
  return recovered;
}

/**
 * Records a failed attempt and what follows from it; see {@link DeliveryError.kind}. A message in doubt that is refused
 * when it is repeated stays in doubt: its first copy may have arrived, so no other words may go out in its name.
 */
export async function recordFailure(
  db: Db,
  claimed: Claimed,
  error: DeliveryError,
  { now, leaseOffsetMs }: { now: Date; leaseOffsetMs: number },
): Promise<Recorded> {
  return db.transaction(async (tx) => {
    await finishAttempt(tx, claimed, { outcome: error.kind, reason: error.reason, answer: error.answer, now });
    const failures = await destinationFails(tx, claimed, error, now);
    const waitMs = backoffMs(error.kind, failures, error.retryAfterMs);
    if (error.kind === 'in_doubt' || (claimed.repeat && error.kind !== 'permanent')) {
      // The lease is what keeps the same bytes for the next attempt; it only ends sooner or later.
      await tx.query(
        `update notification set lease_until = clock_timestamp() + $3::float8 * interval '1 ms', answer = $4, remedy = $5
         where id = $1 and fence = $2 and state = 'sending'`,
        [claimed.notificationId, claimed.fence, waitMs + leaseOffsetMs, error.answer, error.remedy],
      );
      return { incidents: [], recovered: false, failures, dueSince: null };
    }
    const rows = await release(tx, claimed, error, { now, nextAt: new Date(now.getTime() + waitMs) });
    if (error.kind === 'permanent') await giveUp(tx, claimed.destination.id, rows, now);
    const incidents = await touch(tx, rows, now);
    await saveSteps(
      tx,
      rows.map((r) => stepOf(r, error.reason, error.answer)),
      now,
    );
    return { incidents, recovered: false, failures, dueSince: null };
  }, byIndex);
}

/** Definitely refused: what it said is dropped and decided again at `nextAt`, or given up. */
async function release(
  tx: Queryable,
  claimed: Claimed,
  error: DeliveryError,
  { now, nextAt }: { now: Date; nextAt: Date },
): Promise<Closed[]> {
  const permanent = error.kind === 'permanent';
  const rows = await tx.query<Closed>(
    `with mine as (select id, told from notification where id = $1 and fence = $2 and state = 'sending' for update)
     update notification n set
       state = case when $3 then 'undeliverable' else 'pending' end,
       reason = case when $3 then $4 when n.reason = 'repeat' then n.reason else 'retry' end,
       answer = $5, remedy = $6, carrier_id = case when $3 then n.carrier_id end, lease_until = null,
       told = case when $3 then n.told end, content = case when $3 then n.content end,
       next_at = case when $3 then null else $7::timestamptz end, finished_at = case when $3 then $8::timestamptz end
     from mine where (n.id = mine.id or n.carrier_id = mine.id) and n.state = 'sending'
     returning n.id, n.incident_id, n.destination_id, mine.told, n.carrier_id, n.created_at`,
    [claimed.notificationId, claimed.fence, permanent, error.reason, error.answer, error.remedy, nextAt, now],
  );
  return rows.rows;
}

/** Receipt `undeliverable` (rule 5): nobody tries again until the contact, the channel or the alert changes. */
async function giveUp(tx: Queryable, destinationId: number, rows: readonly Closed[], now: Date): Promise<void> {
  const told = rows.flatMap((r) => r.told ?? []);
  if (told.length === 0) return giveUpReminding(tx, destinationId, rows, now);
  await tx.query(
    `insert into receipt (destination_id, alert_fingerprint, episode, state, told_at)
     select distinct on (t.alert) $1, t.alert, t.episode, 'undeliverable', $4::timestamptz
     from unnest($2::text[], $3::int[]) as t (alert, episode) order by t.alert
     on conflict (destination_id, alert_fingerprint) do update
       set episode = excluded.episode, state = excluded.state, told_at = excluded.told_at`,
    [destinationId, told.map((t) => t[0]), told.map((t) => t[1]), now],
  );
}

/** A reminder tells nothing new, so what it reminds of is given up: else it would be due again at once, and for ever. */
async function giveUpReminding(
  tx: Queryable,
  destinationId: number,
  rows: readonly Closed[],
  now: Date,
): Promise<void> {
  await tx.query(
    `update receipt set state = 'undeliverable', told_at = $3 where destination_id = $1 and state = 'firing'
       and alert_fingerprint in (select alert_fingerprint from incident_alert
         where incident_id = any($2::bigint[]) and left_at is null)`,
    [destinationId, rows.flatMap((r) => r.incident_id ?? []), now],
  );
}

async function destinationFails(tx: Queryable, claimed: Claimed, error: DeliveryError, now: Date): Promise<number> {
  // A wrong address says nothing about the next message; everything else makes the whole destination wait.
  const counts = error.kind !== 'permanent';
  const rows = await tx.query<{ failures: number }>(
    `update destination set failures = failures + $4, last_failed_at = $2, last_failure = $3, last_remedy = $5,
       last_reason = $6
     where id = $1 returning failures`,
    [claimed.destination.id, now, error.answer, counts ? 1 : 0, error.remedy, error.reason],
  );
  const failures = rows.rows[0]?.failures ?? 1;
  if (counts) {
    const retryAt = new Date(now.getTime() + backoffMs(error.kind, failures, error.retryAfterMs));
    await tx.query('update destination set retry_at = $2 where id = $1', [claimed.destination.id, retryAt]);
  }
  return Math.max(1, failures);
}

async function finishAttempt(
  tx: Queryable,
  claimed: Claimed,
  result: { outcome: string; reason: Reason; answer: string; now: Date },
): Promise<void> {
  await tx.query(
    `update attempt set finished_at = $3, outcome = $4, reason = $5, answer = $6 where notification_id = $1 and fence = $2`,
    [claimed.notificationId, claimed.fence, result.now, result.outcome, result.reason, result.answer],
  );
}

/**
 * Marks the incidents of these notifications, and those that now hold the alerts they told of: an edit may have moved an alert
 * while its message was on its way, and a destination may be a member of several alert groups. A mark does not wait for a
 * decision under way, and lets incidents go first of which something critical has not been told.
 */
export async function touch(
  tx: Queryable,
  rows: readonly Pick<Closed, 'incident_id' | 'told'>[],
  now: Date,
): Promise<string[]> {
  const touched = await tx.query<{ id: string }>(
    `with held as (
       select i.id from (
         select unnest($1::bigint[]) as id
         union select incident_id from incident_alert where alert_fingerprint = any($2::text[]) and left_at is null) of_these
       join incident i using (id) where i.closed_at is null order by i.id for key share of i)
     insert into incident_due (incident_id, due_at) select id, $3 from held returning incident_id as id`,
    [rows.flatMap((r) => r.incident_id ?? []), rows.flatMap((r) => (r.told ?? []).map(([alert]) => alert)), now],
  );
  return touched.rows.map((r) => r.id);
}

function stepOf(row: Closed, reason: Reason, answer: string): Step {
  return {
    stage: 'deliver',
    reason,
    destinationId: row.destination_id,
    notificationId: row.id,
    detail: { answer },
    ...(row.incident_id === null ? {} : { incidentId: row.incident_id }),
  };
}
