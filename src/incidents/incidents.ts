/** `GET /api/v1/incidents` and `GET /api/v1/incidents/:id`. */
import { z } from 'zod';
import type { Labels } from '../alert/labels.ts';
import { encodeCursor, type Page, pageOf, pageQuery } from '../http/page.ts';
import { type AnyRoute, route } from '../http/route.ts';
import { matchesAll } from '../matcher/compile.ts';
import type { Matcher } from '../matcher/matcher.ts';
import type { Queryable } from '../store/db.ts';
import type { IncidentDeps } from './deps.ts';
import { idFromCursor, idParams, listOf, repeatable } from './fields.ts';
import { parseFilters } from './filters.ts';
import { incidentDetail, readIncident } from './incident.ts';
import { type IncidentItem, incidentItem, incidentStates, stateSql } from './incident-row.ts';
import { readIncidents } from './read-incidents.ts';
import { createWhere } from './where.ts';

/** A request with `filter` looks at so many alerts, and then finishes the incidents at hand. */
const alertsScanned = 5_000;
const incidentsAtOnce = 50;

const listQuery = pageQuery.extend({
  // Fewer than other lists: to say what an incident amounts to is to look at all its alerts.
  limit: pageQuery.shape.limit.default(50),
  state: repeatable(z.enum(incidentStates)).describe('Only incidents in one of these states'),
  group: z.string().max(200).optional().describe('Only those of this alert group'),
  critical: z.stringbool().optional().describe('Only those in which a critical alert fires, or none does'),
  filter: repeatable(z.string().max(2_000)).describe(
    `Only incidents with an alert that matches, in Alertmanager's syntax: severity=~"critical|warning"; all of several ` +
      `have to match the same alert. One request looks at about ${alertsScanned} alerts: a page can have fewer than limit ` +
      'items, even none, and still have a next_cursor',
  ),
});
type Query = z.infer<typeof listQuery>;

export function incidentReadRoutes(deps: IncidentDeps): AnyRoute[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/incidents',
      tag: 'incidents',
      summary: 'Incidents, newest first',
      role: 'viewer',
      query: listQuery,
      responses: { 200: { description: 'A page of incidents', schema: pageOf(incidentItem) } },
      handle: async ({ query }) => ({ status: 200, body: await listIncidents(deps, query) }),
    }),
    route({
      method: 'get',
      path: '/api/v1/incidents/:id',
      tag: 'incidents',
      summary: 'One incident: its alerts, who was told, what is on its way, and what is due next',
      role: 'viewer',
      params: idParams,
      responses: { 200: { description: 'The incident', schema: incidentDetail } },
      handle: async ({ params }) => ({ status: 200, body: await readIncident(deps, params.id) }),
    }),
  ];
}

async function listIncidents(deps: IncidentDeps, query: Query): Promise<Page<IncidentItem>> {
  const matchers = parseFilters(listOf(query.filter));
  const { ids, next } = await (matchers.length === 0
    ? newest(deps.db, query, { before: idFromCursor(query.cursor), limit: query.limit })
    : search(deps.db, query, matchers));
  return {
    items: (await readIncidents(deps, ids)).map(({ item }) => item),
    next_cursor: next === null ? null : encodeCursor([next]),
  };
}

/** Ids of incidents, newest first, and the one after which to go on. */
interface Found {
  ids: string[];
  next: string | null;
}

async function newest(
  db: Queryable,
  query: Query,
  { before, limit }: { before: string | null; limit: number },
): Promise<Found> {
  const where = createWhere();
  where.addIf('i.id < $::bigint', before);
  where.addIf('i.group_id in (select id from alert_group where name = $)', query.group);
  where.addIf('i.critical = $', query.critical);
  const states = listOf(query.state).map((state) => stateSql[state]);
  if (states.length > 0) where.addPlain(`(${states.join(' or ')})`);
  const sql = `select i.id from incident i ${where.sql()} order by i.id desc limit ${where.param(limit + 1)}`;
  const ids = (await db.query<{ id: string }>(sql, where.values)).rows.map((row) => row.id);
  return { ids: ids.slice(0, limit), next: ids.length > limit ? (ids[limit - 1] ?? null) : null };
}

async function search(db: Queryable, query: Query, matchers: readonly Matcher[]): Promise<Found> {
  const ids: string[] = [];
  let before = idFromCursor(query.cursor);
  for (let scanned = 0; scanned < alertsScanned; ) {
    const chunk = await newest(db, query, { before, limit: incidentsAtOnce });
    const { matching, alerts } = await match(db, chunk.ids, matchers);
    scanned += Math.max(alerts, chunk.ids.length);
    for (const id of chunk.ids) {
      if (!matching.has(id)) continue;
      if (ids.length === query.limit) return { ids, next: ids.at(-1) ?? null };
      ids.push(id);
    }
    if (chunk.next === null) return { ids, next: null };
    before = chunk.next;
  }
  return { ids, next: before };
}

/** Which of these incidents hold an alert that matches, and how many alerts that took to find out. */
async function match(db: Queryable, ids: readonly string[], matchers: readonly Matcher[]) {
  const where = createWhere();
  where.add('ia.incident_id = any($::bigint[])', ids);
  // What the database can sort out comes without its labels.
  const equal = matchers
    .filter((m) => m.op === '=')
    .map((m) => `coalesce(a.labels->>${where.param(m.name)}, '') = ${where.param(m.value)}`);
  const { rows } = await db.query<{ incident_id: string; labels: Labels | null }>(
    `select ia.incident_id, case when ${equal.join(' and ') || 'true'} then a.labels end as labels
     from incident_alert ia join alert a on a.fingerprint = ia.alert_fingerprint ${where.sql()} and ia.left_at is null`,
    where.values,
  );
  const fits = rows.filter(({ labels }) => labels !== null && matchesAll(matchers, labels));
  return { matching: new Set(fits.map((row) => row.incident_id)), alerts: rows.length };
}
