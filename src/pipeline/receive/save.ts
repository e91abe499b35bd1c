/** Writes what a batch of reports changed: one statement, since each costs a way to the database and back. */
import { DatabaseError } from 'pg';
import { bigintArray, intArray, jsonbArray, textArray, timeArray } from '../../store/array.ts';
import type { Queryable } from '../../store/db.ts';
import { reporterKey } from '../dedupe/known.ts';
import { inOrder, type Judged, type Learnt, toStore } from '../dedupe/reporters.ts';
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
  /** Write only while this is the newest version of the configuration; null: in any case. */
  onlyAt: number | null;
}

/** What came of it. */
export interface Written {
  /** Keys of the reporters that were there already. */
  there: ReadonlySet<string>;
  /** At least one of the alerts was there already: an edit may have routed it meanwhile. */
  alertsThere: boolean;
}

/**
 * Everything that is written depends on `ready`: that each wanted incident is open, and held open, and that the
 * configuration is still the same, where that was asked for. `for key share` goes together with the lock of a decision, but not with that of a
 * close. F and R only grow, so two replicas that store the same reporter at once agree. An alert that is there is held, so
 * that retention cannot delete it under its new place in an incident, and left out of the insert: `do nothing` would
 * wait for a decision that has just changed such a row.
 *
 * Where nothing is there, none of that is needed, and looking for it takes a third of the time. Where that is only guessed,
 * `ready` says whether it is so: an insert would wait for a decision here too. All forms write in the same order, so that they
 * do not deadlock.
 */
function statement(form: 'may be there' | 'unseen' | 'guessed'): string {
  const ifThere = (sql: string) => (form === 'may be there' ? sql : '');
  const ifGuessed = (sql: string) => (form === 'guessed' ? sql : '');
  return `
  with held as (
    select i.id, w.n, w.due_at, w.urgent
    from unnest($1::int[], $2::text[], $3::timestamptz[], $4::int[], $31::boolean[]) as w (group_id, group_key, due_at, n, urgent)
    join incident i using (group_id, group_key)
    where i.closed_at is null order by i.id for key share of i),
  ready as materialized (
    select from config_version
    where ($6::bigint is null or version <= $6) and (select count(*) from held) = cardinality($4::int[])
    ${ifGuessed(`and not exists (select from alert where fingerprint = any($19::text[]))
      and not exists (select from unnest($8::int[], $9::text[]) as k (source_id, fingerprint)
        join reporter using (source_id, fingerprint))
      and not exists (select from unnest($26::int[], $27::text[]) as k (source_id, group_key)
        join source_group using (source_id, group_key))`)}),
  reporters as (
    insert into reporter as r (source_id, fingerprint, alert_fingerprint, replica_labels, generator_url, group_key,
      firing_at, resolved_at, first_firing_at, annotations, expires_at, last_seen, first_seen)
    select t.*, $7::timestamptz, $7
    from ready, (select unnest($8::int[]), unnest($9::text[]), unnest($10::text[]), unnest($11::jsonb[]),
      unnest($12::text[]), unnest($13::text[]), unnest($14::timestamptz[]), unnest($15::timestamptz[]),
      unnest($16::timestamptz[]), unnest($17::jsonb[]), unnest($18::timestamptz[])) as t
    ${ifThere(`on conflict (source_id, fingerprint) do update set
      annotations = excluded.annotations, generator_url = excluded.generator_url, group_key = excluded.group_key,
      firing_at = greatest(r.firing_at, excluded.firing_at),
      resolved_at = greatest(r.resolved_at, excluded.resolved_at),
      last_seen = greatest(r.last_seen, excluded.last_seen),
      expires_at = coalesce(excluded.expires_at, r.expires_at)`)}
    returning r.source_id, r.fingerprint, r.xmax <> 0 as there),
  ${ifThere(`there as materialized (
    select a.fingerprint from ready, alert a where a.fingerprint = any($19::text[])
    order by a.fingerprint for key share of a),`)}
  alerts as (
    insert into alert (fingerprint, lane, pinned_group, since, labels, changed_at, first_seen, routed_version)
    select t.*, $7::timestamptz, $7::timestamptz, $5::bigint
    from ready, (select unnest($19::text[]) as fingerprint, unnest($20::text[]), unnest($21::text[]),
      unnest($22::timestamptz[]), unnest($23::jsonb[])) as t
    ${ifThere('where t.fingerprint not in (select fingerprint from there) on conflict (fingerprint) do nothing')}
    returning 1),
  joins as (
    insert into incident_alert (incident_id, alert_fingerprint, joined_at)
    select h.id, j.alert_fingerprint, $7
    from ready, (select unnest($24::int[]) as n, unnest($25::text[]) as alert_fingerprint) as j join held h using (n)
    ${ifThere(`order by 1, 2 on conflict (incident_id, alert_fingerprint) do update set left_at = null
      where incident_alert.left_at is not null`)}),
  due as (insert into incident_due (incident_id, due_at, urgent) select h.id, h.due_at, h.urgent from ready, held h),
  rhythms as (
    insert into source_group (source_id, group_key, last_post_at, longest_gap_ms, repeats)
    select t.* from ready, unnest($26::int[], $27::text[], $28::timestamptz[], $29::bigint[], $30::int[]) as t
    on conflict (source_id, group_key) do update set last_post_at = excluded.last_post_at,
      longest_gap_ms = greatest(source_group.longest_gap_ms, excluded.longest_gap_ms),
      repeats = greatest(source_group.repeats, excluded.repeats))
  select exists (select from ready) as ready, (select count(*)::int from alerts) as alerts_made,
    (select coalesce(array_agg(source_id || ' ' || fingerprint), '{}') from reporters where there) as there`;
}

const write = statement('may be there');
const writeIfUnseen = { looked: statement('unseen'), guessed: statement('guessed') };
/** PostgreSQL's code of the error. */
const uniqueViolation = '23505';

/** Writes a batch. Null when not everything was as expected: then nothing was written. */
export function writeBatch(db: Queryable, writing: Writing, now: Date): Promise<Written | null> {
  return run(db, write, writing, now);
}

/**
 * Writes a batch of which nothing is there, neither alerts nor reporters: a look has just found that, or it is guessed, and of
 * the groups that are written too; then null also says that some of it is there. Not within a transaction, which would fail with it.
 */
export async function writeUnseen(
  db: Queryable,
  writing: Writing,
  now: Date,
  how: 'looked' | 'guessed',
): Promise<Written | null> {
  try {
    return await run(db, writeIfUnseen[how], writing, now);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== uniqueViolation) throw error;
    // Another batch, here or on another replica, has just brought the same.
    return how === 'looked' ? run(db, write, writing, now) : null;
  }
}

async function run(db: Queryable, sql: string, writing: Writing, now: Date): Promise<Written | null> {
  const alerts = alertsOf(writing.news);
  const { rows } = await db.query<{ ready: boolean; alerts_made: number; there: string[] }>(sql, [
    ...incidentColumns(writing.wanted),
    writing.routingVersion,
    writing.onlyAt,
    now,
    ...reporterColumns(writing.judged),
    ...alertColumns(alerts),
    ...joinColumns(writing.wanted),
    ...rhythmColumns(writing.rhythms),
    writing.wanted.map((w) => w.urgent),
  ]);
  const [row] = rows;
  if (row === undefined || !row.ready) return null;
  return { there: new Set(row.there), alertsThere: row.alerts_made < alerts.length };
}

/** The last word of each alert, in the order in which everybody stores them. */
function alertsOf(news: readonly Judged[]): Judged[] {
  return inOrder(new Map(news.map((j) => [j.report.alertFingerprint, j])));
}

function incidentColumns(wanted: readonly WantedIncident[]): Buffer[] {
  return [
    intArray(wanted.map((w) => w.placement.group.id)),
    textArray(wanted.map((w) => w.placement.groupKey)),
    timeArray(wanted.map((w) => w.dueAt)),
    intArray(wanted.map((_, n) => n)),
  ];
}

function reporterColumns(judged: readonly Judged[]): Buffer[] {
  const first = new Map<string, Date>();
  for (const { report, reason, state } of judged)
    if (reason === 'new_alert') first.set(reporterKey(report), state.firingAt);
  const rows = toStore(judged);
  return [
    intArray(rows.map((j) => j.report.sourceId)),
    textArray(rows.map((j) => j.report.fingerprint)),
    textArray(rows.map((j) => j.report.alertFingerprint)),
    jsonbArray(rows.map((j) => j.report.replicaLabels)),
    textArray(rows.map((j) => j.report.generatorUrl)),
    textArray(rows.map((j) => j.report.groupKey)),
    timeArray(rows.map((j) => j.state.firingAt)),
    timeArray(rows.map((j) => j.state.resolvedAt)),
    timeArray(rows.map(({ report }) => first.get(reporterKey(report)) ?? null)),
    jsonbArray(rows.map((j) => j.report.annotations)),
    timeArray(rows.map((j) => j.state.expiresAt)),
  ];
}

function alertColumns(alerts: readonly Judged[]): Buffer[] {
  return [
    textArray(alerts.map((j) => j.report.alertFingerprint)),
    textArray(alerts.map((j) => j.report.lane)),
    textArray(alerts.map((j) => j.report.pinnedGroup)),
    timeArray(alerts.map((j) => j.state.firingAt)),
    jsonbArray(alerts.map((j) => j.report.labels)),
  ];
}

function joinColumns(wanted: readonly WantedIncident[]): Buffer[] {
  const joins = wanted.flatMap((w, n) => w.fingerprints.map((fingerprint) => [n, fingerprint] as const));
  return [intArray(joins.map(([n]) => n)), textArray(joins.map(([, fingerprint]) => fingerprint))];
}

function rhythmColumns(rhythms: readonly Learnt[]): Buffer[] {
  return [
    intArray(rhythms.map((r) => r.sourceId)),
    textArray(rhythms.map((r) => r.groupKey)),
    timeArray(rhythms.map((r) => r.rhythm.lastPostAt)),
    bigintArray(rhythms.map((r) => Math.round(r.rhythm.longestGapMs))),
    intArray(rhythms.map((r) => r.rhythm.repeats)),
  ];
}
