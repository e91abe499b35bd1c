/** Gives the database what was heard and decided while it was away. */
import type { Queryable } from '../store/db.ts';
import { echoMs } from './beats.ts';
import type { Missed, Raised } from './memory.ts';
import type { Stream } from './streams.ts';

/** An alarm as its row has it. */
export interface StoredRaise extends Pick<Stream, 'blame'> {
  /** Of the stream. */
  id: number;
  alarmedAt: Date;
}

/** Of these streams those whose alarm the database holds. */
export async function loadRaised(db: Queryable, raised: readonly Raised[]): Promise<StoredRaise[]> {
  if (raised.length === 0) return [];
  const { rows } = await db.query<{ [K in keyof StoredRaise]: StoredRaise[K] }>(
    `select id, alarmed_at as "alarmedAt", blame from heartbeat_stream where id = any($1) and alarmed_at is not null`,
    [raised.map((r) => r.id)],
  );
  return rows;
}

/**
 * Marks the streams whose alarm is out, with its start, and notes the change of their states; one that another replica has
 * raised meanwhile keeps its own.
 *
 * @returns the alarms as they are stored now; a stream that has been deleted has none
 */
export async function saveRaised(db: Queryable, raised: readonly Raised[], now: Date): Promise<StoredRaise[]> {
  if (raised.length === 0) return [];
  await db.query(
    `with changed as (update heartbeat_stream s
        set state = 'lost', state_since = $3, alarmed_at = r.starts_at, blame = null, good_beats = 0
       from unnest($1::int[], $2::timestamptz[]) as r (id, starts_at) join heartbeat_stream b on b.id = r.id
      where s.id = r.id and s.alarmed_at is null
     returning s.id, b.state as was, r.starts_at)
     insert into heartbeat_change (stream_id, at, was, state)
     select id, starts_at, was, 'lost' from changed where was <> 'lost'`,
    [raised.map((r) => r.id), raised.map((r) => r.alarm.startsAt), now],
  );
  return loadRaised(db, raised);
}

/**
 * Stores beats whose request ended in 503. A later one that is there already says more; and a time in which nothing could be
 * stored teaches no cadence. Call it after {@link saveRaised}: only what came after an alarm's start is good.
 */
export async function saveMissed(db: Queryable, missed: readonly Missed[]): Promise<void> {
  if (missed.length === 0) return;
  await db.query(
    `with heard as (
       select s.id, t.last_at, t.count, t.resolved_at,
         t.last_at - coalesce(s.last_beat_at, 'epoch') >= make_interval(secs => ${echoMs / 1000}) is true as beats,
         t.resolved_at > coalesce(s.resolved_at, 'epoch') is true as ends,
         (select count(*)::int from jsonb_array_elements_text(t.times::jsonb) as b (at)
           where b.at::timestamptz > coalesce(greatest(s.alarmed_at, t.resolved_at), 'epoch')) as good
       from unnest($1::int[], $2::timestamptz[], $3::int[], $4::timestamptz[], $5::text[])
         as t (id, last_at, count, resolved_at, times) join heartbeat_stream s on s.id = t.id)
     update heartbeat_stream s set
       first_beat_at = coalesce(s.first_beat_at, h.last_at),
       last_beat_at = case when h.beats then h.last_at else s.last_beat_at end,
       beats = s.beats + case when h.beats then h.count else 0 end,
       good_beats = case when h.ends then h.good when h.beats then s.good_beats + h.good else s.good_beats end,
       resolved_at = case when h.ends then h.resolved_at else s.resolved_at end
     from heard h where s.id = h.id and (h.beats or h.ends)`,
    [
      missed.map((m) => m.id),
      missed.map((m) => m.at.at(-1) ?? null),
      missed.map((m) => m.count),
      missed.map((m) => m.resolvedAt),
      missed.map((m) => JSON.stringify(m.at)),
    ],
  );
}
