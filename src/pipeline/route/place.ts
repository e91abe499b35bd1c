import type { Lane } from '../../alert/alert.ts';
import type { Snapshot } from '../../alert/config.ts';
import { matchesAll } from '../../matcher/compile.ts';
import type { Matcher } from '../../matcher/matcher.ts';
import type { Queryable } from '../../store/db.ts';
import { fires } from '../dedupe/dedupe.ts';
import type { Judged } from '../dedupe/reporters.ts';
import { inhibitsBy } from '../inhibition.ts';
import { type Placement, type Routable, route } from './route.ts';

/** An incident that has to be looked at. */
export interface DueIncident {
  id: string;
  at: Date;
  /** Something critical has begun in it: it is decided before the others. */
  urgent: boolean;
}

/** An incident with the alerts that have just been put into it. */
export interface Placed extends DueIncident {
  fingerprints: string[];
}

/** An alert to be put into the incidents it belongs to, to be looked at from `dueAt` on. */
export interface Arrival extends Routable {
  fingerprint: string;
  /** Start of its firing; `group_wait` counts from it. */
  startsAt: Date;
}

/** The news that fire have to be in an incident; where they end, the incidents that hold them are looked at. */
export function splitNews(news: readonly Judged[]): { firing: Arrival[]; ended: string[] } {
  const last = new Map(news.map((j) => [j.report.alertFingerprint, j]));
  const firing = new Map<string, Arrival>();
  for (const { report, state } of news) {
    if (!fires(state)) continue;
    firing.set(report.alertFingerprint, {
      fingerprint: report.alertFingerprint,
      labels: report.labels,
      lane: report.lane,
      pinnedGroup: report.pinnedGroup,
      startsAt: state.firingAt,
    });
  }
  return { firing: [...firing.values()], ended: [...last.keys()].filter((f) => !firing.has(f)) };
}

/**
 * An edit that was committed since `version` was read may have been carried on to these alerts already: they are to be
 * routed once more. The last statement of its transaction, so that hardly any edit can come after it.
 */
export async function routeAgainIfOutdated(
  tx: Queryable,
  fingerprints: readonly string[],
  version: number,
): Promise<void> {
  if (fingerprints.length === 0) return;
  await tx.query(
    `update alert set routed_version = $2
     where fingerprint = any($1::text[]) and exists (select from config_version where routing_version > $2)`,
    [fingerprints, version],
  );
}

/** An incident that has to be open, and the alerts that have to be in it. */
export interface WantedIncident {
  placement: Placement;
  lane: Lane;
  dueAt: Date;
  /** One of the alerts is critical. */
  urgent: boolean;
  fingerprints: string[];
}

/** What opens now follows this version of the configuration: only a later edit has to be carried on to it. */
interface Moment {
  version: number;
  now: Date;
}

/**
 * Puts firing alerts into the open incidents of the groups that match them, and makes those due. A constant number of
 * statements; rows are taken in key order, so two replicas do not deadlock.
 */
export async function placeAlerts(
  tx: Queryable,
  arrivals: readonly Arrival[],
  snapshot: Snapshot,
  now: Date,
): Promise<Placed[]> {
  if (arrivals.length === 0) return [];
  const opened = await openIncidents(tx, wantedIncidents(arrivals, snapshot, now), { version: snapshot.version, now });
  const joins = opened.flatMap((i) => i.fingerprints.map((f) => [i.id, f] as const));
  await tx.query(
    `insert into incident_alert (incident_id, alert_fingerprint, joined_at)
     select t.incident_id, t.alert_fingerprint, $3 from unnest($1::bigint[], $2::text[]) as t (incident_id, alert_fingerprint)
     order by 1, 2
     on conflict (incident_id, alert_fingerprint) do update set left_at = null where incident_alert.left_at is not null`,
    [joins.map(([id]) => id), joins.map(([, f]) => f), now],
  );
  await mark(tx, opened);
  return opened;
}

/**
 * Where firing alerts have to be, in the order in which everybody opens incidents.
 *
 * @param critical an alert that matches all of these is critical; null: nothing is urgent, for they have fired before
 */
export function wantedIncidents(
  arrivals: readonly Arrival[],
  snapshot: Snapshot,
  now: Date,
  critical: readonly Matcher[] | null = null,
): WantedIncident[] {
  const wanted = new Map<string, WantedIncident>();
  const rules = snapshot.inhibitionRules;
  for (const arrival of arrivals) {
    const inhibits = inhibitsBy(rules, arrival).length > 0;
    const urgent = critical !== null && (arrival.lane === 'watchdog' || matchesAll(critical, arrival.labels));
    for (const placement of route(arrival, snapshot)) {
      const dueAt = lookAt(arrival, placement, { inhibits, now });
      const key = `${String(placement.group.id).padStart(10, '0')} ${placement.groupKey}`;
      const known = wanted.get(key);
      if (known === undefined)
        wanted.set(key, { placement, lane: arrival.lane, dueAt, urgent, fingerprints: [arrival.fingerprint] });
      else {
        known.urgent ||= urgent;
        known.fingerprints.push(arrival.fingerprint);
        if (dueAt < known.dueAt) known.dueAt = dueAt;
      }
    }
  }
  return [...wanted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, w]) => w);
}

/**
 * When an incident has to be looked at for an alert that comes to it. What inhibits others is looked at before they are, which
 * may have waited as long.
 */
export function lookAt(
  { lane, startsAt }: Pick<Arrival, 'lane' | 'startsAt'>,
  { group }: Placement,
  { inhibits, now }: { inhibits: boolean; now: Date },
): Date {
  const waitMs = lane === 'watchdog' || inhibits ? 0 : group.policy.groupWaitMs;
  return new Date(Math.max(now.getTime(), startsAt.getTime() + waitMs));
}

/**
 * Fired again within `group_interval` of the close: the same incident goes on, in the same thread (rule 7). Whoever had
 * acknowledged it, or had been called in, was so until it closed.
 */
async function reopen(tx: Queryable, wanted: readonly WantedIncident[], { version, now }: Moment): Promise<void> {
  await tx.query(
    `update incident set closed_at = null, acknowledged_at = null, acknowledged_by = null, acknowledged_critical = null,
       escalated_steps = 0, unacknowledged_since = null, decided_version = $4
     from (
       select distinct on (i.group_id, i.group_key) i.id
       from unnest($1::int[], $2::text[], $3::timestamptz[]) as t (group_id, group_key, closed_after)
       join incident i using (group_id, group_key)
       where i.closed_at > t.closed_after
         and not exists (select from incident o
           where o.group_id = i.group_id and o.group_key = i.group_key and o.closed_at is null)
       order by i.group_id, i.group_key, i.closed_at desc) as again
     where incident.id = again.id`,
    [
      wanted.map((w) => w.placement.group.id),
      wanted.map((w) => w.placement.groupKey),
      wanted.map((w) => new Date(now.getTime() - w.placement.group.policy.groupIntervalMs)),
      version,
    ],
  );
}

/** A placed incident, and what asked for it. */
interface Held extends Placed {
  wanted: WantedIncident;
}

/** An incident may close between our looking and our joining it; then there is none open, and we open the next. */
const openTries = 3;

/** Opens or reopens (rule 7) what is not open, and holds all of it open until the end of the transaction. */
export async function openIncidents(
  tx: Queryable,
  wanted: readonly WantedIncident[],
  moment: Moment,
): Promise<Placed[]> {
  let placed = await holdOpen(tx, wanted);
  for (let attempt = 0; placed.length < wanted.length && attempt < openTries; attempt++) {
    const missing = wanted.filter((w) => !placed.some((p) => p.wanted === w));
    await reopen(tx, missing, moment);
    await openMissing(tx, missing, moment);
    placed = [...placed, ...(await holdOpen(tx, missing))];
  }
  if (placed.length < wanted.length) throw new Error('incidents close faster than they can be joined');
  return placed;
}

async function openMissing(tx: Queryable, wanted: readonly WantedIncident[], { version, now }: Moment): Promise<void> {
  await tx.query(
    `insert into incident (group_id, group_key, group_labels, lane, opened_at, due_at, decided_version)
     select t.group_id, t.group_key, t.group_labels::jsonb, t.lane, $6, t.due_at, $7
     from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
       as t (group_id, group_key, group_labels, lane, due_at)
     on conflict (group_id, group_key) where closed_at is null do nothing`,
    [
      wanted.map((w) => w.placement.group.id),
      wanted.map((w) => w.placement.groupKey),
      wanted.map((w) => JSON.stringify(w.placement.groupLabels)),
      wanted.map((w) => w.lane),
      wanted.map((w) => w.dueAt),
      now,
      version,
    ],
  );
}

/** `for key share` goes together with the lock of a decision, but not with that of a close. */
async function holdOpen(tx: Queryable, wanted: readonly WantedIncident[]): Promise<Held[]> {
  const rows = await tx.query<{ id: string; group_id: number; group_key: string }>(
    `select i.id, i.group_id, i.group_key from unnest($1::int[], $2::text[]) as t (group_id, group_key)
     join incident i using (group_id, group_key) where i.closed_at is null order by i.id for key share of i`,
    [wanted.map((w) => w.placement.group.id), wanted.map((w) => w.placement.groupKey)],
  );
  const byKey = new Map(wanted.map((w) => [`${w.placement.group.id} ${w.placement.groupKey}`, w]));
  return rows.rows.map((row) => {
    const found = byKey.get(`${row.group_id} ${row.group_key}`) as WantedIncident;
    return { id: row.id, at: found.dueAt, urgent: found.urgent, fingerprints: found.fingerprints, wanted: found };
  });
}

async function mark(tx: Queryable, due: readonly DueIncident[]): Promise<void> {
  if (due.length === 0) return;
  await tx.query(
    'insert into incident_due (incident_id, due_at, urgent) select * from unnest($1::bigint[], $2::timestamptz[], $3::boolean[])',
    [due.map((d) => d.id), due.map((d) => d.at), due.map((d) => d.urgent)],
  );
}

/** Makes the open incidents that hold these alerts due now. */
export async function touchIncidents(
  tx: Queryable,
  fingerprints: readonly string[],
  now: Date,
): Promise<DueIncident[]> {
  if (fingerprints.length === 0) return [];
  const rows = await tx.query<{ id: string }>(
    `select i.id from incident i
     where i.closed_at is null and i.id in (select ia.incident_id from incident_alert ia
       where ia.alert_fingerprint = any($1::text[]) and ia.left_at is null)
     order by i.id for key share`,
    [fingerprints],
  );
  const due = rows.rows.map((row) => ({ id: row.id, at: now, urgent: false }));
  await mark(tx, due);
  return due;
}
