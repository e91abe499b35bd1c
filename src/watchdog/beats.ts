/** Which reports are beats, and what a beat teaches. A report that is one stops there (rule 11). */
import type { Report } from '../alert/alert.ts';
import type { Heartbeat, Snapshot } from '../alert/config.ts';
import { type Labels, labelsOf } from '../alert/labels.ts';
import { matchesAll } from '../matcher/compile.ts';
import type { Matcher } from '../matcher/matcher.ts';
import type { Queryable } from '../store/db.ts';
import { absenceToleranceMs } from '../store/outages.ts';

/** One report of an always-firing alert. Names its stream: heartbeat, source and full label set. */
export interface Beat {
  /** Null: discovered by its alertname. */
  heartbeatId: number | null;
  sourceId: number;
  /** Of the full labels. */
  fingerprint: string;
  /** The full labels: before `ignore_labels`, the source's own labels added. */
  labels: Labels;
  /** `resolved`: its source says that it stopped. */
  status: 'firing' | 'resolved';
}

/** What decides whether labels are a heartbeat's. */
export interface HeartbeatMatching {
  snapshot: Pick<Snapshot, 'heartbeats'>;
  /** What makes an undeclared alert a heartbeat; see {@link defaultHeartbeatPattern}. */
  discover: Matcher;
}

/**
 * `Watchdog` is the name in kube-prometheus and OpenShift; it was `DeadMansSwitch` before 2019, and people write it in
 * several ways.
 */
export const defaultHeartbeatPattern = "Watchdog|Dead[Mm]an'?s?Switch";

/** Peers of one Alertmanager cluster may both post the same flush: within this time two posts are one beat. */
export const echoMs = 5_000;
/** What no rhythm of a heartbeat exceeds. */
const longestCadenceMs = 7 * 24 * 3_600_000;

/** Whose heartbeat is this: a declared one's id, `discovered`, or nobody's? The first declared one that matches wins. */
export function heartbeatOf(
  labels: Labels,
  sourceId: number,
  matching: HeartbeatMatching,
): Heartbeat | 'discovered' | null {
  const declared = matching.snapshot.heartbeats.find(
    (h) => (h.sourceId === null || h.sourceId === sourceId) && matchesAll(h.matchers, labels),
  );
  return declared ?? (matchesAll([matching.discover], labels) ? 'discovered' : null);
}

/** Takes the beats out of one request's reports. */
export function splitBeats(reports: readonly Report[], matching: HeartbeatMatching): { beats: Beat[]; rest: Report[] } {
  const beats: Beat[] = [];
  const rest: Report[] = [];
  for (const report of reports) {
    const labels = fullLabels(report);
    const heartbeat = heartbeatOf(labels, report.sourceId, matching);
    if (heartbeat === null) rest.push(report);
    else beats.push(beatOf(report, labels, heartbeat));
  }
  return { beats, rest };
}

function fullLabels(report: Report): Labels {
  if (report.replicaLabels === null) return report.labels;
  return labelsOf([...Object.entries(report.labels), ...Object.entries(report.replicaLabels)]);
}

function beatOf(report: Report, labels: Labels, heartbeat: Heartbeat | 'discovered'): Beat {
  const { sourceId, fingerprint, status } = report;
  return { heartbeatId: heartbeat === 'discovered' ? null : heartbeat.id, sourceId, fingerprint, labels, status };
}

/**
 * Stores beats at their time of arrival, `now`; what the payload says about time never counts. Three statements at most,
 * however many beats. What is unknown by now (its heartbeat or source has just been deleted) is left out.
 */
export async function saveBeats(tx: Queryable, beats: readonly Beat[], now: Date): Promise<void> {
  const latest = latestOfEach(beats);
  const firing = latest.filter((beat) => beat.status === 'firing');
  const resolved = latest.filter((beat) => beat.status === 'resolved');
  if (firing.length > 0) await saveFiring(tx, firing, now);
  if (resolved.length > 0) await saveResolved(tx, resolved, now);
}

/** One beat per stream, the last that arrived, in an order that is the same for everybody who locks rows. */
function latestOfEach(beats: readonly Beat[]): Beat[] {
  const latest = new Map(beats.map((beat) => [JSON.stringify(keyOf(beat)), beat]));
  return [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, beat]) => beat);
}

export function keyOf(
  beat: Pick<Beat, 'sourceId' | 'heartbeatId' | 'fingerprint'>,
): [sourceId: number, heartbeatId: number, fingerprint: string] {
  return [beat.sourceId, beat.heartbeatId ?? 0, beat.fingerprint];
}

function keyColumns(beats: readonly Beat[]): [number[], number[], string[]] {
  const keys = beats.map(keyOf);
  return [keys.map(([source]) => source), keys.map(([, heartbeat]) => heartbeat), keys.map(([, , print]) => print)];
}

/**
 * The cadence is the longest gap of late, and one number is enough for it: a longer gap counts at once, though at most
 * twice the cadence, so that one odd gap cannot make us blind; a shorter one takes a quarter of its own length off, so
 * that extra posts between two regular ones hardly matter. A gap in which we were away teaches nothing.
 */
const learnedCadence = `case
  when s.first_beat_at is null
    or exists (select from outage o where o.to_at > s.last_beat_at and o.from_at < excluded.last_beat_at)
    or exists (select from tick t where t.name = 'alive'
                 and t.at < excluded.last_beat_at - make_interval(secs => ${absenceToleranceMs / 1000}))
    or s.last_beat_at > excluded.last_beat_at then s.cadence_ms
  else least(
    ${longestCadenceMs},
    2 * coalesce(s.cadence_ms, ${longestCadenceMs})::bigint,
    greatest(
      extract(epoch from excluded.last_beat_at - s.last_beat_at) * 1000,
      s.cadence_ms - extract(epoch from excluded.last_beat_at - s.last_beat_at) * 1000 / 4))
  end`;

async function saveFiring(tx: Queryable, beats: readonly Beat[], now: Date): Promise<void> {
  const declared = beats.flatMap((beat) => beat.heartbeatId ?? []);
  if (declared.length > 0) {
    await tx.query(`delete from heartbeat_stream where fingerprint = '' and heartbeat_id = any($1)`, [declared]);
  }
  await tx.query(
    `insert into heartbeat_stream as s (source_id, heartbeat_id, fingerprint, labels, state, state_since,
                                        first_beat_at, last_beat_at, beats, good_beats)
     select b.source_id, nullif(b.heartbeat_id, 0), b.fingerprint, b.labels::jsonb, 'pending', $5, $5, $5, 1, 1
       from unnest($1::int[], $2::int[], $3::text[], $4::text[]) with ordinality
              as b (source_id, heartbeat_id, fingerprint, labels, position)
      where exists (select from source where source.id = b.source_id)
        and (b.heartbeat_id = 0 or exists (select from heartbeat where heartbeat.id = b.heartbeat_id))
      order by b.position
     on conflict (coalesce(source_id, 0), coalesce(heartbeat_id, 0), fingerprint) do update set
       first_beat_at = coalesce(s.first_beat_at, excluded.first_beat_at),
       last_beat_at = excluded.last_beat_at,
       beats = s.beats + 1,
       good_beats = s.good_beats + 1,
       cadence_ms = ${learnedCadence}
     where s.last_beat_at is null
        or s.last_beat_at > excluded.last_beat_at
        or excluded.last_beat_at - s.last_beat_at >= make_interval(secs => ${echoMs / 1000})`,
    [...keyColumns(beats), beats.map((beat) => JSON.stringify(beat.labels)), now],
  );
}

/** A stream that never beat has nothing to lose, so this makes none. */
async function saveResolved(tx: Queryable, beats: readonly Beat[], now: Date): Promise<void> {
  await tx.query(
    `update heartbeat_stream s set resolved_at = $4, good_beats = 0
       from unnest($1::int[], $2::int[], $3::text[]) as b (source_id, heartbeat_id, fingerprint)
      where coalesce(s.source_id, 0) = b.source_id
        and coalesce(s.heartbeat_id, 0) = b.heartbeat_id
        and s.fingerprint = b.fingerprint
        and (s.resolved_at is null or s.good_beats > 0)`,
    [...keyColumns(beats), now],
  );
}
