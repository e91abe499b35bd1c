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
  silenced: z
    .object({ alerts: z.int(), until: time.nullable() })
    .describe('How many of its firing alerts a silence hides now, and when the first of these silences ends'),
});
export type IncidentItem = z.infer<typeof incidentItem>;

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
  alerts: IncidentItem['alerts'];
  severities: IncidentItem['severities'] | null;
  summary: string | null;
}

/** Changed since its incident `p` last told somebody. */
const untold = '(p.last_flush_at is null or a.changed_at > p.last_flush_at)';

/** Selects incidents with the numbers of their alerts; `tail` is the rest of the query over `incident i`. */
export function incidentSql(tail: string): string {
  return `with page as (select i.* from incident i ${tail})
    select p.id, p.group_id, g.name as group_name, p.group_labels, p.lane, p.critical, p.opened_at, p.closed_at, p.due_at,
      p.last_flush_at, p.acknowledged_at, p.acknowledged_by, c.alerts, v.severities, m.summary
    from page p join alert_group g on g.id = p.group_id
    cross join lateral (select json_build_object('total', count(*),
        'firing', count(*) filter (where a.state = 'firing'), 'stale', count(*) filter (where a.state = 'stale'),
        'resolved', count(*) filter (where a.state = 'resolved' and a.episode > 0),
        'expired', count(*) filter (where a.state = 'expired'),
        'undecided', count(*) filter (where a.episode = 0),
        'fresh', count(*) filter (where a.state = 'firing' and ${untold}),
        'ended', count(*) filter (where a.state in ('resolved', 'expired') and a.episode > 0 and ${untold}
          and p.last_flush_at is not null)) as alerts
      from incident_alert ia join alert a on a.fingerprint = ia.alert_fingerprint
      where ia.incident_id = p.id and ia.left_at is null) c
    cross join lateral (select json_object_agg(severity, alerts) as severities
      from (select left(coalesce(a.labels->>'severity', ''), 100) as severity, count(*)::int as alerts
        from incident_alert ia join alert a on a.fingerprint = ia.alert_fingerprint
        where ia.incident_id = p.id and ia.left_at is null and (a.state in ('firing', 'stale') or a.episode = 0)
        group by 1 order by 2 desc limit 20) s) v
    left join lateral (select left(coalesce(r.annotations->>'summary', r.annotations->>'description'), 300) as summary
      from (select a.fingerprint from incident_alert ia join alert a on a.fingerprint = ia.alert_fingerprint
        where ia.incident_id = p.id and ia.left_at is null and (a.state = 'firing' or a.episode = 0)
        order by a.since desc, a.fingerprint limit 1) f
      join reporter r on r.alert_fingerprint = f.fingerprint
      order by r.last_seen desc, r.source_id, r.fingerprint limit 1) m on true
    order by p.id desc`;
}

export function incidentItemOf(row: IncidentRow, silenced: IncidentItem['silenced'] | undefined): IncidentItem {
  const { group_id: _, group_name: group, ...rest } = row;
  return {
    ...rest,
    group,
    severities: row.severities ?? {},
    silenced: silenced ?? { alerts: 0, until: null },
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
