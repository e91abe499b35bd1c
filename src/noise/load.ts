/** Reads what alerts did and how much of it was told: four statements, however much there is. */
import type { Labels } from '../alert/labels.ts';
import type { Queryable } from '../store/db.ts';
import { type Lasted, type Quick, sensibleForMs, usualFlapping } from './propose.ts';
import type { Opening } from './split.ts';

/** One alert name in one alert group. */
export interface Name {
  groupId: number;
  alertname: string;
}

/** How much of it was told. */
export interface Told extends Name {
  messages: number;
  /** Of which somebody was told. */
  incidents: number;
  acknowledged: number;
}

/** How it came and went. */
export interface Came extends Name {
  /** Began in the time. */
  episodes: number;
  /** Ended in the time. */
  ended: number;
  /** Of those that ended. */
  medianMs: number | null;
  /** Of those that ended, how many lasted for less than {@link shortMs}. */
  short: number;
  lasted: Lasted;
}

/** What is true of the alerts of an alert group that are alike in those labels. */
export interface Alike<T> {
  groupId: number;
  labels: Labels;
  facts: T;
}

/** What is over sooner than that is called short. */
export const shortMs = 120_000;

/** Rows of the report: whoever has more has enough to do with these. */
export const rowsAtMost = 100;

/** So many incidents of each row show whether they open together. */
const openingsAtMost = 200;

/**
 * Where most messages come from. A message counts for every alert name that its incidents held then; one that tells of several incidents
 * counts once for each name. Watchdog alarms are left out: nothing may keep them back.
 */
export async function loadTold(db: Queryable, from: Date, groupIds: readonly number[]): Promise<Told[]> {
  const { rows } = await db.query<{ [K in keyof Told]: Told[K] }>(
    `with held as (
       select ia.incident_id, ${nameOf('a')} as name, min(ia.joined_at) as joined_at,
         max(coalesce(ia.left_at, 'infinity')) as left_at
       from incident_alert ia join alert a on a.fingerprint = ia.alert_fingerprint
       where ia.incident_id in (select n.incident_id from notification n where n.created_at >= $1 and n.state = 'accepted')
       group by 1, 2)
     select i.group_id as "groupId", h.name as alertname, count(distinct coalesce(n.carrier_id, n.id))::int as messages,
       count(distinct i.id)::int as incidents,
       count(distinct i.id) filter (where i.acknowledged_at is not null)::int as acknowledged
     from held h join incident i on i.id = h.incident_id
       join notification n on n.incident_id = i.id and n.finished_at >= h.joined_at and n.finished_at <= h.left_at
     where n.created_at >= $1 and n.state = 'accepted' and i.lane = 'normal' and i.group_id = any($2::int[])
     group by 1, 2 order by 3 desc, 1, 2 limit $3`,
    [from, groupIds, rowsAtMost],
  );
  return rows;
}

const nameOf = (alert: string) => `coalesce(${alert}.labels->>'alertname', '')`;

/** What the two statements below look at. */
export interface Asked {
  from: Date;
  names: readonly Name[];
  /** By id: how long an alert of the group has to fire before anybody is told, in milliseconds. */
  waitsMs: ReadonlyMap<number, number>;
  /** Labels that say whether an alert is critical. */
  decisive: readonly string[];
}

/**
 * The firing periods since `$1`, each once for every alert group that held its alert then, and the labels `$4` of the alert. The
 * end of one that was over before the next look is written with the start of the one after it.
 */
const episodes = `
  wanted as (select * from unnest($2::int[], $3::text[]) as t (group_id, name)),
  held as (
    select i.group_id, ia.alert_fingerprint as fingerprint, min(ia.joined_at) as joined_at,
      max(coalesce(ia.left_at, 'infinity')) as left_at
    from incident i join incident_alert ia on ia.incident_id = i.id
    where i.group_id in (select group_id from wanted) and i.lane = 'normal' and (i.closed_at is null or i.closed_at >= $1)
    group by 1, 2),
  member as (
    select h.*, ${nameOf('a')} as name, (
      select coalesce(jsonb_object_agg(e.key, e.value), '{}') from jsonb_each(a.labels) e where e.key = any($4::text[])) as decisive
    from held h join alert a on a.fingerprint = h.fingerprint),
  said as (
    select o.fingerprint, t.since, max(t.heard_at) as heard_at, bool_or(t.state = 'firing') as began,
      max(t.ended_at) filter (where t.state in ('resolved', 'expired')) as ended_at,
      max(t.ended_at) filter (where t.state = 'firing') as before_ended_at
    -- Sorted by the fingerprints of these: bytes, and not words of a language, which would take several times as long.
    from (select distinct fingerprint from member) o join transition t on t.alert_fingerprint = o.fingerprint
    where t.heard_at >= $1 group by 1, 2),
  episode as (
    select fingerprint, since, heard_at, began,
      coalesce(ended_at, lead(before_ended_at) over (partition by fingerprint order by since)) as ended_at
    from said)`;

const alike = `grouping sets ((m.group_id, m.name), (m.group_id, m.decisive))`;
const wantedOnes = `(s.name is null or (s.group_id, s.name) in (select group_id, name from wanted))`;

interface Row extends Record<string, unknown> {
  group_id: number;
  /** Null: of those that are alike in what is decisive. */
  name: string | null;
  decisive: Labels | null;
}

/** How often the alerts of these names came, and how long they lasted; and how long each kind of alert of their groups did. */
export async function loadCame(
  db: Queryable,
  { from, names, waitsMs, decisive }: Asked,
): Promise<{ names: Came[]; alike: Alike<Lasted>[] }> {
  const { rows } = await db.query<
    Row & Pick<Came, 'episodes' | 'ended' | 'short'> & Lasted & { median: number | null }
  >(
    `with ${episodes},
     one as (
       select m.group_id, m.name, m.decisive, e.began, extract(epoch from e.ended_at - e.since)::float8 * 1000 as ms, w.waits
       from episode e join member m on m.fingerprint = e.fingerprint and e.heard_at >= m.joined_at and e.heard_at <= m.left_at
         join unnest($5::int[], $6::float8[]) as w (group_id, waits) on w.group_id = m.group_id),
     s as (
       select m.group_id, m.name, m.decisive, count(*) filter (where m.began)::int as episodes, count(m.ms)::int as ended,
         percentile_cont(0.5) within group (order by m.ms) as median, count(*) filter (where m.ms < $7)::int as short,
         count(*) filter (where m.ms is null or m.ms >= m.waits)::int as told,
         array[${sensibleForMs.map((ms) => `count(*) filter (where m.ms >= m.waits and m.ms < ${ms})::int`).join(', ')}] as shorter
       from one m group by ${alike})
     select * from s where ${wantedOnes}`,
    [from, ...pairs(names), decisive, [...waitsMs.keys()], [...waitsMs.values()], shortMs],
  );
  const [byName, byLabels] = parted(rows);
  return {
    names: byName.map(({ group_id, name, median, episodes: n, ended, short, told, shorter }) => ({
      ...{ groupId: group_id, alertname: name ?? '', episodes: n, ended, short, lasted: { told, shorter } },
      medianMs: median === null ? null : Math.round(median),
    })),
    alike: byLabels.map(({ group_id, decisive: labels, told, shorter }) => ({
      ...{ groupId: group_id, labels: labels ?? {}, facts: { told, shorter } },
    })),
  };
}

/** What came quicker than is usual, by name and by kind of alert. */
export async function loadQuick(
  db: Queryable,
  { from, names, decisive }: Asked,
): Promise<{ names: (Name & Quick)[]; alike: Alike<Quick>[] }> {
  const { rows } = await db.query<Row & Quick>(
    `with ${episodes},
     change as (
       select e.fingerprint, e.heard_at, c.at, c.begins from episode e
       cross join lateral (values (e.since, true), (e.ended_at, false)) as c (at, begins) where c.at >= $1),
     quick as (
       select * from (
         select c.*, lag(c.at, $5::int) over (partition by c.fingerprint order by c.at) as before from change c) l
       where before > at - $6::float8 * interval '1 ms'),
     s as (
       select m.group_id, m.name, m.decisive, count(*)::int as changes, count(*) filter (where q.begins)::int as begins,
         count(distinct q.fingerprint)::int as alerts
       from quick q join member m on m.fingerprint = q.fingerprint and q.heard_at >= m.joined_at and q.heard_at <= m.left_at
       group by ${alike})
     select * from s where ${wantedOnes}`,
    [from, ...pairs(names), decisive, usualFlapping.changes, usualFlapping.withinMs],
  );
  const [byName, byLabels] = parted(rows);
  const quickOf = ({ changes, begins, alerts }: Quick): Quick => ({ changes, begins, alerts });
  return {
    names: byName.map((row) => ({ groupId: row.group_id, alertname: row.name ?? '', ...quickOf(row) })),
    alike: byLabels.map((row) => ({ groupId: row.group_id, labels: row.decisive ?? {}, facts: quickOf(row) })),
  };
}

/** Incidents with alerts of these names that have opened, the newest of each. */
export async function loadOpenings(db: Queryable, from: Date, names: readonly Name[]): Promise<(Name & Opening)[]> {
  const { rows } = await db.query<{ [K in keyof (Name & Opening)]: (Name & Opening)[K] }>(
    `with wanted as (select * from unnest($2::int[], $3::text[]) as t (group_id, name)),
     opened as (
       select distinct i.id, i.group_id, ${nameOf('a')} as name
       from incident i join incident_alert ia on ia.incident_id = i.id join alert a on a.fingerprint = ia.alert_fingerprint
       where i.opened_at >= $1 and i.lane = 'normal' and i.group_id in (select group_id from wanted)),
     newest as (
       select o.group_id, o.name, o.id, row_number() over (partition by o.group_id, o.name order by o.id desc) as place
       from opened o join wanted w on w.group_id = o.group_id and w.name = o.name)
     select n.group_id as "groupId", n.name as alertname, i.opened_at as "openedAt", i.group_labels as "groupLabels"
     from newest n join incident i on i.id = n.id where n.place <= $4`,
    [from, ...pairs(names), openingsAtMost],
  );
  return rows;
}

function pairs(names: readonly Name[]): [number[], string[]] {
  return [names.map((n) => n.groupId), names.map((n) => n.alertname)];
}

function parted<T extends Row>(rows: readonly T[]): [byName: T[], byLabels: T[]] {
  return [rows.filter((row) => row.name !== null), rows.filter((row) => row.name === null)];
}
