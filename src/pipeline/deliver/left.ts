/** How much of the limits is left, for people: it reads what claims store, and locks nothing. */
import type { Channel, RateLimit } from '../../channels/channel.ts';
import type { Queryable } from '../../store/db.ts';
import { tokensNow, wholeTokens } from './bucket.ts';

/** The buckets of one destination, and all those that are shared, as their rows say. */
export interface BucketColumns {
  channel: string;
  tokens: number | null;
  hour_tokens: number | null;
  tokens_at: Date | null;
  /** By the name of the limit. */
  shared: Readonly<Record<string, { tokens: number | null; at: string | null }>>;
}

/** A limit, and how many messages may follow each other now. */
export interface RateLeft extends RateLimit {
  left: number;
}

/** What each limit of a destination has left. Pure. */
export function rateLeft(channels: ReadonlyMap<string, Channel>, row: BucketColumns, now: Date): RateLeft[] {
  return (channels.get(row.channel)?.rateLimits ?? []).map((limit) => {
    const left = wholeTokens(tokensNow(bucketOf(limit, row), limit, now));
    return { ...limit, left: Math.max(0, left) };
  });
}

function bucketOf({ name }: RateLimit, row: BucketColumns): { tokens: number | null; at: Date | null } {
  if (name === 'minute') return { tokens: row.tokens, at: row.tokens_at };
  if (name === 'hour') return { tokens: row.hour_tokens, at: row.tokens_at };
  const { tokens, at } = row.shared[name] ?? { tokens: null, at: null };
  return { tokens, at: at === null ? null : new Date(at) };
}

/** The fullest use of one limit of a channel: what is left to the destination that has the least. */
export interface LeastLeft {
  channel: string;
  limit: string;
  tokens: number;
}

/** What is left of every limit of every channel. */
export async function leastLeft(
  db: Queryable,
  channels: ReadonlyMap<string, Channel>,
  now: Date,
): Promise<LeastLeft[]> {
  const limits = [...channels].flatMap(([channel, { rateLimits }]) => rateLimits.map((l) => ({ channel, ...l })));
  if (limits.length === 0) return [];
  const rows = await db.query<LeastLeft & Record<string, unknown>>(
    `select l.channel, l.name as "limit",
       least(l.burst, min(b.tokens + greatest(0, extract(epoch from $5 - b.at))::float8 / 60 * l.per_minute)) as tokens
     from unnest($1::text[], $2::text[], $3::float8[], $4::float8[]) as l (channel, name, burst, per_minute)
     left join lateral (
       select case l.name when 'minute' then d.tokens else d.hour_tokens end as tokens, d.tokens_at as at
       from destination d where l.name in ('minute', 'hour') and d.channel = l.channel
       union all select r.tokens, r.at from rate_bucket r where r.name = l.name) b on true
     group by l.channel, l.name, l.burst`,
    [
      limits.map((l) => l.channel),
      limits.map((l) => l.name),
      limits.map((l) => l.burst),
      limits.map((l) => l.perMinute),
      now,
    ],
  );
  return rows.rows;
}
