/** `GET /api/v1/incidents` and `GET /api/v1/incidents/:id`. */
import { type Page, pageOf } from '../http/page.ts';
import { type AnyRoute, route } from '../http/route.ts';
import type { IncidentDeps } from './deps.ts';
import { idParams } from './fields.ts';
import { findIncidents, type IncidentQuery, incidentQuery } from './find-incidents.ts';
import { incidentDetail, readIncident } from './incident.ts';
import { type IncidentItem, incidentItem } from './incident-row.ts';
import { readIncidents } from './read-incidents.ts';

export function incidentReadRoutes(deps: IncidentDeps): AnyRoute[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/incidents',
      tag: 'incidents',
      summary: 'Incidents, newest or worst first',
      role: 'viewer',
      query: incidentQuery,
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

async function listIncidents(deps: IncidentDeps, query: IncidentQuery): Promise<Page<IncidentItem>> {
  const { ids, cursor } = await findIncidents(deps.db, query);
  return { items: (await readIncidents(deps, ids)).map(({ item }) => item), next_cursor: cursor };
}
