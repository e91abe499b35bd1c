/** The rows that polls leave. */
import type { Report } from '../alert/alert.ts';
import { pollGroup } from '../alert/held.ts';
import type { Labels } from '../alert/labels.ts';
import type { Queryable } from '../store/db.ts';
import type { Polled } from './member.ts';
import { receiverLastsMs } from './receivers.ts';
import type { FindingKind, MemberFacts, Reporting, Watched } from './reconcile.ts';

/** Stores what became of the polls of a source, and forgets members that are no longer asked. */
export async function saveMembers(
  tx: Queryable,
  sourceId: number,
  polled: readonly Polled[],
  beats: ReadonlyMap<string, Readonly<Record<string, number>>>,
): Promise<Map<string, MemberFacts>> {
  await tx.query(
    `delete from poll_member where source_id = $1
       and (kind, member) not in (select * from unnest($2::text[], $3::text[]))`,
    [sourceId, polled.map(({ target }) => target.kind), polled.map(({ target }) => target.member)],
  );
  const facts = new Map<string, MemberFacts>();
  for (const one of polled) {
    const startedSeenAt = await saveMember(tx, one, beats.get(one.target.member) ?? {});
    const { cluster = '', peers = 0 } = one.said ?? {};
    if (one.target.kind === 'alertmanager')
      facts.set(one.target.member, { answered: one.said !== null, cluster, peers, startedSeenAt });
  }
  return facts;
}

/** What an unanswered poll cannot know stays as it was. */
async function saveMember(
  tx: Queryable,
  { target, at, said, error }: Polled,
  beats: Readonly<Record<string, number>>,
): Promise<Date | null> {
  const { rows } = await tx.query<{ at: Date | null }>(
    `insert into poll_member as m (source_id, kind, member, url, polled_at, ok_at, error, misses, version,
       started_at, started_seen_at, cluster, peers, skew_ms, alerts, beats)
     values ($1, $2, $3, $4, $5, case when $6::text is null then $5::timestamptz end, $6,
       case when $6::text is null then 0 else 1 end, $7, $8,
       case when $8::text is not null then $5::timestamptz end, $9, $10, $11, $12, $13::jsonb)
     on conflict (source_id, kind, member) do update set
       url = excluded.url, polled_at = excluded.polled_at, error = excluded.error,
       ok_at = coalesce(excluded.ok_at, m.ok_at),
       misses = case when excluded.error is null then 0 else m.misses + 1 end,
       version = coalesce(excluded.version, m.version), started_at = coalesce(excluded.started_at, m.started_at),
       started_seen_at = case when excluded.started_at <> coalesce(m.started_at, '') then excluded.polled_at
         else m.started_seen_at end,
       cluster = coalesce(excluded.cluster, m.cluster), peers = coalesce(excluded.peers, m.peers),
       skew_ms = coalesce(excluded.skew_ms, m.skew_ms), alerts = coalesce(excluded.alerts, m.alerts),
       beats = case when excluded.error is null then excluded.beats else m.beats end
     returning started_seen_at as at`,
    [
      ...[target.source.id, target.kind, target.member, target.url, at, error, said?.version ?? null],
      ...[said?.startedAt ?? null, said?.cluster ?? null, said?.peers ?? null, said?.skewMs ?? null],
      ...[said?.held.length ?? null, JSON.stringify(beats)],
    ],
  );
  return rows[0]?.at ?? null;
}

/** What is stored of a source for comparing. */
export interface Stored {
  reporting: Map<string, Reporting>;
  watched: Watched[];
  receivers: Set<string>;
  quiet: boolean;
}

export async function loadStored(db: Queryable, sourceId: number, now: Date): Promise<Stored> {
  const reporters = await db.query<{ [K in keyof Reporting]: Reporting[K] }>(
    `select r.fingerprint, r.firing_at as "firingAt", r.last_seen as "lastSeen", a.ended_at is not null as ended,
       r.group_key = $2 as polled
     from reporter r join alert a on a.fingerprint = r.alert_fingerprint
     where r.source_id = $1 and (r.resolved_at is null or r.firing_at > r.resolved_at)`,
    [sourceId, pollGroup],
  );
  const watched = await db.query<{ [K in keyof Watched]: Watched[K] }>(
    'select kind, fingerprint, since, polls from poll_watch where source_id = $1',
    [sourceId],
  );
  const rest = await db.query<{ receivers: string[]; quiet: boolean }>(
    `select coalesce(array(select receiver from source_receiver where source_id = $1 and seen_at > $2), '{}') as receivers,
       exists (select from source_activity where source_id = $1 and state = 'quiet') as quiet`,
    [sourceId, new Date(now.getTime() - receiverLastsMs)],
  );
  return {
    reporting: new Map(reporters.rows.map((row) => [row.fingerprint, row])),
    watched: watched.rows,
    receivers: new Set(rest.rows[0]?.receivers ?? []),
    quiet: rest.rows[0]?.quiet ?? false,
  };
}

/** What is watched, instead of what was; and whether all members could be believed in this round. */
export async function saveWatched(
  tx: Queryable,
  sourceId: number,
  { watched, completeAt }: { watched: readonly Watched[]; completeAt: Date | null },
): Promise<void> {
  await tx.query('delete from poll_watch where source_id = $1', [sourceId]);
  await tx.query(
    `insert into poll_watch (source_id, kind, fingerprint, since, polls)
     select $1, t.* from unnest($2::text[], $3::text[], $4::timestamptz[], $5::int[]) as t`,
    [
      ...[sourceId, watched.map((w) => w.kind), watched.map((w) => w.fingerprint)],
      ...[watched.map((w) => w.since), watched.map((w) => w.polls)],
    ],
  );
  if (completeAt !== null)
    await tx.query('update poll_round set complete_at = $2 where source_id = $1', [sourceId, completeAt]);
}

/** A reporter as far as a report of its end needs it. */
export interface StoredReporter {
  fingerprint: string;
  alertFingerprint: string;
  labels: Labels;
  replicaLabels: Labels | null;
  annotations: Labels;
  generatorUrl: string | null;
  firingAt: Date;
  resolvedAt: Date | null;
}

export async function loadReporters(
  db: Queryable,
  sourceId: number,
  fingerprints: readonly string[],
): Promise<Map<string, StoredReporter>> {
  const { rows } = await db.query<{ [K in keyof StoredReporter]: StoredReporter[K] }>(
    `select r.fingerprint, r.alert_fingerprint as "alertFingerprint", a.labels, r.replica_labels as "replicaLabels",
       r.annotations, r.generator_url as "generatorUrl", r.firing_at as "firingAt", r.resolved_at as "resolvedAt"
     from reporter r join alert a on a.fingerprint = r.alert_fingerprint
     where r.source_id = $1 and r.fingerprint = any($2::text[])`,
    [sourceId, fingerprints],
  );
  return new Map(rows.map((row) => [row.fingerprint, row]));
}

/** A report that polls have made, and why. */
export interface Found {
  kind: FindingKind;
  since: Date;
  report: Report;
}

export async function saveFindings(tx: Queryable, found: readonly Found[], now: Date): Promise<void> {
  await tx.query(
    `insert into poll_finding (source_id, kind, alert_fingerprint, labels, since, found_at)
     select t.source_id, t.kind, t.fingerprint, t.labels::jsonb, t.since, $1
     from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
       as t (source_id, kind, fingerprint, labels, since)`,
    [
      ...[now, found.map(({ report }) => report.sourceId), found.map(({ kind }) => kind)],
      ...[found.map(({ report }) => report.alertFingerprint), found.map(({ report }) => JSON.stringify(report.labels))],
      found.map(({ since }) => since),
    ],
  );
}

/** Forgets what was found before `before`. */
export async function retainFindings(db: Queryable, before: Date): Promise<void> {
  await db.query('delete from poll_finding where found_at < $1', [before]);
}
