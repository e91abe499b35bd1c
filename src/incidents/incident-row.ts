/** How an incident is read and shown. */
import { z } from 'zod';
import type { Labels } from '../alert/labels.ts';
import { id, isoOrNull, labels, time } from './fields.ts';

export const incidentStates = ['open', 'acknowledged', 'closed'] as const;
export type IncidentState = (typeof incidentStates)[number];

/** An incident as lists show it. */
export const incidentItem = z.object({
  id,
  group: z.string().describe('Name of the alert group'),
  group_labels: labels,
  lane: z.enum(['normal', 'watchdog']),
  state: z.enum(incidentStates),
  critical: z.boolean().describe('A critical alert fires, as of the last decision'),
  opened_at: time,
  closed_at: time.nullable(),
  due_at: time.nullable().describe('When it is decided next'),
  last_flush_at: time.nullable().describe('When it last told somebody of a change'),
  acknowledged_at: time.nullable(),
  acknowledged_by: z.string().nullable(),
  alerts: z
    .object({
      ...{ total: z.int(), firing: z.int(), stale: z.int(), resolved: z.int(), expired: z.int() },
      undecided: z.int().describe('Reported for the first time, and not decided yet'),
      fresh: z.int().describe('Firing since it last told somebody'),
      ended: z.int().describe('Ended since it last told somebody'),
    })
    .describe('An alert that is not decided yet counts in the total and as undecided only'),
  severities: z.record(z.string(), z.int()).describe('How many alerts that have not ended have which `severity` label'),
  summary: z
    .string()
    .nullable()
    .describe('The summary, or else the description, of the alert that fired last; cut off'),
  silenced: z.object({
    alerts: z.int().describe('How many of its firing alerts a silence hides now'),
    ended: z.int().describe('How many have ended, and a silence keeps whoever was told of them from hearing of it'),
    until: time.nullable().describe('When the first of these silences ends or pauses'),
  }),
  inhibited: z
    .object({
      alerts: z.int(),
      by: z.array(z.object({ rule: z.string(), fingerprint: z.string(), name: z.string().nullable() })),
    })
    .describe(
      'How many of its alerts others inhibit as of the last decision, by which rules, and an alert of each that does',
    ),
});
export type IncidentItem = z.infer<typeof incidentItem>;

/** A hostile sender could make one for each alert. */
const severitiesShown = 20;

/** What {@link incidentSql} selects. */
export interface IncidentRow extends Record<string, unknown> {
  id: string;
  group_id: number;
  group_name: string;
  group_labels: Labels;
  lane: 'normal' | 'watchdog';
  critical: boolean;
  opened_at: Date;
  closed_at: Date | null;
  due_at: Date | null;
  last_flush_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  escalated_steps: number;
  unacknowledged_since: Date | null;
  alerts: IncidentItem['alerts'] | null;
  severities: IncidentItem['severities'] | null;
  summary: string | null;
  /**
   * Its alerts that fire, and those of whose end somebody still has to hear, by what silences ask of them: one place in
   * each list for those that are alike. Null: it has none, or nothing is asked.
   */
  hidable: { picked: (string | null)[][]; fires: boolean[]; alerts: number[] } | null;
}

/** Changed since its incident last told somebody. */
const untold = '(last_flush_at is null or changed_at > last_flush_at)';
/** Of `alert a`: somebody says that it fires, and nobody has decided that yet. One that ended before that never burns. */
const undecided = `(a.episode = 0 and exists (select from reporter r where r.alert_fingerprint = a.fingerprint
  and (r.resolved_at is null or r.firing_at > r.resolved_at)))`;
/** An alert that is reported for the first time burns too. */
const burning = "(state in ('firing', 'stale') or undecided)";

/** How many alerts burn in all, each once. What nobody has decided yet is in an incident that never was, or is marked as due. */
export const burningSql = `(select count(*) from alert where state in ('firing', 'stale'))
  + (select count(distinct a.fingerprint) from incident_alert ia join alert a on a.fingerprint = ia.alert_fingerprint
     where ia.incident_id in (
         select id from incident where closed_at is null and alert_count = 0
         union select incident_id from incident_due) and ia.left_at is null
       and a.state not in ('firing', 'stale') and ${undecided})`;

/**
 * Selects incidents with what their alerts amount to, each alert read once; `tail` is the rest of the query over `incident i`.
 * @param asked.names placeholders of the label names that silences ask for: alerts that are equal in these are counted together
 * @param asked.kinds so many different ones are counted at most, of all these incidents
 */
export function incidentSql(tail: string, asked: { names: readonly string[]; kinds: number }): string {
  const hidable =
    asked.names.length === 0
      ? 'select null::bigint as id, null::json as hidable'
      : `select id, json_build_object('picked', json_agg(picked), 'fires', json_agg(fires), 'alerts', json_agg(alerts)) as hidable
         from (
          select id, picked, state = 'firing' as fires, count(*)::int as alerts from member
          where state = 'firing' or state in ('resolved', 'expired') and closed_at is null and exists (
            select from receipt r where r.alert_fingerprint = member.fingerprint and r.state in ('firing', 'flapping'))
          group by 1, 2, 3 limit ${asked.kinds}) h group by id`;
  return `with page as (select i.* from incident i ${tail}),
    member as (
      select p.id, p.last_flush_at, p.closed_at, a.fingerprint, a.state, a.episode, a.since, a.changed_at, ${undecided} as undecided,
        left(coalesce(a.labels->>'severity', ''), 100) as severity,
        array[${asked.names.map((name) => `a.labels->>${name}`).join(', ')}]::text[] collate "C" as picked
      from page p join incident_alert ia on ia.incident_id = p.id and ia.left_at is null
      join alert a on a.fingerprint = ia.alert_fingerprint),
    grade as (
      select id, severity, count(*) as total, count(*) filter (where ${burning}) as burning,
        count(*) filter (where state = 'firing') as firing, count(*) filter (where state = 'stale') as stale,
        count(*) filter (where state = 'resolved' and episode > 0) as resolved,
        count(*) filter (where state = 'expired') as expired, count(*) filter (where undecided) as undecided,
        count(*) filter (where state = 'firing' and ${untold}) as fresh,
        count(*) filter (where state in ('resolved', 'expired') and episode > 0 and last_flush_at is not null
          and ${untold}) as ended,
        max((extract(epoch from since) * 1000)::bigint || ' ' || fingerprint)
          filter (where state = 'firing' or undecided) as latest
      from member group by id, severity),
    amount as (
      select id, json_build_object('total', sum(total), 'firing', sum(firing), 'stale', sum(stale),
          'resolved', sum(resolved), 'expired', sum(expired), 'undecided', sum(undecided), 'fresh', sum(fresh),
          'ended', sum(ended)) as alerts,
        json_object_agg(severity, burning) filter (where burning > 0 and place <= ${severitiesShown}) as severities,
        split_part(max(latest), ' ', 2) as latest
      from (select *, row_number() over (partition by id order by burning desc) as place from grade) g group by id),
    hidden as (${hidable})
    select p.id, p.group_id, g.name as group_name, p.group_labels, p.lane, p.critical, p.opened_at, p.closed_at, p.due_at,
      p.last_flush_at, p.acknowledged_at, p.acknowledged_by, p.escalated_steps, p.unacknowledged_since,
      m.alerts, m.severities, s.summary, h.hidable
    from page p join alert_group g on g.id = p.group_id
    left join amount m on m.id = p.id
    left join hidden h on h.id = p.id
    left join lateral (
      select left(coalesce(r.annotations->>'summary', r.annotations->>'description'), 300) as summary
      from reporter r where r.alert_fingerprint = m.latest
      order by r.last_seen desc, r.source_id, r.fingerprint limit 1) s on true`;
}

const noAlerts = { total: 0, firing: 0, stale: 0, resolved: 0, expired: 0, undecided: 0, fresh: 0, ended: 0 };

export function incidentItemOf(
  row: IncidentRow,
  { silenced, inhibited }: Pick<IncidentItem, 'silenced' | 'inhibited'>,
): IncidentItem {
  const { group_id, hidable, escalated_steps, unacknowledged_since, group_name: group, ...rest } = row;
  return {
    ...rest,
    group,
    alerts: row.alerts ?? noAlerts,
    severities: row.severities ?? {},
    silenced,
    inhibited,
    state: stateOf(row),
    opened_at: row.opened_at.toISOString(),
    closed_at: isoOrNull(row.closed_at),
    due_at: isoOrNull(row.due_at),
    last_flush_at: isoOrNull(row.last_flush_at),
    acknowledged_at: isoOrNull(row.acknowledged_at),
  };
}

function stateOf(row: Pick<IncidentRow, 'closed_at' | 'acknowledged_at'>): IncidentState {
  if (row.closed_at !== null) return 'closed';
  return row.acknowledged_at === null ? 'open' : 'acknowledged';
}

/** The condition of each state on `incident i`. */
export const stateSql: Readonly<Record<IncidentState, string>> = {
  open: '(i.closed_at is null and i.acknowledged_at is null)',
  acknowledged: '(i.closed_at is null and i.acknowledged_at is not null)',
  closed: 'i.closed_at is not null',
};
