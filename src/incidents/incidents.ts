/** `GET /api/v1/incidents` and `GET /api/v1/incidents/:id`. */
import { z } from 'zod';
import { pageFrom, pageOf, pageQuery } from '../http/page.ts';
import { type AnyRoute, route } from '../http/route.ts';
import type { IncidentDeps } from './deps.ts';
import { idFromCursor, idParams, listOf, repeatable } from './fields.ts';
import { incidentDetail, readIncident } from './incident.ts';
import {
  type IncidentRow,
  incidentItem,
  incidentItemOf,
  incidentSql,
  incidentStates,
  stateSql,
} from './incident-row.ts';
import { createWhere } from './where.ts';

const listQuery = pageQuery.extend({
  state: repeatable(z.enum(incidentStates)).describe('Only incidents in one of these states'),
  group: z.string().max(200).optional().describe('Only those of this alert group'),
  critical: z.stringbool().optional().describe('Only those in which a critical alert fires, or none does'),
});

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

async function listIncidents({ db }: Pick<IncidentDeps, 'db'>, query: z.infer<typeof listQuery>) {
  const where = createWhere();
  where.addIf('i.id < $::bigint', idFromCursor(query.cursor));
  where.addIf('i.group_id in (select id from alert_group where name = $)', query.group);
  where.addIf('i.critical = $', query.critical);
  const states = listOf(query.state).map((state) => stateSql[state]);
  if (states.length > 0) where.addPlain(`(${states.join(' or ')})`);
  const limit = where.param(query.limit + 1);
  const rows = await db.query<IncidentRow>(
    incidentSql(`${where.sql()} order by i.id desc limit ${limit}`),
    where.values,
  );
  return pageFrom(rows.rows, query.limit, { item: incidentItemOf, key: (row) => [row.id] });
}
