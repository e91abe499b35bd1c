/** Reads what a backtest replays. */
import type { AlertState } from '../alert/alert.ts';
import type { Queryable } from '../store/db.ts';
import { type Acknowledgement, type Changes, type History, type PastAlert, states } from './history.ts';

/** More changes than this are not replayed: the answer would take minutes, and a GB of memory. */
export const changesAtMost = 3_000_000;
const changesAtOnce = 20_000;
const alertsAtOnce = 5_000;

/** There is more in the time than can be replayed. */
export class TooMuch extends Error {
  override readonly name = 'TooMuch';
}

/** A change, as its row says; times in milliseconds since 1970. */
interface Row extends Record<string, unknown> {
  cursor: string;
  id: string;
  heard: number;
  fingerprint: string;
  state: AlertState;
  since: number;
  ended: number | null;
}

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
  await loadFiringSince(db, recorder);
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

/** What fires, or is stale, and has not changed since: its change may have been decided after `from`, and was heard of before. */
async function loadFiringSince(db: Queryable, recorder: Recorder): Promise<void> {
  const { rows } = await db.query<{ fingerprint: string; state: AlertState; since: number }>(
    `select fingerprint, state, ${ms('since')} as since from alert
     where state in ('firing', 'stale') order by fingerprint`,
  );
  for (const row of rows) if (!recorder.knows(row.fingerprint)) recorder.fired(row);
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

/** Gathers changes in columns. */
interface Recorder {
  note(row: Row): void;
  /** A change of it has been noted. */
  knows(fingerprint: string): boolean;
  /** An alert that fired all the time. */
  fired(alert: { fingerprint: string; state: AlertState; since: number }): void;
  fingerprints(): string[];
  changes(): Changes;
}

function createRecorder(from: Date): Recorder {
  const indexes = new Map<string, number>();
  const start = from.getTime();
  const before: [heard: number, alert: number, state: number, since: number, ended: number][] = [];
  const all: typeof before = [];

  function indexOf(fingerprint: string): { index: number; first: boolean } {
    const known = indexes.get(fingerprint);
    if (known !== undefined) return { index: known, first: false };
    indexes.set(fingerprint, indexes.size);
    return { index: indexes.size - 1, first: true };
  }

  return {
    note({ fingerprint, state, heard, since, ended }) {
      const { index, first } = indexOf(fingerprint);
      // What ends first must have begun before.
      if (first && state !== 'firing') before.push([start, index, 0, since, Number.NaN]);
      all.push([heard, index, states.indexOf(state), since, ended ?? Number.NaN]);
    },
    knows: (fingerprint) => indexes.has(fingerprint),
    fired({ fingerprint, state, since }) {
      const { index } = indexOf(fingerprint);
      before.push([start, index, 0, since, Number.NaN]);
      if (state !== 'firing') before.push([start, index, states.indexOf(state), since, Number.NaN]);
    },
    fingerprints: () => [...indexes.keys()],
    changes: () => columnsOf([...before, ...all]),
  };
}

/** Changes as columns. @param rows when it was heard of, the alert, its state, since when, the end of its last firing period */
export function columnsOf(rows: readonly (readonly [number, number, number, number, number])[]): Changes {
  return {
    length: rows.length,
    heardAt: Float64Array.from(rows, (row) => row[0]),
    alert: Int32Array.from(rows, (row) => row[1]),
    state: Uint8Array.from(rows, (row) => row[2]),
    since: Float64Array.from(rows, (row) => row[3]),
    endedAt: Float64Array.from(rows, (row) => row[4]),
  };
}
