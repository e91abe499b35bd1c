import type { LimitName, RateLimit } from '../../channels/channel.ts';
import type { Queryable } from '../../store/db.ts';
import { saveSteps } from '../steps.ts';
import { type Held, letNoneThrough, type Wait, waitFor } from './limits.ts';
import type { DestinationRow, PendingRow } from './rows.ts';

interface SharedBucket extends Record<string, unknown> {
  name: string;
  tokens: number | null;
  at: Date | null;
}

/** The column of each bucket that a destination has for itself. */
const columns = { minute: 'tokens', hour: 'hourTokens' } as const;

function isOwn(name: LimitName): name is keyof typeof columns {
  return name in columns;
}

/**
 * The buckets of a locked destination. Those that it shares are locked from here to the end of the transaction, always after
 * the destination and after everything that may have to wait for somebody else, so that no claim holds up the others for
 * longer than it takes to word a message.
 */
export async function lockBuckets(
  tx: Queryable,
  destination: DestinationRow,
  limits: readonly RateLimit[],
): Promise<Held[]> {
  const shared = limits.filter((limit) => limit.shared).map((limit) => limit.name);
  const rows = shared.length === 0 ? [] : await lockShared(tx, shared);
  return limits.map((limit) => {
    const { name } = limit;
    const own = isOwn(name) ? { tokens: destination[columns[name]], at: destination.tokensAt } : undefined;
    const bucket = own ?? rows.find((row) => row.name === name);
    if (bucket === undefined) throw new Error(`there is no bucket for the limit ${name}`);
    return { limit, bucket: { tokens: bucket.tokens, at: bucket.at } };
  });
}

/** So many that have just begun to wait are looked at, to explain it: of more, reading what they hold would cost others their time. */
const explainedAtOnce = 20;

/** Notifications that wait for a token, and which of them have nothing to say: to them the rate makes no difference. */
interface ForToken {
  limits: readonly RateLimit[];
  rows: readonly PendingRow[];
  idleOf: (rows: readonly PendingRow[]) => Promise<readonly PendingRow[]>;
  now: Date;
}

/**
 * Whether the buckets that a locked destination has for itself let none of these through; then they wait until they do. What
 * they would say is asked of a few only, for *explain*: in a storm it is much, and would be asked again at each token.
 */
export async function waitForToken(
  tx: Queryable,
  destination: DestinationRow,
  { limits, rows, idleOf, now }: ForToken,
): Promise<boolean> {
  const own = limits.filter((limit) => !limit.shared);
  const held = await lockBuckets(tx, destination, own);
  if (!letNoneThrough(held, rows, now)) return false;
  const fresh = rows.filter((row) => !row.limited);
  const looked = fresh.length <= explainedAtOnce;
  const idle = new Set(looked && fresh.length > 0 ? (await idleOf(fresh)).map(({ id }) => id) : []);
  const waits = rows.map(({ id, priority }) => ({
    ...{ id, ...waitFor(held, priority > 0, now) },
    says: looked ? !idle.has(id) : null,
  }));
  await saveBuckets(tx, destination.id, held, waits, now);
  return true;
}

async function lockShared(tx: Queryable, names: readonly LimitName[]): Promise<SharedBucket[]> {
  const found = await lockNamed(tx, names);
  if (found.length === names.length) return found;
  // Whoever is second waits here until the first has committed, and then reads what that one left.
  await tx.query('insert into rate_bucket (name) select unnest($1::text[]) order by 1 on conflict do nothing', [names]);
  return lockNamed(tx, names);
}

async function lockNamed(tx: Queryable, names: readonly LimitName[]): Promise<SharedBucket[]> {
  const { rows } = await tx.query<SharedBucket>(
    'select name, tokens, at from rate_bucket where name = any($1::text[]) order by name for no key update',
    [names],
  );
  return rows;
}

/** A notification that has to wait. */
interface Waiting extends Wait {
  id: string;
  /** Whether it has anything to say; null: nobody has looked. Left out: it has. */
  says?: boolean | null;
}

/** Stores what is left in the buckets, and until when each of the rest has to wait, and for which of them. */
export async function saveBuckets(
  tx: Queryable,
  destinationId: number,
  held: readonly Held[],
  waiting: readonly Waiting[],
  now: Date,
): Promise<void> {
  await saveOwn(tx, destinationId, held);
  const shared = held.filter(({ limit }) => limit.shared);
  if (shared.length > 0) {
    await tx.query(
      `update rate_bucket b set tokens = t.tokens, at = t.at
       from unnest($1::text[], $2::float8[], $3::timestamptz[]) as t (name, tokens, at) where b.name = t.name`,
      [shared.map((h) => h.limit.name), shared.map((h) => h.bucket.tokens), shared.map((h) => h.bucket.at)],
    );
  }
  if (waiting.length > 0) await saveWaiting(tx, destinationId, waiting, now);
}

async function saveOwn(tx: Queryable, destinationId: number, held: readonly Held[]): Promise<void> {
  const minute = held.find((h) => h.limit.name === 'minute')?.bucket;
  const hour = held.find((h) => h.limit.name === 'hour')?.bucket;
  const at = (minute ?? hour)?.at;
  if (at === undefined) return;
  await tx.query('update destination set tokens = $2, hour_tokens = $3, tokens_at = $4 where id = $1', [
    destinationId,
    minute?.tokens ?? null,
    hour?.tokens ?? null,
    at,
  ]);
}

/**
 * *Explain* is told once of each that it waits, and not each time that it goes on waiting. What has nothing to say does not wait
 * for the rate: it is looked at again with the next token, and begins to wait once it has something.
 */
async function saveWaiting(
  tx: Queryable,
  destinationId: number,
  waiting: readonly Waiting[],
  now: Date,
): Promise<void> {
  const { rows } = await tx.query<{ id: string; incident_id: string; limited_by: string; next_at: Date }>(
    `with begins as (
       select id from notification where id = any($1::bigint[]) and state = 'pending' and limited_at is null),
     waits as (
       update notification n set next_at = t.next_at,
         limited_by = case when t.says then t.limited_by else n.limited_by end,
         limited_at = case when t.says then coalesce(n.limited_at, $5) else n.limited_at end
       from unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::boolean[]) as t (id, next_at, limited_by, says)
       where n.id = t.id and n.state = 'pending' returning n.id, n.incident_id, n.limited_by, n.next_at)
     select w.* from waits w join begins using (id) where w.limited_by is not null order by w.id`,
    [
      waiting.map((w) => w.id),
      waiting.map((w) => w.at),
      waiting.map((w) => w.limit),
      waiting.map((w) => w.says !== false),
      now,
    ],
  );
  const says = new Map(waiting.map((w) => [w.id, w.says]));
  const steps = rows.map(({ id, incident_id, limited_by, next_at }) => ({
    ...{ stage: 'deliver' as const, reason: 'rate_limit' as const },
    ...{ incidentId: incident_id, destinationId, notificationId: id },
    detail: { until: next_at, limit: limited_by, ...(says.get(id) === null ? { unread: true } : {}) },
  }));
  await saveSteps(tx, steps, now);
}
