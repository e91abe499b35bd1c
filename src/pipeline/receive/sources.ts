import type { Queryable } from '../../store/db.ts';
import { absenceToleranceMs } from '../../store/outages.ts';

/** A malformed alert of an otherwise good request. */
export interface Quarantined {
  reason: string;
  /** Bounded piece of what came, for people. */
  excerpt: string;
}

/** A source's last post is rewritten at most this often; more would cost a row for every request. */
const activityStepMs = 5_000;

/** Posts that are nearer to each other count as going on without a pause. */
const namedGapMs = 60_000;

/** Remembers when the last post of each source was stored by this process. */
export interface LastPosts {
  /** The sources whose stored last post is too old by now. */
  stale(deliveries: readonly { sourceId: number }[], now: Date): number[];
  /** Called after the commit. */
  saved(sourceIds: readonly number[], now: Date): void;
}

/** Makes an empty memory: the first post of each source is stored. */
export function createLastPosts(): LastPosts {
  const savedAt = new Map<number, number>();
  return {
    stale: (deliveries, now) => {
      const ids = new Set(deliveries.map((d) => d.sourceId));
      return [...ids]
        .filter((id) => Math.abs(now.getTime() - (savedAt.get(id) ?? 0)) >= activityStepMs)
        .sort((a, b) => a - b);
    },
    saved: (sourceIds, now) => {
      for (const id of sourceIds) savedAt.set(id, now.getTime());
    },
  };
}

/**
 * Notes that these sources are alive. The longest gap between posts teaches when silence is unusual; a source that
 * was quiet is alive again with its first post. A gap in which we were away teaches nothing (rule 2). Gaps that are worth
 * naming are kept, so that *explain* can say when a source had posted last at any moment.
 */
export async function saveActivity(tx: Queryable, sourceIds: readonly number[], now: Date): Promise<void> {
  if (sourceIds.length === 0) return;
  await tx.query(
    `with gaps as (
       insert into source_gap (source_id, from_at, to_at)
       select t.id, coalesce(a.last_post_at, 'epoch'), $2
       from unnest($1::int[]) as t (id) left join source_activity a on a.source_id = t.id
       where a.last_post_at is null or a.last_post_at < $2::timestamptz - make_interval(secs => ${namedGapMs / 1000})
       order by t.id on conflict do nothing)
     insert into source_activity as a (source_id, last_post_at)
     select id, $2 from unnest($1::int[]) as t (id)
     on conflict (source_id) do update set
       longest_gap_ms = case
         when exists (select from outage o where o.to_at > a.last_post_at and o.from_at < excluded.last_post_at)
           or exists (select from tick t where t.name = 'alive'
                        and t.at < excluded.last_post_at - make_interval(secs => ${absenceToleranceMs / 1000}))
         then a.longest_gap_ms
         else greatest(a.longest_gap_ms, extract(epoch from (excluded.last_post_at - a.last_post_at)) * 1000)::bigint
       end,
       last_post_at = greatest(a.last_post_at, excluded.last_post_at)`,
    [sourceIds, now],
  );
}

/** Keeps what could not be understood, with its reason, for the API to show. */
export async function saveQuarantine(
  tx: Queryable,
  deliveries: readonly { sourceId: number; quarantined: readonly Quarantined[] }[],
  now: Date,
): Promise<void> {
  const rows = deliveries.flatMap((d) => d.quarantined.map((q) => ({ sourceId: d.sourceId, ...q })));
  if (rows.length === 0) return;
  await tx.query(
    `insert into quarantine (source_id, received_at, reason, excerpt)
     select t.source_id, $1, t.reason, t.excerpt from unnest($2::int[], $3::text[], $4::text[]) as t (source_id, reason, excerpt)`,
    [now, rows.map((r) => r.sourceId), rows.map((r) => r.reason), rows.map((r) => r.excerpt)],
  );
}
