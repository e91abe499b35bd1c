/** What whoever comes on call finds: read in a constant number of statements. */
import type { AlertGroup, KeptSilence } from '../../alert/config.ts';
import type { HandOver, NoticedAlert, NoticedIncident } from '../../alert/notice.ts';
import { matchesAll } from '../../matcher/compile.ts';
import type { Matcher } from '../../matcher/matcher.ts';
import type { Queryable } from '../../store/db.ts';
import { flappingUntil, spellsOf } from '../converge/flapping.ts';
import type { StoredAlert } from '../converge/load.ts';

/** One card names no more of a kind; it counts the others. */
const listedAtMost = 10;
/** No more alerts are looked at for whether they flap. */
const examinedAtMost = 5_000;
const day = 24 * 3_600_000;

/** What a card says beside the schedule. */
export type Found = Pick<HandOver, 'incidents' | 'flapping' | 'failed' | 'heartbeats'>;

/** What is open and what is wrong in these alert groups, and with the heartbeats. */
export async function findState(
  db: Queryable,
  groups: readonly AlertGroup[],
  { critical, now }: { critical: readonly Matcher[]; now: Date },
): Promise<Found> {
  const ids = groups.map((group) => group.id);
  return {
    incidents: await openIncidents(db, ids),
    flapping: await flapping(db, groups, { critical, now }),
    failed: await failedMessages(db, ids, now),
    heartbeats: await badHeartbeats(db),
  };
}

/** The silences that end within a shift. Pure. */
export function endingIn(silences: readonly KeptSilence[], now: Date, until: Date | null): HandOver['silences'] {
  const ending = silences
    .filter(({ endsAt }) => endsAt > now && (until === null || endsAt <= until))
    .sort((a, b) => a.endsAt.getTime() - b.endsAt.getTime());
  const listed = ending.slice(0, listedAtMost);
  return {
    total: ending.length,
    listed: listed.map(({ id, comment, endsAt }) => ({ id, comment, endsAt: endsAt.toISOString() })),
  };
}

async function openIncidents(db: Queryable, groupIds: readonly number[]): Promise<HandOver['incidents']> {
  const { rows } = await db.query<
    Omit<NoticedIncident, 'openedAt'> & { openedAt: Date; total: number } & Record<string, unknown>
  >(
    `select i.id, g.name as "group", i.group_labels as "groupLabels", i.opened_at as "openedAt", i.critical,
       i.acknowledged_by as "acknowledgedBy", count(*) over ()::int as total
     from incident i join alert_group g on g.id = i.group_id
     where i.closed_at is null and i.group_id = any($1::int[]) order by i.critical desc, i.id limit $2`,
    [groupIds, listedAtMost],
  );
  return counted(rows, ({ total: _, openedAt, ...rest }) => ({ ...rest, openedAt: openedAt.toISOString() }));
}

async function flapping(
  db: Queryable,
  groups: readonly AlertGroup[],
  { critical, now }: { critical: readonly Matcher[]; now: Date },
): Promise<HandOver['flapping']> {
  const policies = new Map(
    groups.flatMap(({ id, policy }) => (policy.flapping === null ? [] : [[id, policy] as const])),
  );
  if (policies.size === 0) return { total: 0, listed: [] };
  const { rows } = await db.query<StoredAlert & { group_id: number } & Record<string, unknown>>(
    `select a.fingerprint, a.labels, a.state, a.episode, a.since, a.periods, i.group_id
     from incident i join incident_alert ia on ia.incident_id = i.id and ia.left_at is null
     join alert a on a.fingerprint = ia.alert_fingerprint
     where i.closed_at is null and i.group_id = any($1::int[]) and a.periods <> '[]' order by a.since limit $2`,
    [[...policies.keys()], examinedAtMost],
  );
  const found = new Map<string, NoticedAlert>();
  for (const row of rows) {
    const policy = policies.get(row.group_id);
    if (policy === undefined || policy.flapping === null) continue;
    if (flappingUntil(spellsOf(row, policy.keepFiringForMs), policy.flapping, now) === null) continue;
    const { labels, since } = row;
    found.set(row.fingerprint, { labels, since: since.toISOString(), critical: matchesAll(critical, labels) });
  }
  return { total: found.size, listed: [...found.values()].slice(0, listedAtMost) };
}

async function failedMessages(db: Queryable, groupIds: readonly number[], now: Date): Promise<HandOver['failed']> {
  const { rows } = await db.query<{ to: string; channel: string; at: Date; answer: string | null; total: number }>(
    `select d.name as "to", d.channel, max(n.finished_at) as at, left(max(n.answer), 200) as answer, count(*) over ()::int as total
     from notification n join destination d on d.id = n.destination_id join incident i on i.id = n.incident_id
     where n.state = 'undeliverable' and n.created_at >= $2 and i.group_id = any($1::int[])
     group by d.id order by max(n.finished_at) desc limit $3`,
    [groupIds, new Date(now.getTime() - day), listedAtMost],
  );
  return counted(rows, ({ to, channel, at, answer }) => ({ to, channel, at: at.toISOString(), answer }));
}

async function badHeartbeats(db: Queryable): Promise<HandOver['heartbeats']> {
  const { rows } = await db.query<
    Omit<HandOver['heartbeats']['listed'][number], 'since'> & { since: Date; total: number } & Record<string, unknown>
  >(
    `select coalesce(h.name, left(s.labels->>'alertname', 100), 'heartbeat') as name, source.name as source, s.state,
       s.state_since as since, count(*) over ()::int as total
     from heartbeat_stream s left join heartbeat h on h.id = s.heartbeat_id left join source on source.id = s.source_id
     where s.state in ('late', 'lost', 'recovering') order by s.state_since, s.id limit $1`,
    [listedAtMost],
  );
  return counted(rows, ({ name, source, state, since }) => ({ name, source, state, since: since.toISOString() }));
}

function counted<Row extends { total: number }, T>(rows: readonly Row[], of: (row: Row) => T) {
  return { total: rows[0]?.total ?? 0, listed: rows.map(of) };
}
