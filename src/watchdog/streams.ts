/** The rows of heartbeat streams. */
import type { Blame } from '../alert/blame.ts';
import type { Labels } from '../alert/labels.ts';
import type { Queryable } from '../store/db.ts';
import type { StreamFacts, StreamState } from './decide.ts';

/** One stream of beats as it is stored. */
export interface Stream extends StreamFacts {
  id: number;
  /** Null: discovered. */
  heartbeatId: number | null;
  /** Null: a declared heartbeat of any source that never beat. */
  sourceId: number | null;
  /** Empty until the first beat of a declared one. */
  fingerprint: string;
  labels: Labels;
  state: StreamState;
  stateSince: Date;
  firstBeatAt: Date | null;
  /** Found when the alarm that is out was raised; null: before that was noted. */
  blame: Blame | null;
}

/** What a decision makes of a stream. */
export interface StreamChange {
  before: Stream;
  state: StreamState;
  alarmedAt: Date | null;
  blame: Blame | null;
}

/** A discovered stream that was never armed and stays away this long was no heartbeat. */
const forgetUnarmedMs = 24 * 3_600_000;

/**
 * Makes the rows fit what is declared: a declared heartbeat without any stream gets a pending one, which goes when it has
 * a real one or its source is edited. A last beat from the future (the clock was set back by more than `toleranceMs`) is
 * "just now".
 */
export async function tidyStreams(db: Queryable, now: Date, toleranceMs: number): Promise<void> {
  await db.query(
    `delete from heartbeat_stream s
      where s.fingerprint = '' and (
              exists (select from heartbeat_stream r where r.heartbeat_id = s.heartbeat_id and r.fingerprint <> '')
              or exists (select from heartbeat h left join source on source.name = h.source
                          where h.id = s.heartbeat_id and source.id is distinct from s.source_id))
         or s.heartbeat_id is null and s.state = 'pending' and s.last_beat_at < $1`,
    [new Date(now.getTime() - forgetUnarmedMs)],
  );
  await db.query(
    `insert into heartbeat_stream (heartbeat_id, source_id, fingerprint, labels, state, state_since)
     select h.id, source.id, '', '{}', 'pending', $1
       from heartbeat h left join source on source.name = h.source
      where not exists (select from heartbeat_stream s where s.heartbeat_id = h.id)
     on conflict do nothing`,
    [now],
  );
  await db.query('update heartbeat_stream set last_beat_at = $1 where last_beat_at > $2', [
    now,
    new Date(now.getTime() + toleranceMs),
  ]);
}

/** All streams, in a stable order. */
export async function loadStreams(db: Queryable): Promise<Stream[]> {
  const { rows } = await db.query<{ [K in keyof Stream]: Stream[K] }>(
    `select id, heartbeat_id as "heartbeatId", source_id as "sourceId", fingerprint, labels, state,
            state_since as "stateSince", first_beat_at as "firstBeatAt", last_beat_at as "lastBeatAt", beats,
            good_beats as "goodBeats", cadence_ms as "cadenceMs", resolved_at as "resolvedAt", alarmed_at as "alarmedAt",
            blame
       from heartbeat_stream order by id`,
  );
  return rows;
}

/**
 * Stores decisions, each only if its stream is still as it was when it was decided: of two replicas that raise the same
 * alarm one wins, and a beat that arrived meanwhile has the stream decided again. Each change of a state is noted.
 *
 * @returns ids of the streams that were changed
 */
export async function saveChanges(db: Queryable, changes: readonly StreamChange[], now: Date): Promise<Set<number>> {
  if (changes.length === 0) return new Set();
  const before = changes.map((change) => change.before);
  const { rows } = await db.query<{ id: number }>(
    `with changed as (update heartbeat_stream s
        set state = c.state,
            state_since = case when s.state = c.state then s.state_since else $9 end,
            alarmed_at = c.alarmed_at,
            blame = c.blame::jsonb,
            good_beats = case when c.state = 'lost' then 0 else s.good_beats end,
            resolved_at = case when c.alarmed_at is null then null else s.resolved_at end
       from unnest($1::int[], $2::text[], $3::timestamptz[], $4::text[], $5::timestamptz[], $6::timestamptz[],
                   $7::timestamptz[], $8::int[], $10::text[])
              as c (id, state, alarmed_at, was, was_alarmed_at, last_beat_at, resolved_at, good_beats, blame)
      where s.id = c.id and s.state = c.was and s.good_beats = c.good_beats
        and s.alarmed_at is not distinct from c.was_alarmed_at
        and s.last_beat_at is not distinct from c.last_beat_at
        and s.resolved_at is not distinct from c.resolved_at
     returning s.id, c.was, c.state),
     noted as (insert into heartbeat_change (stream_id, at, was, state)
               select id, $9, was, state from changed where was <> state)
     select id from changed`,
    [
      before.map((s) => s.id),
      changes.map((change) => change.state),
      changes.map((change) => change.alarmedAt),
      before.map((s) => s.state),
      before.map((s) => s.alarmedAt),
      before.map((s) => s.lastBeatAt),
      before.map((s) => s.resolvedAt),
      before.map((s) => s.goodBeats),
      now,
      changes.map(({ blame }) => (blame === null ? null : JSON.stringify(blame))),
    ],
  );
  return new Set(rows.map((row) => row.id));
}

/**
 * Moves a stream to the heartbeat that its labels belong to since an edit, with all that is known of it; deletes it when
 * they belong to none, or when that heartbeat has its stream already.
 *
 * @param heartbeatId null: a discovered one
 */
export async function rehomeStream(
  db: Queryable,
  stream: Pick<Stream, 'id' | 'sourceId' | 'fingerprint'>,
  heartbeatId: number | null,
): Promise<void> {
  const { rows } = await db.query(
    `update heartbeat_stream set heartbeat_id = $2
      where id = $1 and ($2::int is null or exists (select from heartbeat where id = $2))
        and not exists (select from heartbeat_stream o where o.source_id = $3 and o.fingerprint = $4
                           and o.heartbeat_id is not distinct from $2::int)
     returning id`,
    [stream.id, heartbeatId, stream.sourceId, stream.fingerprint],
  );
  if (rows.length === 0) await deleteStream(db, stream.id);
}

/**
 * Forgets a stream: for one whose sender is gone for good. Its alarm recovers at the next tick; should it beat again, it
 * is discovered again.
 *
 * @returns whether there was one
 */
export async function deleteStream(db: Queryable, id: number): Promise<boolean> {
  const { rowCount } = await db.query('delete from heartbeat_stream where id = $1', [id]);
  return rowCount === 1;
}
