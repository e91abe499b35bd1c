/** Reads the consistency board: what each source delivered beside the others, and what polls found. Four statements. */
import type { Labels } from '../alert/labels.ts';
import { memberName, type SourceMember } from '../alert/member.ts';
import type { Queryable } from '../store/db.ts';
import type { ConsistencyAnswer } from './answer.ts';
import { receiverLastsMs } from './receivers.ts';

/** What the board needs beside the database. */
export interface BoardParts {
  now: Date;
  /** Polls without an answer after which a member is away. */
  misses: number;
  postsPerMinute: (sourceId: number) => number;
}

type Source = ConsistencyAnswer['sources'][number];
type Member = Source['members'][number];

const dayMs = 24 * 3_600_000;
/** What others reported may still come. */
const lackingAfterMs = 10 * 60_000;
const findingsAtMost = 5;
const receiversAtMost = 20;

export async function readBoard(db: Queryable, parts: BoardParts): Promise<ConsistencyAnswer> {
  const from = new Date(parts.now.getTime() - dayMs);
  const sources = await loadSources(db, parts.now);
  const compared = await loadCompared(db, from, parts.now);
  const findings = await loadFindings(db, from);
  const members = await loadMembers(db);
  return {
    ...{ from: from.toISOString(), to: parts.now.toISOString() },
    sources: sources.map(({ id, members: named, prometheus_url, ...about }) => ({
      ...about,
      last_post_at: about.last_post_at?.toISOString() ?? null,
      posts_per_minute: parts.postsPerMinute(id),
      ...(compared.get(id) ?? nothingCompared),
      ...(findings.get(id) ?? nothingFound),
      members: namedMembers(named, prometheus_url !== null).map((one) =>
        memberOf(one, members.get(keyOf(id, one.kind, one.name)) ?? null, parts.misses),
      ),
    })),
  };
}

interface SourceRow extends Pick<Source, 'name' | 'site' | 'kind' | 'quiet' | 'receivers'>, Record<string, unknown> {
  id: number;
  members: SourceMember[];
  prometheus_url: string | null;
  last_post_at: Date | null;
}

async function loadSources(db: Queryable, now: Date): Promise<SourceRow[]> {
  const { rows } = await db.query<SourceRow>(
    `select s.id, s.name, s.site, s.kind, s.members, s.prometheus_url, a.last_post_at,
       coalesce(a.state = 'quiet', false) as quiet,
       array(select receiver from source_receiver r where r.source_id = s.id and r.seen_at > $2 order by 1 limit $1) as receivers
     from source s left join source_activity a on a.source_id = s.id where s.kind <> 'self' order by s.name`,
    [receiversAtMost, new Date(now.getTime() - receiverLastsMs)],
  );
  return rows;
}

type Compared = Pick<Source, 'reported' | 'shared' | 'lacking' | 'median_delay_ms' | 'worst_delay_ms'>;
const nothingCompared: Compared = { reported: 0, shared: 0, lacking: 0, median_delay_ms: null, worst_delay_ms: null };

/** A source is compared with those of whose alerts it reports at least half: others watch something else. */
async function loadCompared(db: Queryable, from: Date, now: Date): Promise<Map<number, Compared>> {
  const { rows } = await db.query<Compared & { id: number }>(
    `with seen as materialized (
       select source_id, alert_fingerprint as alert, min(first_seen) as at from reporter r
       where first_seen >= $1 and exists (select from source s where s.id = r.source_id and s.kind <> 'self') group by 1, 2),
     totals as (select source_id, count(*) as n from seen group by 1),
     pairs as (
       select a.source_id as own, b.source_id as other from seen a
         join seen b on b.alert = a.alert and b.source_id <> a.source_id
         join totals t on t.source_id = b.source_id
       group by 1, 2, t.n having 2 * count(*) >= t.n),
     lacking as (
       select p.own, count(distinct b.alert)::int as n from pairs p
         join seen b on b.source_id = p.other and b.at <= $2
         left join seen a on a.source_id = p.own and a.alert = b.alert
       where a.alert is null group by 1),
     delays as (
       select source_id, count(*) over (partition by alert) > 1 as shared,
         extract(epoch from at - min(at) over (partition by alert)) * 1000 as ms
       from seen)
     select d.source_id as id, count(*)::int as reported, (count(*) filter (where shared))::int as shared,
       coalesce(max(l.n), 0) as lacking,
       (percentile_cont(0.5) within group (order by ms) filter (where shared))::float8 as median_delay_ms,
       (max(ms) filter (where shared))::float8 as worst_delay_ms
     from delays d left join lacking l on l.own = d.source_id group by 1`,
    [from, new Date(now.getTime() - lackingAfterMs)],
  );
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}

type Found = Pick<Source, 'missed_alerts' | 'missed_resolves' | 'findings'>;
const nothingFound: Found = { missed_alerts: 0, missed_resolves: 0, findings: [] };

interface FindingRow extends Record<string, unknown> {
  source_id: number;
  kind: 'missed_alert' | 'missed_resolve';
  fingerprint: string;
  labels: Labels;
  since: Date;
  found_at: Date;
  place: number;
  missed_alerts: number;
  missed_resolves: number;
}

async function loadFindings(db: Queryable, from: Date): Promise<Map<number, Found>> {
  const { rows } = await db.query<FindingRow>(
    `select * from (
       select source_id, kind, alert_fingerprint as fingerprint, labels, since, found_at,
         row_number() over (partition by source_id order by id desc)::int as place,
         (count(*) filter (where kind = 'missed_alert') over (partition by source_id))::int as missed_alerts,
         (count(*) filter (where kind = 'missed_resolve') over (partition by source_id))::int as missed_resolves
       from poll_finding where found_at >= $1) f
     where place <= $2 order by source_id, place`,
    [from, findingsAtMost],
  );
  const found = new Map<number, Found>();
  for (const { source_id, missed_alerts, missed_resolves, place: _, since, found_at, ...row } of rows) {
    const before = found.get(source_id)?.findings ?? [];
    const finding = { ...row, since: since.toISOString(), found_at: found_at.toISOString() };
    found.set(source_id, { missed_alerts, missed_resolves, findings: [...before, finding] });
  }
  return found;
}

interface MemberRow extends Record<string, unknown> {
  source_id: number;
  kind: Member['kind'];
  member: string;
  polled_at: Date;
  ok_at: Date | null;
  error: string | null;
  misses: number;
  version: string | null;
  cluster: string | null;
  peers: number | null;
  skew_ms: number | null;
  alerts: number | null;
}

const keyOf = (sourceId: number, kind: string, name: string) => `${sourceId} ${kind} ${name}`;

async function loadMembers(db: Queryable): Promise<Map<string, MemberRow>> {
  const { rows } = await db.query<MemberRow>(
    `select source_id, kind, member, polled_at, ok_at, error, misses, version, cluster, peers, skew_ms::float8 as skew_ms, alerts
     from poll_member`,
  );
  return new Map(rows.map((row) => [keyOf(row.source_id, row.kind, row.member), row]));
}

interface Named extends Pick<Member, 'kind' | 'name'> {
  asked: boolean;
}

function namedMembers(members: readonly SourceMember[], prometheus: boolean): Named[] {
  return [
    ...members.map((one): Named => ({ kind: 'alertmanager', name: memberName(one), asked: typeof one !== 'string' })),
    ...(prometheus ? [{ kind: 'prometheus', name: '', asked: true } as const] : []),
  ];
}

const unknown = { version: null, cluster: null, peers: null, skew_ms: null, alerts: null };

function memberOf({ kind, name, asked }: Named, row: MemberRow | null, misses: number): Member {
  if (row === null || !asked) {
    const state = asked ? 'pending' : 'not_asked';
    return { kind, name, state, polled_at: null, ok_at: null, error: null, ...unknown };
  }
  const { version, cluster, peers, skew_ms, alerts } = row;
  const facts = kind === 'prometheus' ? unknown : { version, cluster, peers, skew_ms, alerts };
  return {
    ...{
      kind,
      name,
      error: row.error,
      polled_at: row.polled_at.toISOString(),
      ok_at: row.ok_at?.toISOString() ?? null,
    },
    state: row.misses === 0 ? 'answers' : row.misses < misses ? 'missed' : 'away',
    ...facts,
  };
}
