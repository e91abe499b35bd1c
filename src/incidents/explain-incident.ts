/** `GET /api/v1/incidents/:id/explain`: everything that was decided and done in one incident. */
import { z } from 'zod';
import { type AnyRoute, route } from '../http/route.ts';
import type { IncidentDeps } from './deps.ts';
import { explained, explainedStep, withAttempts } from './explain.ts';
import { idParams } from './fields.ts';
import { noIncident } from './incident.ts';
import { type IncidentItem, incidentItem } from './incident-row.ts';
import { readIncidents } from './read-incidents.ts';
import { type StepRow, shownAttempts, shownSteps, stepOf, stepsShown } from './story.ts';

const answer = z.object({
  incident: incidentItem,
  steps: z.array(explainedStep).describe('In order of time'),
  truncated: z.boolean().describe(`There are older steps than these; about ${stepsShown} of each kind are shown`),
});

export function explainIncidentRoutes(deps: IncidentDeps): AnyRoute[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/incidents/:id/explain',
      tag: 'incidents',
      summary: 'Who was told of an incident, who was not, and why: every step with its reason',
      role: 'viewer',
      params: idParams,
      responses: { 200: { description: 'The incident and its steps', schema: answer } },
      handle: async ({ params }) => {
        const [found] = await readIncidents(deps, [params.id]);
        if (found === undefined) throw noIncident(params.id);
        return { status: 200, body: await explainIncident(deps, found.item) };
      },
    }),
  ];
}

async function explainIncident({ db }: IncidentDeps, incident: IncidentItem): Promise<z.infer<typeof answer>> {
  const asked = [incident.id, stepsShown];
  const steps = await db.query<StepRow>(shownSteps(ofIncident), asked);
  const attempts = await db.query<StepRow>(shownAttempts(itsAttempts), asked);
  const all = withAttempts(steps.rows.flatMap(stepOf), attempts.rows.flatMap(stepOf));
  all.sort((a, b) => a.at.getTime() - b.at.getTime());
  const truncated = [steps, attempts].some(({ rows }) => rows.length >= stepsShown);
  return { incident, steps: all.map(explained), truncated };
}

const ofIncident = 'select * from step where incident_id = $1::bigint order by id desc limit $2';
/** Those of messages of other incidents that carried its news are told there. */
const itsAttempts = `select a.* from attempt a join notification n on n.id = a.notification_id
  where n.incident_id = $1::bigint order by a.id desc limit $2`;
