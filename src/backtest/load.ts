/** Reads what a backtest replays. */
import type { Queryable } from '../store/db.ts';
import type { Acknowledgement, History, PastAlert } from './history.ts';
import { createRecorder, type Recorded, type Recorder } from './recorder.ts';

/** More changes than this are not replayed: the answer would take minutes, and a GB of memory. */
export const changesAtMost = 3_000_000;
/** What one query answers is taken in one piece, in which nobody else gets a turn: some milliseconds each. */
const changesAtOnce = 4_000;
const alertsAtOnce = 2_000;

/** There is more in the time than can be replayed. */
export class TooMuch extends Error {
  override readonly name = 'TooMuch';
}

/** A change, as its row says. */
interface Row extends Recorded, Record<string, unknown> {
  cursor: string;
  id: string;
}

/** An alert that fires, or is stale. */
interface FiringRow extends Pick<Recorded, 'fingerprint' | 'state' | 'since'>, Record<string, unknown> {}

/** A history, and how far back anything is known. */
export interface KnownHistory extends History {
  /** When the oldest change that is kept was heard of; null: none is kept. */
  knownSince: Date | null;
}

/**
 * Everything that is known of the time from `from` on, and what fired then.
 * @throws TooMuch when there are too many changes
 */
export async function loadHistory(db: Queryable, from: Date): Promise<KnownHistory> {
  const { rows } = await db.query<{ count: number; oldest: Date | null }>(
    `select count(*)::int as count, (select min(heard_at) from transition) as oldest
     from transition where heard_at >= $1`,
    [from],
  );
  const { count, oldest: knownSince } = rows[0] ?? { count: 0, oldest: null };
  if (count > changesAtMost)
    throw new TooMuch(
      `There are ${count} changes in that time, and ${changesAtMost} can be replayed: take a shorter one.`,
    );
  const recorder = createRecorder(from);
  for await (const page of changesSince(db, from)) for (const row of page) recorder.note(row);
  await loadFiringSince(db, from, recorder);
  const alerts = await loadAlerts(db, recorder.fingerprints());
  const acknowledgements = await loadAcknowledgements(db, from);
  return { alerts, changes: recorder.changes(), acknowledgements, knownSince };
}

const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

async function* changesSince(db: Queryable, from: Date): AsyncGenerator<Row[]> {
  let last: Row | undefined;
  for (;;) {
    const { rows }: { rows: Row[] } = await db.query<Row>(
      `select id, heard_at::text as cursor, ${ms('heard_at')} as heard, alert_fingerprint as fingerprint, state,
         ${ms('since')} as since, ${ms('ended_at')} as ended
       from transition where (heard_at, id) > ($1::timestamptz, $2::bigint) order by heard_at, id limit $3`,
      [last?.cursor ?? new Date(from.getTime() - 1), last?.id ?? 0, changesAtOnce],
    );
    yield rows;
    if (rows.length < changesAtOnce) return;
    last = rows.at(-1);
  }
}

/**
 * What fires, or is stale, and has not changed since: its change may have been decided after `from`, and was heard of before. What
 * began later and is not known comes while this is read.
 */
async function loadFiringSince(db: Queryable, from: Date, recorder: Recorder): Promise<void> {
  for (let last = ''; ; ) {
    const { rows }: { rows: FiringRow[] } = await db.query<FiringRow>(
      `select fingerprint, state, ${ms('since')} as since from alert
       where state in ('firing', 'stale') and since < $1 and fingerprint > $2 order by fingerprint limit $3`,
      [from, last, changesAtOnce],
    );
    for (const row of rows) if (!recorder.knows(row.fingerprint)) recorder.fired(row);
    if (rows.length < changesAtOnce) return;
    last = rows.at(-1)?.fingerprint ?? last;
  }
}

/** Those of which a label set is left. */
async function loadAlerts(db: Queryable, fingerprints: readonly string[]): Promise<PastAlert[]> {
  const found = new Map<string, PastAlert>();
  for (let i = 0; i < fingerprints.length; i += alertsAtOnce) {
    const { rows } = await db.query<{ [K in keyof PastAlert]: PastAlert[K] }>(
      `select fingerprint, labels, lane, pinned_group as "pinnedGroup" from alert where fingerprint = any($1::text[])`,
      [fingerprints.slice(i, i + alertsAtOnce)],
    );
    for (const alert of rows) found.set(alert.fingerprint, alert);
  }
  const lost = (fingerprint: string): PastAlert => ({ fingerprint, labels: {}, lane: 'normal', pinnedGroup: null });
  return fingerprints.map((fingerprint) => found.get(fingerprint) ?? lost(fingerprint));
}

async function loadAcknowledgements(db: Queryable, from: Date): Promise<Acknowledgement[]> {
  const { rows } = await db.query<{ [K in keyof Acknowledgement]: Acknowledgement[K] }>(
    `select s.at, coalesce((s.detail->>'taken_back')::boolean, false) as "takenBack", i.group_id as "groupId",
       i.group_key as "groupKey", array(select ia.alert_fingerprint from incident_alert ia
         where ia.incident_id = i.id and ia.joined_at <= s.at and (ia.left_at is null or ia.left_at > s.at)) as alerts
     from step s join incident i on i.id = s.incident_id
     where s.at >= $1 and s.stage = 'converge' and s.reason = 'acknowledged' and s.destination_id is null order by s.at, s.id`,
    [from],
  );
  return rows;
}
