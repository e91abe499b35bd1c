/** Writes what a batch of reports changed: one statement, since each costs a way to the database and back. */
import { plainArray } from '../../store/array.ts';
import type { Queryable } from '../../store/db.ts';
import { reporterKey } from '../dedupe/known.ts';
import { type Judged, type Learnt, toStore } from '../dedupe/reporters.ts';
import type { WantedIncident } from '../route/place.ts';

/** What is written together. */
export interface Writing {
  /** Everything that was judged. */
  judged: readonly Judged[];
  /** What makes incidents due, or would have if it were not late. */
  news: readonly Judged[];
  rhythms: readonly Learnt[];
  /** The incidents of the news that fire. */
  wanted: readonly WantedIncident[];
  /** The routes that `wanted` was found by. */
  routingVersion: number;
  /** Write only while these are the routes. */
  onlyThen: boolean;
}

/** What came of it. */
export interface Written {
  /** Keys of the reporters that were there already. */
  there: ReadonlySet<string>;
  /** At least one of the alerts was there already: an edit may have routed it meanwhile. */
  alertsThere: boolean;
}

/**
 * Everything that is written depends on `ready`: that each wanted incident is open, and held open, and that the routes
 * are still the same, where that was asked for. `for key share` goes together with the lock of a decision, but not with that of a
 * close. F and R only grow, so two replicas that store the same reporter at once agree. An alert that is there is left out
 * before the insert: `do nothing` would wait for a decision that has just changed such a row.
 */
const write = `
  with held as (
    select i.id, w.n, w.due_at
    from unnest($1::int[], $2::text[], $3::timestamptz[], $4::int[]) as w (group_id, group_key, due_at, n)
    join incident i using (group_id, group_key)
    where i.closed_at is null order by i.id for key share of i),
  ready as materialized (
    select from config_version
    where (routing_version <= $5 or not $29::bool) and (select count(*) from held) = cardinality($4::int[])),
  reporters as (
    insert into reporter as r (source_id, fingerprint, alert_fingerprint, replica_labels, generator_url, group_key,
      firing_at, resolved_at, first_firing_at, annotations, last_seen, first_seen)
    select t.source_id, t.fingerprint, t.alert_fingerprint, t.replica_labels::jsonb, t.generator_url, t.group_key,
      t.firing_at, t.resolved_at, t.first_firing_at, t.annotations, $15, $15
    from ready, rows from (
      unnest($6::int[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::timestamptz[],
        $13::timestamptz[], $14::timestamptz[]),
      jsonb_array_elements($16::jsonb)) as t (source_id, fingerprint, alert_fingerprint, replica_labels, generator_url,
        group_key, firing_at, resolved_at, first_firing_at, annotations)
    on conflict (source_id, fingerprint) do update set
      annotations = excluded.annotations, generator_url = excluded.generator_url, group_key = excluded.group_key,
      firing_at = greatest(r.firing_at, excluded.firing_at),
      resolved_at = greatest(r.resolved_at, excluded.resolved_at),
      last_seen = greatest(r.last_seen, excluded.last_seen)
    returning r.source_id, r.fingerprint, r.xmax <> 0 as there),
  alerts as (
    insert into alert (fingerprint, lane, pinned_group, since, labels, changed_at, first_seen, routed_version)
    select t.fingerprint, t.lane, t.pinned_group, t.since, t.labels, $15, $15, $5
    from ready, rows from (
      unnest($17::text[], $18::text[], $19::text[], $20::timestamptz[]),
      jsonb_array_elements($21::jsonb)) as t (fingerprint, lane, pinned_group, since, labels)
    where not exists (select from alert a where a.fingerprint = t.fingerprint)
    on conflict (fingerprint) do nothing returning 1),
  joins as (
    insert into incident_alert (incident_id, alert_fingerprint, joined_at)
    select h.id, j.alert_fingerprint, $15
    from ready, unnest($22::int[], $23::text[]) as j (n, alert_fingerprint) join held h using (n)
    order by 1, 2
    on conflict (incident_id, alert_fingerprint) do update set left_at = null where incident_alert.left_at is not null),
  due as (insert into incident_due (incident_id, due_at) select h.id, h.due_at from ready, held h),
  rhythms as (
    insert into source_group (source_id, group_key, last_post_at, longest_gap_ms, repeats)
    select t.* from ready, unnest($24::int[], $25::text[], $26::timestamptz[], $27::bigint[], $28::int[]) as t
    on conflict (source_id, group_key) do update set last_post_at = excluded.last_post_at,
      longest_gap_ms = greatest(source_group.longest_gap_ms, excluded.longest_gap_ms),
      repeats = greatest(source_group.repeats, excluded.repeats))
  select exists (select from ready) as ready, (select count(*)::int from alerts) as alerts_made,
    (select coalesce(array_agg(source_id || ' ' || fingerprint), '{}') from reporters where there) as there`;

/** Writes a batch. Null when not everything was as expected: then nothing was written. */
export async function writeBatch(db: Queryable, writing: Writing, now: Date): Promise<Written | null> {
  const alerts = alertsOf(writing.news);
  const { rows } = await db.query<{ ready: boolean; alerts_made: number; there: string[] }>(write, [
    ...incidentColumns(writing.wanted),
    writing.routingVersion,
    ...reporterColumns(writing.judged, now),
    ...alertColumns(alerts),
    ...joinColumns(writing.wanted),
    ...rhythmColumns(writing.rhythms),
    writing.onlyThen,
  ]);
  const [row] = rows;
  if (row === undefined || !row.ready) return null;
  return { there: new Set(row.there), alertsThere: row.alerts_made < alerts.length };
}

/** The last word of each alert, in the order in which everybody stores them. */
function alertsOf(news: readonly Judged[]): Judged[] {
  const byFingerprint = new Map(news.map((j) => [j.report.alertFingerprint, j]));
  return [...byFingerprint].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, j]) => j);
}

function incidentColumns(wanted: readonly WantedIncident[]): unknown[] {
  return [
    plainArray(wanted.map((w) => w.placement.group.id)),
    plainArray(wanted.map((w) => w.placement.groupKey)),
    plainArray(wanted.map((w) => w.dueAt.toISOString())),
    plainArray(wanted.map((_, n) => n)),
  ];
}

function reporterColumns(judged: readonly Judged[], now: Date): unknown[] {
  const first = new Map<string, Date>();
  for (const { report, reason, state } of judged)
    if (reason === 'new_alert') first.set(reporterKey(report), state.firingAt);
  const rows = toStore(judged);
  return [
    plainArray(rows.map((j) => j.report.sourceId)),
    plainArray(rows.map((j) => j.report.fingerprint)),
    plainArray(rows.map((j) => j.report.alertFingerprint)),
    rows.map((j) => j.report.replicaLabels && JSON.stringify(j.report.replicaLabels)),
    rows.map((j) => j.report.generatorUrl),
    plainArray(rows.map((j) => j.report.groupKey)),
    plainArray(rows.map((j) => j.state.firingAt.toISOString())),
    plainArray(rows.map((j) => j.state.resolvedAt?.toISOString() ?? null)),
    plainArray(rows.map(({ report }) => first.get(reporterKey(report))?.toISOString() ?? null)),
    now,
    JSON.stringify(rows.map((j) => j.report.annotations)),
  ];
}

function alertColumns(alerts: readonly Judged[]): unknown[] {
  return [
    plainArray(alerts.map((j) => j.report.alertFingerprint)),
    plainArray(alerts.map((j) => j.report.lane)),
    alerts.map((j) => j.report.pinnedGroup),
    plainArray(alerts.map((j) => j.state.firingAt.toISOString())),
    JSON.stringify(alerts.map((j) => j.report.labels)),
  ];
}

function joinColumns(wanted: readonly WantedIncident[]): unknown[] {
  const joins = wanted.flatMap((w, n) => w.fingerprints.map((fingerprint) => [n, fingerprint] as const));
  return [plainArray(joins.map(([n]) => n)), plainArray(joins.map(([, fingerprint]) => fingerprint))];
}

function rhythmColumns(rhythms: readonly Learnt[]): unknown[] {
  return [
    plainArray(rhythms.map((r) => r.sourceId)),
    plainArray(rhythms.map((r) => r.groupKey)),
    plainArray(rhythms.map((r) => r.rhythm.lastPostAt.toISOString())),
    plainArray(rhythms.map((r) => Math.round(r.rhythm.longestGapMs))),
    plainArray(rhythms.map((r) => r.rhythm.repeats)),
  ];
}
