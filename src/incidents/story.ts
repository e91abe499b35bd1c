/** Reads everything that happened to one alert. */
import { type Reason, reasons } from '../alert/reason.ts';
import type { Queryable } from '../store/db.ts';
import type { Stage } from './explain-words.ts';
import { type DestinationColumns, type DestinationRef, destinationColumns, destinationOf } from './fields.ts';

/** One thing that happened, before it is worded. */
export interface StoryStep {
  at: Date;
  stage: Stage;
  reason: Reason;
  detail: Record<string, unknown>;
  source: string | null;
  incidentId: string | null;
  group: string | null;
  groupVersion: number | null;
  destination: DestinationRef | null;
  notificationId: string | null;
}

/** What {@link readStory} finds, each in the order of writing. */
export interface StoryRows {
  steps: StoryStep[];
  /** Attempts to send what told of the alert, or might have. */
  attempts: StoryStep[];
  /** There is more than was read. */
  truncated: boolean;
}

/** The newest so many steps of an alert, of its incidents, and attempts. */
export const stepsShown = 1_000;

type Nullable<T> = { [K in keyof T]: T[K] | null };

/** What {@link shownSteps} and {@link shownAttempts} select. */
export interface StepRow extends Nullable<DestinationColumns>, Record<string, unknown> {
  destination_id: number | null;
  channel: string | null;
  address: string | null;
  destination_name: string | null;
  at: Date;
  stage: Stage;
  reason: string;
  detail: Record<string, unknown> | null;
  source: string | null;
  incident_id: string | null;
  group: string | null;
  group_version: number | null;
  notification_id: string | null;
}

/**
 * The first reports of the alert, which its reporters remember; the steps of the alert itself, those of its incidents while it was in them, and the attempts of notifications that
 * told of it. A notification that is known to have told only of other alerts is left out.
 */
export async function readStory(db: Queryable, fingerprint: string): Promise<StoryRows> {
  const tells = JSON.stringify([[fingerprint]]);
  const steps = await db.query<StepRow>(stepsSql, [fingerprint, tells, stepsShown]);
  const attempts = await db.query<StepRow>(attemptsSql, [fingerprint, tells, stepsShown]);
  return {
    steps: steps.rows.flatMap(stepOf),
    attempts: attempts.rows.flatMap(stepOf),
    truncated: [steps, attempts].some((found) => found.rows.length >= stepsShown),
  };
}

/** Selects steps, as {@link stepOf} reads them; `of` selects rows with the columns of a step. */
export function shownSteps(of: string): string {
  return `select s.at, s.stage, s.reason, s.detail, c.name as source, s.incident_id, g.name as "group", s.group_version,
    s.notification_id, ${destinationColumns}
  from (${of}) s
  left join source c on c.id = s.source_id
  left join incident i on i.id = s.incident_id
  left join alert_group g on g.id = i.group_id
  left join notification n on n.id = s.notification_id
  left join destination d on d.id = coalesce(s.destination_id, n.destination_id)
  order by s.id`;
}

/** Selects attempts as steps, as {@link stepOf} reads them; `of` selects rows of attempts. */
export function shownAttempts(of: string): string {
  return `select coalesce(a.finished_at, a.started_at) as at, 'deliver' as stage, coalesce(a.reason, 'in_doubt') as reason,
    jsonb_build_object('attempt', a.number, 'outcome', a.outcome, 'answer', a.answer, 'started_at', a.started_at,
      'finished_at', a.finished_at) as detail,
    null as source, n.incident_id, g.name as "group", n.group_version, n.id as notification_id,
    ${destinationColumns}
  from (${of}) a
  join notification n on n.id = a.notification_id
  join destination d on d.id = n.destination_id
  left join incident i on i.id = n.incident_id
  left join alert_group g on g.id = i.group_id
  order by a.id`;
}

const stepsSql = `
  with mine as (select incident_id, joined_at, left_at from incident_alert where alert_fingerprint = $1),
  own as (select s.* from step s where s.alert_fingerprint = $1 order by s.id desc limit $3),
  first as (
    select r.first_seen as at, 'dedupe' as stage, 'new_alert' as reason, r.source_id,
      jsonb_build_object('starts_at', r.first_firing_at, 'ends_at', null) as detail
    from reporter r where r.alert_fingerprint = $1 and r.first_firing_at is not null),
  around as (
    select s.* from mine m join step s on s.incident_id = m.incident_id
    where s.alert_fingerprint is null and s.at >= m.joined_at and (m.left_at is null or s.at <= m.left_at)
      and not exists (select from notification n where n.id = s.notification_id
        and n.told is not null and n.told <> '[]' and not n.told @> $2::jsonb)
    order by s.id desc limit $3)
  ${shownSteps(`select * from own union all select * from around
    union all select 0, at, stage, reason, null, source_id, null, null, null, null, detail from first`)}`;

/** `told` is null until claimed and after a refusal, and empty for a reminder: both may be about the alert. */
const attemptsSql = `
  with mine as (select incident_id, joined_at, left_at from incident_alert where alert_fingerprint = $1),
  own as (
    select n.id, n.carrier_id, n.told from mine m join notification n on n.incident_id = m.incident_id
    where n.told @> $2::jsonb or ((n.told is null or n.told = '[]')
      and n.created_at >= m.joined_at and (m.left_at is null or n.created_at <= m.left_at))),
  relevant as (
    select id from own
    union select n.id from notification n where n.id in (select carrier_id from own) and n.told @> $2::jsonb)
  ${shownAttempts('select * from attempt where notification_id in (select id from relevant) order by id desc limit $3')}`;

/** A reason of another version of this service has no sentence here, and is left out. */
export function stepOf(row: StepRow): StoryStep[] {
  const reason = reasons.find((known) => known === row.reason);
  if (reason === undefined) return [];
  return [
    {
      at: row.at,
      stage: row.stage,
      reason,
      detail: row.detail ?? {},
      source: row.source,
      incidentId: row.incident_id,
      group: row.group,
      groupVersion: row.group_version,
      destination: destinationOrNull(row),
      notificationId: row.notification_id,
    },
  ];
}

function destinationOrNull(row: StepRow): DestinationRef | null {
  const { destination_id, channel, address, destination_name } = row;
  if (destination_id === null || channel === null || address === null || destination_name === null) return null;
  return destinationOf({ destination_id, channel, address, destination_name });
}
