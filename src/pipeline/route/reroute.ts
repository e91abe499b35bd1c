import type { Lane } from '../../alert/alert.ts';
import type { Snapshot } from '../../alert/config.ts';
import type { Labels } from '../../alert/labels.ts';
import type { Db, Queryable } from '../../store/db.ts';
import { saveSteps } from '../steps.ts';
import { type Arrival, type DueIncident, type Placed, placeAlerts } from './place.ts';

interface OpenAlert extends Record<string, unknown> {
  fingerprint: string;
  labels: Labels;
  lane: Lane;
  pinned_group: string | null;
  since: Date;
}

/**
 * Routes alerts that are in open incidents by the newest configuration (rule 8), `limit` at a time. An alert that moved
 * leaves its old incident silently. Returns what became due; no alerts left to route = an empty answer.
 */
export async function reroute(
  db: Db,
  snapshot: Snapshot,
  now: Date,
  limit: number,
): Promise<{ alerts: number; due: DueIncident[] }> {
  return db.transaction(async (tx) => {
    const alerts = await outdated(tx, snapshot.routingVersion, limit);
    if (alerts.length === 0) return { alerts: 0, due: [] };
    const arrivals = alerts.map((a): Arrival => ({ ...a, pinnedGroup: a.pinned_group, startsAt: a.since }));
    const due = await placeAlerts(tx, arrivals, snapshot, now);
    const fingerprints = alerts.map((a) => a.fingerprint);
    const left = await leave(tx, { fingerprints, stay: due, now });
    await tx.query('update alert set routed_version = $2 where fingerprint = any($1::text[])', [
      fingerprints,
      snapshot.routingVersion,
    ]);
    return { alerts: alerts.length, due: [...due, ...left] };
  });
}

async function outdated(tx: Queryable, version: number, limit: number): Promise<OpenAlert[]> {
  const rows = await tx.query<OpenAlert>(
    `select distinct a.fingerprint, a.labels, a.lane, a.pinned_group, a.since
     from incident i
     join incident_alert ia on ia.incident_id = i.id and ia.left_at is null
     join alert a on a.fingerprint = ia.alert_fingerprint and a.routed_version < $1
     where i.closed_at is null order by a.fingerprint limit $2`,
    [version, limit],
  );
  return rows.rows;
}

/** Takes alerts out of the open incidents that no longer are theirs; `placeAlerts` has put them where they belong. */
async function leave(
  tx: Queryable,
  { fingerprints, stay, now }: { fingerprints: readonly string[]; stay: readonly Placed[]; now: Date },
): Promise<DueIncident[]> {
  const stays = stay.flatMap((placed) => placed.fingerprints.map((f) => [placed.id, f] as const));
  const rows = await tx.query<{ incident_id: string; alert_fingerprint: string }>(
    `update incident_alert ia set left_at = $3 from incident i
     where i.id = ia.incident_id and i.closed_at is null and ia.left_at is null
       and ia.alert_fingerprint = any($1::text[])
       and not exists (select from unnest($2::bigint[], $4::text[]) as s (incident_id, alert_fingerprint)
         where s.incident_id = ia.incident_id and s.alert_fingerprint = ia.alert_fingerprint)
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
  return ids.map((id) => ({ id, at: now }));
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
       and r.state = 'firing'
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
