/** `GET /api/v1/alerts/:fingerprint/explain`: why did I, or didn't I, get this? */
import { z } from 'zod';
import { reasons } from '../alert/reason.ts';
import { type AnyRoute, route } from '../http/route.ts';
import { type AlertDetail, alertDetail, fingerprintParams, readAlert } from './alert.ts';
import type { IncidentDeps } from './deps.ts';
import { stepText } from './explain-text.ts';
import { destinationRef, id, time } from './fields.ts';
import { readStory, type StoryRows, type StoryStep, stepsShown } from './story.ts';

export const explainedStep = z.object({
  at: time,
  stage: z.enum(['receive', 'dedupe', 'route', 'converge', 'deliver', 'watchdog']),
  reason: z.enum(reasons),
  detail: z.record(z.string(), z.unknown()),
  source: z.string().nullable(),
  incident_id: id.nullable(),
  group: z.string().nullable().describe('Name of the alert group'),
  group_version: z.int().nullable().describe('Version of the alert group at that moment'),
  destination: destinationRef.nullable(),
  notification_id: id.nullable(),
  text: z.string().describe('One English sentence'),
  text_zh: z.string().describe('The same in Chinese'),
});

export type ExplainedStep = z.infer<typeof explainedStep>;

const explanation = z.object({
  alert: alertDetail,
  steps: z.array(explainedStep).describe('In order of time'),
  truncated: z.boolean().describe(`There are older steps than these; about ${stepsShown} of each kind are shown`),
});
export type Explanation = z.infer<typeof explanation>;

export function explainRoutes(deps: IncidentDeps): AnyRoute[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/alerts/:fingerprint/explain',
      tag: 'alerts',
      summary: 'Why somebody was told of an alert, or was not: every step with its reason',
      role: 'viewer',
      params: fingerprintParams,
      responses: { 200: { description: 'The alert and its steps', schema: explanation } },
      handle: async ({ params }) => {
        const alert = await readAlert(deps, params.fingerprint);
        return { status: 200, body: explain(alert, await readStory(deps.db, params.fingerprint)) };
      },
    }),
  ];
}

/** Puts what is known of an alert in order and words it. Pure. */
export function explain(alert: AlertDetail, rows: StoryRows): Explanation {
  const steps = withAttempts(rows.steps, rows.attempts);
  // Stable: what has the same time stays in the order of writing.
  steps.sort((a, b) => a.at.getTime() - b.at.getTime());
  for (const join of joins(alert, rows.steps)) steps.splice(placeOf(join, steps), 0, join);
  return { alert, steps: steps.map(explained), truncated: rows.truncated };
}

/** Words a step. */
export function explained(step: StoryStep): ExplainedStep {
  const { stage, reason, source, group, destination, detail } = step;
  const words = stepText({
    stage,
    reason,
    source,
    group,
    destination,
    detail,
    incidentId: step.incidentId,
    notificationId: step.notificationId,
  });
  return {
    at: step.at.toISOString(),
    stage,
    reason,
    detail,
    source,
    incident_id: step.incidentId,
    group,
    group_version: step.groupVersion,
    destination,
    notification_id: step.notificationId,
    ...words,
  };
}

/** A join is stored in the transaction of the report that caused it: it comes after what dedupe said then. */
function placeOf(join: StoryStep, steps: readonly StoryStep[]): number {
  const before = new Set<StoryStep['stage']>(['receive', 'dedupe', 'watchdog']);
  const index = steps.findIndex((s) => s.at > join.at || (s.at >= join.at && !before.has(s.stage)));
  return index === -1 ? steps.length : index;
}

/** Routing stores no step of its own: that the alert is in an incident says it, and since when. */
function joins(alert: AlertDetail, stored: readonly StoryStep[]): StoryStep[] {
  const told = new Set(stored.filter((s) => s.stage === 'route' && s.reason !== 'rerouted').map((s) => s.incidentId));
  return alert.incidents
    .filter((incident) => !told.has(incident.id))
    .map((incident) => ({
      at: new Date(incident.joined_at),
      stage: 'route',
      reason: joinReason(alert, incident),
      detail: {},
      source: null,
      incidentId: incident.id,
      group: incident.group,
      groupVersion: null,
      destination: null,
      notificationId: null,
    }));
}

function joinReason(alert: AlertDetail, incident: AlertDetail['incidents'][number]): StoryStep['reason'] {
  if (alert.pinned_group !== null || alert.lane === 'watchdog') return 'pinned';
  return incident.builtin === 'unrouted' ? 'unrouted' : 'matched';
}

/** The end of an attempt is stored twice, as a step and in its own row, which says more: the two become one. */
export function withAttempts(steps: readonly StoryStep[], attempts: readonly StoryStep[]): StoryStep[] {
  const key = (s: StoryStep) => `${s.notificationId} ${s.reason} ${s.at.getTime()}`;
  const left = new Map(attempts.map((a) => [key(a), a]));
  const merged = steps.map((step) => {
    const attempt = step.stage === 'deliver' ? left.get(key(step)) : undefined;
    if (attempt === undefined) return step;
    left.delete(key(step));
    return { ...step, detail: { ...step.detail, ...attempt.detail } };
  });
  return [...merged, ...left.values()];
}
