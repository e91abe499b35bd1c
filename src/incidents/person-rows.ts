/** Reads what happened at the addresses of one person or room within a stretch of time. */
import type { Labels } from '../alert/labels.ts';
import type { PastPerson } from '../alert/past.ts';
import type { Queryable } from '../store/db.ts';
import { type DestinationColumns, type DestinationRef, destinationColumns, destinationOf } from './fields.ts';
import { endedColumn, type Fires } from './fired.ts';
import { type NotificationRow, notificationSql } from './notification-row.ts';
import { type StepRow, type StoryStep, shownAttempts, shownSteps, stepOf } from './story.ts';

/** Both ends belong to it. */
export interface Window {
  from: Date;
  to: Date;
}

/** So many incidents, alerts and messages of one answer, and of each kind of steps. */
export const rowsShown = { incidents: 200, alerts: 500, messages: 200, steps: 1_000 } as const;
/** So many messages before the window are looked through for what was told already. */
const earlierRead = 2_000;

/** Every address that somebody has, or had at that time: whether it belongs to them by name, or is written in a version of them. */
export async function readAddresses(
  db: Queryable,
  who: { kind: 'contact' | 'robot'; name: string },
  versions: readonly PastPerson[],
): Promise<DestinationRef[]> {
  const robot = who.kind === 'robot';
  const own = versions.flatMap(({ email, wecom }) => [
    ...(email === null ? [] : [`email:${email}`]),
    ...(wecom === null ? [] : [`wecom-app:${wecom}`]),
  ]);
  const { rows } = await db.query<DestinationColumns & Record<string, unknown>>(
    `select ${destinationColumns} from (
       select *, case channel when 'outbox' then address else channel || ':' || address end as meant from destination) d
     where (d.name = $1 and (d.meant like 'wecom-robot:%') = $2) or d.meant = any($3::text[]) order by d.id limit 50`,
    [who.name, robot, own],
  );
  return rows.map(destinationOf);
}

/** An incident that was open at some time of the window. */
export interface IncidentIn {
  id: string;
  group_id: number;
  group: string;
  group_version: number | null;
  opened_at: Date;
  /** Steps of its escalation that were reached by the end of the window. */
  reached_steps: number;
}

/** An alert that was in one of the incidents. */
export interface AlertIn extends Fires {
  incident_id: string;
  fingerprint: string;
  labels: Labels;
  joined_at: Date;
}

/** What a destination was told of an alert before the window. */
export interface Earlier {
  fingerprint: string;
  destination_id: number;
  notification_id: string;
  incident_id: string | null;
  state: string;
  at: Date;
}

export interface PersonRows {
  incidents: IncidentIn[];
  alerts: AlertIn[];
  messages: NotificationRow[];
  earlier: Earlier[];
  /** Within the window. */
  steps: StoryStep[];
  attempts: StoryStep[];
  /** The last decision about each incident and destination before the window. */
  before: StoryStep[];
  truncated: boolean;
}

/** What is asked: whose addresses, which alert groups are theirs, and the alerts that are asked for. */
export interface PersonAsked extends Window {
  destinations: readonly number[];
  groups: readonly number[];
  /** Alerts whose incidents are looked at whoever is a member there. */
  fingerprints: readonly string[];
}

/** Reads all of it, with a constant number of statements. */
export async function readPerson(db: Queryable, asked: PersonAsked): Promise<PersonRows> {
  const { from, to, destinations } = asked;
  const incidents = await db.query<IncidentIn & Record<string, unknown>>(incidentsSql, [
    ...[from, to, asked.groups, destinations, asked.fingerprints, rowsShown.incidents],
  ]);
  const ids = incidents.rows.map((row) => row.id);
  const alerts = await db.query<AlertIn & Record<string, unknown>>(alertsSql, [ids, from, to, rowsShown.alerts]);
  const messages = await db.query<NotificationRow>(notificationSql(messagesTail), [
    ...[from, to, destinations, rowsShown.messages],
  ]);
  const earlier = await db.query<Earlier & Record<string, unknown>>(earlierSql, [
    ...[from, destinations, alerts.rows.map((row) => row.fingerprint), earlierRead],
  ]);
  const steps = await db.query<StepRow>(shownSteps(within), [from, to, destinations, ids, rowsShown.steps]);
  const attempts = await db.query<StepRow>(shownAttempts(tries), [from, to, destinations, rowsShown.steps]);
  const before = await db.query<StepRow>(shownSteps(lastBefore), [from, destinations, ids]);
  return {
    ...{ incidents: incidents.rows, alerts: alerts.rows, messages: messages.rows, earlier: earlier.rows },
    steps: steps.rows.flatMap(stepOf),
    attempts: attempts.rows.flatMap(stepOf),
    before: before.rows.flatMap(stepOf),
    truncated:
      incidents.rows.length >= rowsShown.incidents ||
      alerts.rows.length >= rowsShown.alerts ||
      messages.rows.length >= rowsShown.messages ||
      [steps, attempts].some((found) => found.rows.length >= rowsShown.steps),
  };
}

const inWindow = (row: string) =>
  `${row}.created_at <= $2 and (${row}.finished_at is null or ${row}.finished_at >= $1)`;

const incidentsSql = `select i.id, i.group_id, g.name as "group", i.opened_at,
    coalesce((select max((s.detail->>'step')::int) from step s
      where s.incident_id = i.id and s.reason = 'escalated' and s.at <= $2), 0) as reached_steps
  from incident i join alert_group g on g.id = i.group_id
  where i.opened_at <= $2 and (i.closed_at is null or i.closed_at >= $1) and (i.group_id = any($3::int[])
    or i.id in (select n.incident_id from notification n where n.destination_id = any($4::int[]) and ${inWindow('n')})
    or i.id in (select incident_id from incident_alert where alert_fingerprint = any($5::text[])))
  order by i.id desc limit $6`;

const alertsSql = `select ia.incident_id, a.fingerprint, a.labels, a.state, a.since, a.periods, ia.joined_at,
    ${endedColumn}
  from incident_alert ia join alert a on a.fingerprint = ia.alert_fingerprint
  where ia.incident_id = any($1::bigint[]) and ia.joined_at <= $3 and (ia.left_at is null or ia.left_at >= $2)
  order by a.since desc, a.fingerprint limit $4`;

const messagesTail = `where n.destination_id = any($3::int[]) and ${inWindow('n')} order by n.id desc limit $4`;

/** The last that each destination was told of each alert. */
const earlierSql = `select distinct on (n.destination_id, t.told->>0) t.told->>0 as fingerprint, n.destination_id,
    n.id as notification_id, n.incident_id, t.told->>2 as state, n.finished_at as at
  from (select * from notification where destination_id = any($2::int[]) and state = 'accepted' and finished_at < $1
      and told is not null order by id desc limit $4) n
  cross join lateral jsonb_array_elements(n.told) as t (told)
  where t.told->>0 = any($3::text[]) order by n.destination_id, t.told->>0, n.finished_at desc, n.id desc`;

/** Those of the destinations, and those of the incidents that are about no destination and no single alert. */
const within = `(select * from step where destination_id = any($3::int[]) and at >= $1 and at <= $2 order by id desc limit $5)
  union all (select * from step where incident_id = any($4::bigint[]) and destination_id is null and alert_fingerprint is null
    and notification_id is null and at >= $1 and at <= $2 order by id desc limit $5)`;

const tries = `select a.* from attempt a join notification n on n.id = a.notification_id
  where n.destination_id = any($3::int[]) and ${inWindow('n')} and a.started_at <= $2
    and coalesce(a.finished_at, a.started_at) >= $1 order by a.id desc limit $4`;

const lastBefore = `select s.* from unnest($2::int[]) as d (id) cross join unnest($3::bigint[]) as i (id)
  cross join lateral (select * from step where incident_id = i.id and destination_id = d.id and at < $1
    order by id desc limit 1) s`;
