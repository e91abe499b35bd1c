import type { Lane } from '../../alert/alert.ts';
import type { Snapshot } from '../../alert/config.ts';
import type { Labels } from '../../alert/labels.ts';
import type { Db, Queryable } from '../../store/db.ts';
import { saveSteps } from '../steps.ts';
import { type Arrival, type Placed, placeAlerts } from './place.ts';

interface OpenAlert extends Record<string, unknown> {
  incident_id: string;
  fingerprint: string;
  labels: Labels;
  lane: Lane;
  pinned_group: string | null;
  since: Date;
}

/** What is left to look at: these incidents in order, the first of them from behind an alert on. */
interface Rest {
  incidentIds: readonly string[];
  behind: string;
}

const alertsAtOnce = 500;

/**
 * Routes all alerts that are in open incidents by this configuration (rule 8), a page in each transaction; the cost is
 * that of looking at each alert once. What is stored by older routes while this runs has to be routed once more. An alert
 * that moved leaves its old incident silently.
 */
export async function reroute(db: Db, snapshot: Snapshot, now: () => Date): Promise<void> {
  const open = await db.query<{ id: string }>('select id from incident where closed_at is null order by id');
  let rest: Rest | null = { incidentIds: open.rows.map((row) => row.id), behind: '' };
  while (rest !== null) rest = await reroutePage(db, snapshot, rest, now());
}

/** Returns where to go on; null when nothing is left. */
async function reroutePage(db: Db, snapshot: Snapshot, rest: Rest, now: Date): Promise<Rest | null> {
  return db.transaction(async (tx) => {
    const found = await outdated(tx, snapshot.routingVersion, rest);
    const last = found.at(-1);
    if (last === undefined) return null;
    const alerts = [...new Map(found.map((a) => [a.fingerprint, a])).values()];
    const arrivals = alerts.map((a): Arrival => ({ ...a, pinnedGroup: a.pinned_group, startsAt: a.since }));
    const stay = await placeAlerts(tx, arrivals, snapshot, now);
    const fingerprints = alerts.map((a) => a.fingerprint);
    await leave(tx, { fingerprints, stay, now });
    await tx.query('update alert set routed_version = $2 where fingerprint = any($1::text[])', [
      fingerprints,
      snapshot.routingVersion,
    ]);
    if (found.length < alertsAtOnce) return null;
    return {
      incidentIds: rest.incidentIds.slice(rest.incidentIds.indexOf(last.incident_id)),
      behind: last.fingerprint,
    };
  });
}

/**
 * The incidents are gone through in their order, and only until the page is full: an `order by` over all of them would
 * read every alert for every page.
 */
async function outdated(tx: Queryable, version: number, { incidentIds, behind }: Rest): Promise<OpenAlert[]> {
  const rows = await tx.query<OpenAlert>(
    `select o.id as incident_id, a.*
     from unnest($2::bigint[]) with ordinality as o (id, n)
     cross join lateral (
       select a.fingerprint, a.labels, a.lane, a.pinned_group, a.since
       from incident_alert ia join alert a on a.fingerprint = ia.alert_fingerprint
       where ia.incident_id = o.id and ia.left_at is null and a.routed_version < $1
         and ia.alert_fingerprint > case o.n when 1 then $3 else '' end
       order by ia.alert_fingerprint limit $4) a
     limit $4`,
    [version, incidentIds, behind, alertsAtOnce],
  );
  return rows.rows;
}

/**
 * Takes alerts out of the open incidents that no longer are theirs; `placeAlerts` has put them where they belong. With
 * `not in` those are hashed; with `not exists` each was compared with each.
 */
async function leave(
  tx: Queryable,
  { fingerprints, stay, now }: { fingerprints: readonly string[]; stay: readonly Placed[]; now: Date },
): Promise<void> {
  const stays = stay.flatMap((placed) => placed.fingerprints.map((f) => [placed.id, f] as const));
  const rows = await tx.query<{ incident_id: string; alert_fingerprint: string }>(
    `update incident_alert ia set left_at = $3 from incident i
     where i.id = ia.incident_id and i.closed_at is null and ia.left_at is null
       and ia.alert_fingerprint = any($1::text[])
       and (ia.incident_id, ia.alert_fingerprint) not in (select * from unnest($2::bigint[], $4::text[]))
     returning ia.incident_id, ia.alert_fingerprint`,
    [fingerprints, stays.map(([id]) => id), now, stays.map(([, f]) => f)],
  );
  const moved = rows.rows.map((r) => [r.incident_id, r.alert_fingerprint] as const);
  await handOver(tx, moved, stays);
  const ids = [...new Set(rows.rows.map((r) => r.incident_id))];
  await tx.query('update incident set due_at = least(due_at, $2) where id = any($1::bigint[])', [ids, now]);
  const steps = rows.rows.map((r) => ({
    stage: 'route' as const,
    reason: 'rerouted' as const,
    incidentId: r.incident_id,
    alertFingerprint: r.alert_fingerprint,
  }));
  await saveSteps(tx, steps, now);
}

/** Whoever was told of a moved alert hears of it again from the incident that it moved to, as often as before. */
async function handOver(
  tx: Queryable,
  moved: readonly (readonly [incidentId: string, alert: string])[],
  placed: readonly (readonly [incidentId: string, alert: string])[],
): Promise<void> {
  await tx.query(
    `insert into thread as h (incident_id, destination_id, last_accepted_at)
     select p.incident_id, o.destination_id, max(o.last_accepted_at)
     from unnest($1::bigint[], $2::text[]) as m (incident_id, alert_fingerprint)
     join unnest($3::bigint[], $4::text[]) as p (incident_id, alert_fingerprint) using (alert_fingerprint)
     join thread o on o.incident_id = m.incident_id and o.last_accepted_at is not null
     join receipt r on r.destination_id = o.destination_id and r.alert_fingerprint = m.alert_fingerprint
       and r.state in ('firing', 'flapping')
     group by p.incident_id, o.destination_id order by 1, 2
     on conflict (incident_id, destination_id) do update
       set last_accepted_at = coalesce(h.last_accepted_at, excluded.last_accepted_at)`,
    [moved.map(([id]) => id), moved.map(([, f]) => f), placed.map(([id]) => id), placed.map(([, f]) => f)],
  );
}

/** After an edit every open incident is decided again: a silence, a member or a timer may have changed. */
export async function touchAfterEdit(db: Db, version: number, now: Date): Promise<void> {
  await db.query(
    `update incident set due_at = least(due_at, $2)
     where closed_at is null and decided_version < $1 and (due_at is null or due_at > $2)`,
    [version, now],
  );
}
