import type { Lane } from '../../alert/alert.ts';
import type { Queryable } from '../../store/db.ts';

/** An incident as deciding needs it. */
export interface IncidentRow extends Record<string, unknown> {
  id: string;
  group_id: number;
  lane: Lane;
  last_flush_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_critical: boolean | null;
  escalated_steps: number;
  unacknowledged_since: Date | null;
}

/** So many alerts are decided in one transaction, and so many incidents: their rows are locked meanwhile. */
export const alertsAtOnce = 2_000;
export const incidentsAtOnce = 200;

/**
 * Incidents whose own time has come, and those that reports have marked, those with something critical first, then the longest due, until their alerts are
 * enough for one transaction. The alerts are counted here and now: in a storm an incident has grown since it was decided.
 */
export async function dueIncidents(db: Queryable, now: Date): Promise<string[]> {
  const due = await db.query<{ id: string }>(
    `with recursive due as (
       select id, row_number() over (order by bool_or(urgent) desc, min(due_at), id) as place from (
         select id, due_at, critical as urgent from incident where due_at <= $1 and closed_at is null
         union all
         select i.id, d.due_at, d.urgent or i.lane = 'watchdog'
         from (select incident_id, min(due_at) as due_at, bool_or(urgent) as urgent
               from incident_due where due_at <= $1 group by incident_id) d
         join incident i on i.id = d.incident_id
         where i.closed_at is null and (i.look_again_at is null or i.look_again_at <= $1)) as either
       group by id order by place limit $2),
     some_of_them as (
       select place, id, (select count(*) from incident_alert where incident_id = due.id) as alerts from due where place = 1
       union all
       select due.place, due.id, s.alerts + own.alerts
       from some_of_them s join due on due.place = s.place + 1
       cross join lateral (select count(*) as alerts from incident_alert where incident_id = due.id) own
       where s.alerts + own.alerts <= $3)
     select id from some_of_them order by place`,
    [now, incidentsAtOnce, alertsAtOnce],
  );
  return due.rows.map((row) => row.id);
}

/** Locks those of these incidents that are open and that nobody else decides, and takes their marks away. */
export async function lockIncidents(tx: Queryable, ids: readonly string[]): Promise<IncidentRow[]> {
  const rows = await tx.query<IncidentRow>(
    `select id, group_id, lane, last_flush_at, acknowledged_at, acknowledged_critical, escalated_steps, unacknowledged_since
     from incident
     where id = any($1::bigint[]) and closed_at is null order by id for no key update skip locked`,
    [ids],
  );
  // What these marks stand for is committed, so the reads that follow see it; a later mark stays for the next look.
  await tx.query('delete from incident_due where incident_id = any($1::bigint[])', [rows.rows.map((row) => row.id)]);
  return rows.rows;
}

/** An incident that could not be decided. */
export interface HeldBack {
  incidentId: string;
  /** How often in a row by now. */
  failures: number;
  /** When it is tried again. */
  at: Date;
}

const firstPauseS = 5;
const longestPauseS = 300;

/**
 * Lets an incident that could not be decided wait; its marks stay, and what reports add. An alarm of the watchdog never
 * waits longer than the first time: nothing else would tell what it says.
 * @param when.growing twice as long after each failure
 * @returns null when it has been closed meanwhile
 */
export async function holdBack(
  db: Queryable,
  incidentId: string,
  { now, growing }: { now: Date; growing: boolean },
): Promise<HeldBack | null> {
  const { rows } = await db.query<{ failures: number; at: Date }>(
    `update incident i set failures = i.failures + 1, due_at = t.at, look_again_at = t.at
     from (select id, $2::timestamptz + interval '1 s' * case when $5 and lane <> 'watchdog'
       then least($3 * 2 ^ least(failures, 10), $4) else $3 end as at from incident) t
     where i.id = $1 and t.id = i.id and i.closed_at is null returning i.failures, t.at`,
    [incidentId, now, firstPauseS, longestPauseS, growing],
  );
  const held = rows[0];
  return held === undefined ? null : { incidentId, ...held };
}
