import type { Report } from '../../alert/alert.ts';
import type { Outage } from '../../alert/outage.ts';
import type { Queryable } from '../../store/db.ts';
import { type DedupeOutcome, dedupe, fires, type ReporterState } from './dedupe.ts';
import { learn, type Rhythm, rewriteAfterMs } from './expiry.ts';

/** A report with what deduplication found. */
export interface Judged extends DedupeOutcome {
  report: Report;
}

/** Names a reporter: its source and the fingerprint of its full labels. */
function reporterKey(r: { sourceId: number; fingerprint: string }): string {
  return `${r.sourceId} ${r.fingerprint}`;
}

function groupKey(r: { sourceId: number; groupKey: string }): string {
  return `${r.sourceId} ${r.groupKey}`;
}

/** What is stored about the reporters of a batch and about the rhythm of the groups that carried them. */
export interface Known {
  reporters: Map<string, ReporterState>;
  /** Reporters whose alert has ended: it expired, or others resolved it while their source was quiet. */
  ended: Set<string>;
  rhythms: Map<string, Rhythm>;
}

/** Reads what is known of a batch's reporters and groups. */
export async function loadKnown(db: Queryable, reports: readonly Report[]): Promise<Known> {
  return { ...(await loadReporters(db, reports, '')), rhythms: await loadRhythms(db, reports) };
}

/**
 * Reads the reporters that are there already once more, and holds their rows until the commit: what another replica stored
 * meanwhile may turn a repeat into news. Those that were not there are settled when they are inserted.
 */
export async function holdKnown(tx: Queryable, reports: readonly Report[], known: Known): Promise<Known> {
  const there = reports.filter((r) => known.reporters.has(reporterKey(r)));
  if (there.length === 0) return known;
  return { ...(await loadReporters(tx, there, 'for update of r')), rhythms: known.rhythms };
}

async function loadReporters(
  db: Queryable,
  reports: readonly Report[],
  lock: '' | 'for update of r',
): Promise<Pick<Known, 'reporters' | 'ended'>> {
  const keys = [...new Map(reports.map((r) => [reporterKey(r), r])).values()];
  const { rows } = await db.query<{
    source_id: number;
    fingerprint: string;
    firing_at: Date;
    resolved_at: Date | null;
    last_seen: Date;
    ended: boolean;
  }>(
    `select r.source_id, r.fingerprint, r.firing_at, r.resolved_at, r.last_seen, a.ended_at is not null as ended
     from unnest($1::int[], $2::text[]) as k (source_id, fingerprint)
     join reporter r using (source_id, fingerprint)
     left join alert a on a.fingerprint = r.alert_fingerprint
     order by r.source_id, r.fingerprint ${lock}`,
    [keys.map((r) => r.sourceId), keys.map((r) => r.fingerprint)],
  );
  const keyed = rows.map((r) => [`${r.source_id} ${r.fingerprint}`, r] as const);
  return {
    reporters: new Map(
      keyed.map(([key, r]) => [key, { firingAt: r.firing_at, resolvedAt: r.resolved_at, lastSeen: r.last_seen }]),
    ),
    ended: new Set(keyed.flatMap(([key, r]) => (r.ended ? [key] : []))),
  };
}

async function loadRhythms(db: Queryable, reports: readonly Report[]): Promise<Map<string, Rhythm>> {
  const groups = [...new Map(reports.map((r) => [groupKey(r), r])).values()];
  const { rows } = await db.query<{
    source_id: number;
    group_key: string;
    last_post_at: Date;
    longest_gap_ms: number;
    repeats: number;
  }>(
    `select g.source_id, g.group_key, g.last_post_at, g.longest_gap_ms::float8 as longest_gap_ms, g.repeats
     from unnest($1::int[], $2::text[]) as k (source_id, group_key)
     join source_group g using (source_id, group_key)`,
    [groups.map((r) => r.sourceId), groups.map((r) => r.groupKey)],
  );
  return new Map(
    rows.map((g) => [
      `${g.source_id} ${g.group_key}`,
      { lastPostAt: g.last_post_at, longestGapMs: g.longest_gap_ms, repeats: g.repeats },
    ]),
  );
}

/**
 * Judges the reports of a batch in order; a reporter that is named twice is judged on what it said first. Who repeats that
 * an alert fires which has ended for want of reports brings it back (rule 2).
 */
export function judge(reports: readonly Report[], known: Known, now: Date): Judged[] {
  const states = new Map(known.reporters);
  return reports.map((report) => {
    const key = reporterKey(report);
    const rhythm = known.rhythms.get(groupKey(report)) ?? null;
    const outcome = dedupe(report, states.get(key) ?? null, now, rewriteAfterMs(rhythm));
    states.set(key, outcome.state);
    const back = known.ended.has(key) && fires(outcome.state);
    return { report, ...outcome, ...(back ? { reason: 'fired_again', write: true, news: true } : {}) };
  });
}

/**
 * Stores the reporters that changed. F and R only grow, so two replicas that store the same reporter at once agree.
 * Returns the keys that were there already although `judged` took them for new: another replica was first, and
 * what looked like no news may be some.
 */
export async function saveReporters(tx: Queryable, judged: readonly Judged[]): Promise<Set<string>> {
  const last = new Map<string, Judged>();
  for (const j of judged) if (j.write || last.has(reporterKey(j.report))) last.set(reporterKey(j.report), j);
  const rows = [...last.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, j]) => j);
  if (rows.length === 0) return new Set();
  const believedNew = new Set(judged.filter((j) => isNew(j.reason)).map((j) => reporterKey(j.report)));
  const saved = await tx.query<{ source_id: number; fingerprint: string; inserted: boolean }>(
    `insert into reporter as r (source_id, fingerprint, alert_fingerprint, replica_labels, annotations, generator_url,
       group_key, firing_at, resolved_at, last_seen)
     select t.source_id, t.fingerprint, t.alert_fingerprint, t.replica_labels::jsonb, t.annotations::jsonb,
       t.generator_url, t.group_key, t.firing_at, t.resolved_at, t.last_seen
     from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
       $8::timestamptz[], $9::timestamptz[], $10::timestamptz[])
       as t (source_id, fingerprint, alert_fingerprint, replica_labels, annotations, generator_url, group_key,
         firing_at, resolved_at, last_seen)
     on conflict (source_id, fingerprint) do update set
       annotations = excluded.annotations, generator_url = excluded.generator_url, group_key = excluded.group_key,
       firing_at = greatest(r.firing_at, excluded.firing_at),
       resolved_at = greatest(r.resolved_at, excluded.resolved_at),
       last_seen = greatest(r.last_seen, excluded.last_seen)
     returning r.source_id, r.fingerprint, (r.xmax = 0) as inserted`,
    [
      rows.map((j) => j.report.sourceId),
      rows.map((j) => j.report.fingerprint),
      rows.map((j) => j.report.alertFingerprint),
      rows.map((j) => j.report.replicaLabels && JSON.stringify(j.report.replicaLabels)),
      rows.map((j) => JSON.stringify(j.report.annotations)),
      rows.map((j) => j.report.generatorUrl),
      rows.map((j) => j.report.groupKey),
      rows.map((j) => j.state.firingAt),
      rows.map((j) => j.state.resolvedAt),
      rows.map((j) => j.state.lastSeen),
    ],
  );
  const overtaken = saved.rows.filter((r) => !r.inserted).map((r) => `${r.source_id} ${r.fingerprint}`);
  return new Set(overtaken.filter((key) => believedNew.has(key)));
}

function isNew(reason: string): boolean {
  return reason === 'new_alert' || reason === 'resolved_unknown';
}

/** The judged reports that make their alerts' incidents due. */
export function newsOf(judged: readonly Judged[], overtaken: ReadonlySet<string>): Judged[] {
  return judged.filter((j) => j.news || overtaken.has(reporterKey(j.report)));
}

/** How long a group's stored rhythm may lag behind; rewriting it at every post would cost a row per request. */
const rhythmStepMs = 60_000;

/** The rhythms that a batch changed enough to be stored, learnt from posts without news. */
export function learnRhythms(judged: readonly Judged[], known: Known, now: Date, outages: readonly Outage[]) {
  const unchanged = new Map<string, { judged: Judged; unchanged: boolean }>();
  for (const j of judged) {
    const before = unchanged.get(groupKey(j.report));
    unchanged.set(groupKey(j.report), { judged: j, unchanged: (before?.unchanged ?? true) && !j.news });
  }
  return [...unchanged].flatMap(([key, { judged: j, unchanged: same }]) => {
    const before = known.rhythms.get(key) ?? null;
    if (before !== null && now.getTime() - before.lastPostAt.getTime() < rhythmStepMs) return [];
    return [{ sourceId: j.report.sourceId, groupKey: j.report.groupKey, rhythm: learn(before, now, same, outages) }];
  });
}

/** Stores learnt rhythms. */
export async function saveRhythms(tx: Queryable, learnt: ReturnType<typeof learnRhythms>): Promise<void> {
  if (learnt.length === 0) return;
  const rows = [...learnt].sort((a, b) => (groupKey(a) < groupKey(b) ? -1 : 1));
  await tx.query(
    `insert into source_group (source_id, group_key, last_post_at, longest_gap_ms, repeats)
     select * from unnest($1::int[], $2::text[], $3::timestamptz[], $4::bigint[], $5::int[])
     on conflict (source_id, group_key) do update set last_post_at = excluded.last_post_at,
       longest_gap_ms = greatest(source_group.longest_gap_ms, excluded.longest_gap_ms),
       repeats = greatest(source_group.repeats, excluded.repeats)`,
    [
      rows.map((r) => r.sourceId),
      rows.map((r) => r.groupKey),
      rows.map((r) => r.rhythm.lastPostAt),
      rows.map((r) => Math.round(r.rhythm.longestGapMs)),
      rows.map((r) => r.rhythm.repeats),
    ],
  );
}
