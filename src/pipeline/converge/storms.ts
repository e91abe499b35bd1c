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

/** An alert that counts towards a storm now, and did not before. */
export interface Counted {
  incidentId: string;
  groupId: number;
  alert: AlertTruth;
}

/** The storms of the alert groups that are decided, and what has been counted; {@link saveCounted} keeps that. */
export interface Storms {
  states: ReadonlyMap<number, StormState>;
  counted: readonly Counted[];
}

/**
 * Counts what has begun in alert groups whose policy knows storms, each episode once, and gives the state of their storms.
 * Decisions about the same alert group follow each other from here on, because its row stays locked.
 */
export async function keepStorms(tx: Queryable, counting: readonly Counting[], now: Date): Promise<Storms> {
  const concerned = counting.filter(mayCount);
  if (concerned.length === 0) return { states: new Map(), counted: [] };
  const groups = new Map(concerned.map(({ group }) => [group.id, group]));
  const before = await lockStorms(tx, [...groups.keys()]);
  const counted = await uncounted(tx, concerned, now);
  const states = stormsAfter([...groups.values()], { before, begun: begunIn(counted) }, now);
  await saveStorms(tx, new Map([...states].filter(([id, state]) => state !== before.get(id))));
  return { states, counted };
}

/** Whether anything in it counts towards a storm. */
export function mayCount({ lane, group }: Pick<Counting, 'lane' | 'group'>): boolean {
  return lane !== 'watchdog' && group.policy.storm !== null;
}

/** How many alerts of each alert group count now, and since when the first of them fires. Pure. */
export function begunIn(counted: readonly Pick<Counted, 'groupId' | 'alert'>[]): Map<number, Begun> {
  const begun = new Map<number, Begun>();
  for (const { groupId, alert } of counted) {
    const known = begun.get(groupId);
    const since = known === undefined || alert.since < known.since ? alert.since : known.since;
    begun.set(groupId, { alerts: (known?.alerts ?? 0) + 1, since });
  }
  return begun;
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

/**
 * Keeps what has been counted. Nobody else writes it, for the incidents are locked; it comes after everything that waits for
 * intake, which locks the same rows, in the same order.
 */
export async function saveCounted(tx: Queryable, counted: readonly Counted[]): Promise<void> {
  if (counted.length === 0) return;
  await tx.query(
    `update incident_alert p set counted_episode = t.episode from (
       select l.incident_id, l.alert_fingerprint, c.episode
       from unnest($1::bigint[], $2::text[], $3::int[]) as c (incident_id, alert_fingerprint, episode)
       join incident_alert l using (incident_id, alert_fingerprint)
       order by l.incident_id, l.alert_fingerprint for no key update of l) t
     where p.incident_id = t.incident_id and p.alert_fingerprint = t.alert_fingerprint`,
    columnsOf(counted),
  );
}

function columnsOf(rows: readonly Counted[]): unknown[] {
  return [rows.map((r) => r.incidentId), rows.map((r) => r.alert.fingerprint), rows.map((r) => r.alert.episode)];
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

/** Alerts that have begun lately, are told of, and have not been counted. */
async function uncounted(tx: Queryable, counting: readonly Counting[], now: Date): Promise<Counted[]> {
  const lately = counting.flatMap(({ incidentId, group, alerts }) =>
    alerts.filter((alert) => counts(alert, group, now)).map((alert) => ({ incidentId, groupId: group.id, alert })),
  );
  if (lately.length === 0) return [];
  const { rows } = await tx.query<{ n: number }>(
    `select t.n::int from unnest($1::bigint[], $2::text[], $3::int[])
       with ordinality as t (incident_id, alert_fingerprint, episode, n)
     join incident_alert p using (incident_id, alert_fingerprint)
     where p.counted_episode is null or p.counted_episode < t.episode order by t.n`,
    columnsOf(lately),
  );
  return rows.flatMap(({ n }) => lately[n - 1] ?? []);
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
