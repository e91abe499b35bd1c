import type { AlertTruth, Lane } from '../../alert/alert.ts';
import type { AlertGroup } from '../../alert/config.ts';
import type { Queryable } from '../../store/db.ts';
import { slotsOf } from './hold.ts';
import { afterBegin, type Begun, calm, type StormState } from './storm.ts';

/** An incident whose alerts may count towards a storm. */
export interface Counting {
  incidentId: string;
  lane: Lane;
  group: AlertGroup;
  alerts: readonly AlertTruth[];
}

/**
 * Counts what has begun in alert groups whose policy knows storms, each episode once, and gives the state of their storms.
 * Decisions about the same alert group follow each other from here on, because its row stays locked.
 */
export async function keepStorms(
  tx: Queryable,
  counting: readonly Counting[],
  now: Date,
): Promise<Map<number, StormState>> {
  const concerned = counting.filter(mayCount);
  if (concerned.length === 0) return new Map();
  const groups = new Map(concerned.map(({ group }) => [group.id, group]));
  const before = await lockStorms(tx, [...groups.keys()]);
  const begun = await countBegun(tx, concerned, now);
  const after = stormsAfter([...groups.values()], { before, begun }, now);
  await saveStorms(tx, new Map([...after].filter(([id, state]) => state !== before.get(id))));
  return after;
}

/** Whether anything in it counts towards a storm. */
export function mayCount({ lane, group }: Pick<Counting, 'lane' | 'group'>): boolean {
  return lane !== 'watchdog' && group.policy.storm !== null;
}

/** The storms of these alert groups when alerts of theirs have been counted. Pure. */
export function stormsAfter(
  groups: readonly AlertGroup[],
  { before, begun }: { before: ReadonlyMap<number, StormState>; begun: ReadonlyMap<number, Begun> },
  now: Date,
): Map<number, StormState> {
  const after = new Map<number, StormState>();
  for (const { id, policy } of groups) {
    const slots = slotsOf(policy);
    if (slots === null) continue;
    after.set(id, afterBegin(before.get(id) ?? calm, begun.get(id) ?? { alerts: 0, since: now }, slots, now));
  }
  return after;
}

/** The storms of these alert groups as they are kept. */
export async function loadStorms(
  db: Queryable,
  groupIds: readonly number[],
  lock = '',
): Promise<Map<number, StormState>> {
  const { rows } = await db.query<{ id: number; [key: string]: unknown } & StormState>(
    `select group_id as id, began_at as "beganAt", first_at as "firstAt", ended_at as "endedAt", alerts, recent from storm
     where group_id = any($1::int[]) order by group_id ${lock}`,
    [groupIds],
  );
  return new Map(rows.map(({ id, ...state }) => [id, state]));
}

async function lockStorms(tx: Queryable, groupIds: readonly number[]): Promise<Map<number, StormState>> {
  await tx.query(
    'insert into storm (group_id) select id from unnest($1::int[]) as t (id) order by id on conflict do nothing',
    [groupIds],
  );
  return loadStorms(tx, groupIds, 'for update');
}

/** How many alerts of each alert group have begun lately, are told of, and had not been counted. */
async function countBegun(tx: Queryable, counting: readonly Counting[], now: Date): Promise<Map<number, Begun>> {
  const rows = counting.flatMap(({ incidentId, group, alerts }) =>
    alerts.filter((alert) => counts(alert, group, now)).map((alert) => ({ incidentId, group, alert })),
  );
  if (rows.length === 0) return new Map();
  const counted = await tx.query<{ id: number } & Begun & Record<string, unknown>>(
    `with counted as (
       update incident_alert p set counted_episode = t.episode
       from unnest($1::bigint[], $2::text[], $3::int[], $4::int[], $5::timestamptz[])
         as t (incident_id, alert, episode, group_id, since)
       where p.incident_id = t.incident_id and p.alert_fingerprint = t.alert
         and (p.counted_episode is null or p.counted_episode < t.episode)
       returning t.group_id, t.since)
     select group_id as id, count(*)::int as alerts, min(since) as since from counted group by group_id`,
    [
      rows.map((r) => r.incidentId),
      rows.map((r) => r.alert.fingerprint),
      rows.map((r) => r.alert.episode),
      rows.map((r) => r.group.id),
      rows.map((r) => r.alert.since),
    ],
  );
  return new Map(counted.rows.map(({ id, ...begun }) => [id, begun]));
}

/** Whether an alert counts: one that flaps is told once however often it comes, and what is suppressed is not told at all. Pure. */
export function counts(alert: AlertTruth, { policy }: Pick<AlertGroup, 'policy'>, now: Date): boolean {
  if (alert.state !== 'firing' || alert.suppressedBy !== null) return false;
  if (alert.pendingUntil !== null || alert.flappingUntil !== null) return false;
  return policy.storm !== null && alert.changedAt.getTime() > now.getTime() - policy.storm.withinMs;
}

async function saveStorms(tx: Queryable, states: ReadonlyMap<number, StormState>): Promise<void> {
  if (states.size === 0) return;
  const rows = [...states].map(([id, state]) => ({ id, ...state }));
  await tx.query(
    `update storm s set began_at = t.began_at, first_at = t.first_at, ended_at = t.ended_at, alerts = t.alerts, recent = t.recent::jsonb
     from unnest($1::int[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[], $5::int[], $6::text[])
       as t (group_id, began_at, first_at, ended_at, alerts, recent) where s.group_id = t.group_id`,
    [
      rows.map((r) => r.id),
      rows.map((r) => r.beganAt),
      rows.map((r) => r.firstAt),
      rows.map((r) => r.endedAt),
      rows.map((r) => r.alerts),
      rows.map((r) => JSON.stringify(r.recent)),
    ],
  );
}
