/** What is stored about the reporters of a batch, and about the rhythm of the groups that carried them. */
import type { Report } from '../../alert/alert.ts';
import { pollGroup } from '../../alert/held.ts';
import { intArray, textArray } from '../../store/array.ts';
import type { Queryable } from '../../store/db.ts';
import type { ReporterState } from './dedupe.ts';
import type { Rhythm } from './expiry.ts';

/** Names a reporter: its source and the fingerprint of its full labels. */
export function reporterKey(r: { sourceId: number; fingerprint: string }): string {
  return `${r.sourceId} ${r.fingerprint}`;
}

/** Names an Alertmanager group: its source and the hash of its key. */
export function groupKey(r: { sourceId: number; groupKey: string }): string {
  return `${r.sourceId} ${r.groupKey}`;
}

export interface Known {
  reporters: Map<string, ReporterState>;
  /** Reporters whose alert has ended: it expired, or others resolved it while their source was quiet. */
  ended: Set<string>;
  /** Reporters that a poll has reported, and no post since that was stored. */
  polled: Set<string>;
  rhythms: Map<string, Rhythm>;
  /** An alert of the batch is there although the reporter that brings it is not: others have reported it. */
  othersReported: boolean;
}

interface ReporterRow extends Record<string, unknown> {
  source_id: number;
  key: string;
  firing_at: Date;
  resolved_at: Date | null;
  seen_at: Date;
  expires_at: Date | null;
  ended: boolean;
  polled: boolean;
}

/** Of all three kinds; `n` is the version, or the longest gap in ms. */
interface KnownRow extends ReporterRow {
  what: 'version' | 'reporter' | 'alert' | 'group';
  n: number;
  repeats: number;
}

/** One statement for all: each costs a way to the database and back. */
const known = `
  select 'version' as what, null::int as source_id, null as key, null::timestamptz as firing_at,
    null::timestamptz as resolved_at, null::timestamptz as seen_at, null::timestamptz as expires_at, false as ended, false as polled, version::float8 as n, 0 as repeats
  from config_version
  union all
  select case when r.source_id is null then 'alert' else 'reporter' end, r.source_id, r.fingerprint, r.firing_at,
    r.resolved_at, r.last_seen, r.expires_at, a.ended_at is not null, coalesce(r.group_key = $6, false), 0, 0
  from (select unnest($1::int[]) as source_id, unnest($2::text[]) as fingerprint, unnest($3::text[]) as alert) as k
  left join reporter r using (source_id, fingerprint)
  left join alert a on a.fingerprint = coalesce(r.alert_fingerprint, k.alert)
  where r.source_id is not null or a.fingerprint is not null
  union all
  select 'group', g.source_id, g.group_key, null, null, g.last_post_at, null, false, false, g.longest_gap_ms::float8, g.repeats
  from unnest($4::int[], $5::text[]) as k (source_id, group_key)
  join source_group g using (source_id, group_key)`;

/** Reads what is known of a batch, and the version of the configuration at the same moment. */
export async function loadKnown(db: Queryable, reports: readonly Report[]): Promise<Known & { version: number }> {
  const groups = groupsOf(reports);
  const { rows } = await db.query<KnownRow>(known, [
    intArray(reports.map((r) => r.sourceId)),
    textArray(reports.map((r) => r.fingerprint)),
    textArray(reports.map((r) => r.alertFingerprint)),
    intArray(groups.map((r) => r.sourceId)),
    textArray(groups.map((r) => r.groupKey)),
    pollGroup,
  ]);
  const rhythms = rows.filter((row) => row.what === 'group').map(rhythmOf);
  return {
    ...reportersOf(rows.filter((row) => row.what === 'reporter')),
    rhythms: new Map(rhythms),
    othersReported: rows.some((row) => row.what === 'alert'),
    version: rows.find((row) => row.what === 'version')?.n ?? 0,
  };
}

/**
 * Reads the reporters that are there already once more, and holds their rows until the commit: what another replica stored
 * meanwhile may turn a repeat into news. Those that were not there are settled when they are inserted.
 */
export async function holdKnown(tx: Queryable, reports: readonly Report[], before: Known): Promise<Known> {
  const there = reports.filter((r) => before.reporters.has(reporterKey(r)));
  if (there.length === 0) return before;
  const { rows } = await tx.query<ReporterRow>(
    `select r.source_id, r.fingerprint as key, r.firing_at, r.resolved_at, r.last_seen as seen_at,
       r.expires_at, a.ended_at is not null as ended, r.group_key = $3 as polled
     from unnest($1::int[], $2::text[]) as k (source_id, fingerprint)
     join reporter r using (source_id, fingerprint)
     left join alert a on a.fingerprint = r.alert_fingerprint
     order by r.source_id, r.fingerprint for update of r`,
    [there.map((r) => r.sourceId), there.map((r) => r.fingerprint), pollGroup],
  );
  return { ...before, ...reportersOf(rows) };
}

/** A report of each group. The reports of one post stand together, and are of one group. */
function groupsOf(reports: readonly Report[]): Report[] {
  const changes = reports.filter((r, i) => i === 0 || groupKey(r) !== groupKey(reports[i - 1] as Report));
  return [...new Map(changes.map((r) => [groupKey(r), r])).values()];
}

function reportersOf(rows: readonly ReporterRow[]): Pick<Known, 'reporters' | 'ended' | 'polled'> {
  const reporters: Known['reporters'] = new Map();
  const ended: Known['ended'] = new Set();
  const polled: Known['polled'] = new Set();
  for (const row of rows) {
    const key = `${row.source_id} ${row.key}`;
    reporters.set(key, {
      ...{ firingAt: row.firing_at, resolvedAt: row.resolved_at, lastSeen: row.seen_at },
      expiresAt: row.expires_at,
    });
    if (row.ended) ended.add(key);
    if (row.polled) polled.add(key);
  }
  return { reporters, ended, polled };
}

function rhythmOf(row: KnownRow): [key: string, rhythm: Rhythm] {
  const rhythm = { lastPostAt: row.seen_at, longestGapMs: row.n, repeats: row.repeats };
  return [`${row.source_id} ${row.key}`, rhythm];
}
