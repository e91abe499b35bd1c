import { pollGroup } from '../../alert/held.ts';
import type { Outage } from '../../alert/outage.ts';
import type { Queryable } from '../../store/db.ts';
import { fires } from './dedupe.ts';
import { type AlertEpisode, deriveAlert, type ReporterFacts } from './derive.ts';
import { expiresAt, expiryMs, lookAgainAt, pollRhythm, shortestExpiryMs } from './expiry.ts';
import { shortestQuietMs } from './quiet.ts';
import { type Heard, heardAt } from './transitions.ts';

/** An alert whose state was derived again. */
export interface Refreshed {
  before: AlertEpisode;
  after: AlertEpisode;
  /** When its last reporter that fires may count as "no longer reported", null when none can. */
  lookAt: Date | null;
}

interface ReporterRow extends Record<string, unknown> {
  alert_fingerprint: string;
  firing_at: Date;
  resolved_at: Date | null;
  first_seen: Date | null;
  last_seen: Date;
  expires_at: Date | null;
  kind: string;
  quiet: boolean;
  longest_gap_ms: number | null;
  repeats: number | null;
  /** It was reported last by a poll, and every member that is asked answers, and has done so for a while. */
  poll_answers: boolean;
}

/**
 * Derives the state of alerts from their reporters, and stores what changed, for backtests too. Call it under the incident's
 * lock.
 */
export async function refreshAlerts(
  tx: Queryable,
  alerts: ReadonlyMap<string, AlertEpisode>,
  now: Date,
  outages: readonly Outage[],
): Promise<Map<string, Refreshed>> {
  const byAlert = await loadReporters(tx, [...alerts.keys()], now);
  const refreshed = new Map<string, Refreshed>();
  const changes: Change[] = [];
  for (const [fingerprint, before] of alerts) {
    const rows = byAlert.get(fingerprint) ?? [];
    const facts = rows.map((row) => factsOf(row, now, outages));
    const after = deriveAlert(
      before,
      facts.map((f) => f.reporter),
      now,
    );
    const looks = facts.flatMap((f) => (f.lookAt !== null && fires(f.reporter) ? [f.lookAt.getTime()] : []));
    const last = after.state === 'firing' || after.state === 'stale' ? Math.max(...looks) : Number.NaN;
    refreshed.set(fingerprint, { before, after, lookAt: Number.isFinite(last) ? new Date(last) : null });
    if (after !== before) changes.push({ fingerprint, after, heard: heardAt(before, after, rows.map(heardOf), now) });
  }
  await saveStates(tx, changes);
  return refreshed;
}

/**
 * A source is marked as quiet until the next look at it; one that has just posted is live already. So is one of whose members
 * all have just answered a poll: what it says is known without its posts.
 */
async function loadReporters(
  tx: Queryable,
  fingerprints: readonly string[],
  now: Date,
): Promise<Map<string, ReporterRow[]>> {
  const rows = await tx.query<ReporterRow>(
    `select r.alert_fingerprint, r.firing_at, r.resolved_at, r.first_seen, r.last_seen, r.expires_at, s.kind,
       coalesce(a.state = 'quiet' and a.last_post_at <= $2 and coalesce(p.complete_at, '-infinity') <= $2, false) as quiet,
       g.longest_gap_ms::float8 as longest_gap_ms, g.repeats,
       case when r.group_key = $3 then coalesce((select bool_and(m.misses = 0 and m.polled_at > $2 and m.started_seen_at <= $4)
         from poll_member m where m.source_id = r.source_id and m.kind = 'alertmanager'), false) else false end as poll_answers
     from reporter r
     join source s on s.id = r.source_id
     left join source_activity a on a.source_id = r.source_id
     left join poll_round p on p.source_id = r.source_id
     left join source_group g on g.source_id = r.source_id and g.group_key = r.group_key
     where r.alert_fingerprint = any($1::text[])`,
    [
      ...[fingerprints, new Date(now.getTime() - shortestQuietMs)],
      ...[pollGroup, new Date(now.getTime() - shortestExpiryMs)],
    ],
  );
  const byAlert = new Map<string, ReporterRow[]>();
  for (const row of rows.rows) {
    const list = byAlert.get(row.alert_fingerprint);
    if (list === undefined) byAlert.set(row.alert_fingerprint, [row]);
    else list.push(row);
  }
  return byAlert;
}

/**
 * This service's own alarms are never quiet and never expire: nobody but us repeats them. A Prometheus says itself when what
 * it reports expires; of any other source that is learnt.
 */
function factsOf(
  row: ReporterRow,
  now: Date,
  outages: readonly Outage[],
): { reporter: ReporterFacts; lookAt: Date | null } {
  const times = { firingAt: row.firing_at, resolvedAt: row.resolved_at };
  if (row.kind === 'self') return { reporter: { ...times, live: true, expired: false }, lookAt: null };
  const silent = { ...times, live: !row.quiet };
  if (row.kind === 'prometheus' && row.expires_at !== null) {
    const at = expiresAt(row.last_seen, row.expires_at.getTime() - row.last_seen.getTime(), now, outages);
    return { reporter: { ...silent, expired: at <= now }, lookAt: at };
  }
  const rhythm = rhythmOf(row);
  const at = expiresAt(row.last_seen, expiryMs(rhythm), now, outages);
  return { reporter: { ...silent, expired: at <= now }, lookAt: lookAgainAt(at, rhythm, now) };
}

/** While a member is away or has just started, it says nothing that a poll does not repeat something. */
function rhythmOf(row: ReporterRow): { longestGapMs: number; repeats: number } | null {
  if (row.poll_answers) return pollRhythm;
  return row.repeats === null ? null : { longestGapMs: row.longest_gap_ms ?? 0, repeats: row.repeats };
}

/** A change of an alert, and when it was heard of. */
interface Change {
  fingerprint: string;
  after: AlertEpisode;
  heard: Date;
}

function heardOf(row: ReporterRow): Heard {
  return {
    firingAt: row.firing_at,
    resolvedAt: row.resolved_at,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
  };
}

/** A change that somebody else has stored meanwhile, for another incident of the alert, is kept for backtests once. */
async function saveStates(tx: Queryable, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const inOrder = [...changes].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  const all = inOrder.map((c) => c.after);
  await tx.query(
    `with t as (
       select * from unnest($1::text[], $2::text[], $3::int[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[],
         $7::text[], $8::timestamptz[], $9::timestamptz[])
         as t (fingerprint, state, episode, since, ended_at, changed_at, periods, heard_at, last_end)),
     locked as (
       select t.*, (a.state, a.episode, a.since, a.ended_at) is distinct from (t.state, t.episode, t.since, t.ended_at) as is_news
       from t join alert a using (fingerprint) order by fingerprint for no key update of a),
     kept as (
       insert into transition (heard_at, alert_fingerprint, state, since, ended_at)
       select heard_at, fingerprint, state, since, last_end from locked where is_news)
     update alert a set state = t.state, episode = t.episode, since = t.since, ended_at = t.ended_at,
       changed_at = t.changed_at, periods = t.periods::jsonb
     from locked t where a.fingerprint = t.fingerprint`,
    [
      inOrder.map((c) => c.fingerprint),
      all.map((a) => a.state),
      all.map((a) => a.episode),
      all.map((a) => a.since),
      all.map((a) => a.endedAt),
      all.map((a) => a.changedAt),
      all.map((a) => JSON.stringify(a.periods)),
      inOrder.map((c) => c.heard),
      all.map((a) => lastEnd(a)),
    ],
  );
}

function lastEnd({ periods }: AlertEpisode): Date | null {
  const last = periods.at(-1);
  return last === undefined ? null : new Date(last[1]);
}
