/** Reads incidents as they are shown: what their alerts amount to, and how many of those a silence hides now. */
import { labelsOf } from '../alert/labels.ts';
import { activityOf } from '../alert/silence.ts';
import type { Queryable } from '../store/db.ts';
import type { IncidentDeps } from './deps.ts';
import { type IncidentItem, type IncidentRow, incidentItemOf, incidentSql } from './incident-row.ts';

/** More different alerts than this are not held against silences: then some incidents look less silenced than they are, and no reader waits. */
const kindsAtMost = 20_000;

/** An incident as it is stored and as it is shown. */
export interface ReadIncident {
  row: IncidentRow;
  item: IncidentItem;
}

/** In the order of these ids; those that are gone are left out. */
export async function readIncidents(
  deps: Pick<IncidentDeps, 'db' | 'now' | 'snapshot' | 'suppressAt'>,
  incidentIds: readonly string[],
): Promise<ReadIncident[]> {
  const now = deps.now();
  const { silences, inhibitionRules } = await deps.snapshot();
  const active = silences.filter((s) => activityOf(s, now).active);
  const asked = [...new Set(active.flatMap((s) => s.matchers.flat()).map((matcher) => matcher.name))];
  const suppress = deps.suppressAt(active, now);
  const sql = incidentSql('where i.id = any($1::bigint[])', {
    names: asked.map((_, n) => `$${n + 2}`),
    kinds: kindsAtMost,
  });
  const { rows } = await deps.db.query<IncidentRow>(sql, [incidentIds, ...asked]);
  const inhibited = inhibitionRules.length === 0 ? new Map() : await readInhibited(deps.db, incidentIds);
  const read = new Map(
    rows.map((row) => {
      const hidden = { silenced: silencedOf(row, asked, suppress), inhibited: inhibited.get(row.id) ?? notInhibited };
      return [row.id, { row, item: incidentItemOf(row, hidden) }];
    }),
  );
  return incidentIds.flatMap((id) => read.get(id) ?? []);
}

const notInhibited: IncidentItem['inhibited'] = { alerts: 0, by: [] };

/** What the last decisions of these incidents found inhibited. */
async function readInhibited(
  db: Queryable,
  incidentIds: readonly string[],
): Promise<Map<string, IncidentItem['inhibited']>> {
  const { rows } = await db.query<{ id: string; alerts: number; by: IncidentItem['inhibited']['by'] }>(
    `select d.incident_id as id, sum(d.alerts)::int as alerts,
       json_agg(distinct jsonb_build_object('rule', r.name, 'fingerprint', d.inhibitor, 'name', left(a.labels->>'alertname', 200))) as by
     from inhibited d join inhibition_rule r on r.id = d.rule_id left join alert a on a.fingerprint = d.inhibitor
     where d.incident_id = any($1::bigint[]) group by 1`,
    [incidentIds],
  );
  return new Map(rows.map(({ id, alerts, by }) => [id, { alerts, by }]));
}

/** What is the same to all silences is asked about once. */
function silencedOf(
  row: IncidentRow,
  asked: readonly string[],
  suppress: ReturnType<IncidentDeps['suppressAt']>,
): IncidentItem['silenced'] {
  const silenced = { alerts: 0, ended: 0 };
  let first: Date | null = null;
  const { picked, fires, alerts } = row.hidable ?? { picked: [], fires: [], alerts: [] };
  for (const [kind, values] of picked.entries()) {
    const labels = labelsOf(asked.map((name, n) => [name, values[n] ?? ''] as const));
    const by = suppress({ labels, lane: row.lane });
    if (by === null) continue;
    silenced[fires[kind] === true ? 'alerts' : 'ended'] += alerts[kind] ?? 0;
    if (first === null || by.until < first) first = by.until;
  }
  return { ...silenced, until: first?.toISOString() ?? null };
}
