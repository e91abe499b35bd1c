/** `GET /api/v1/explain`: what somebody got and did not get at a time, and whether something had arrived at all. */
import { z } from 'zod';
import { type Membership, membershipsIn, type Person } from '../alert/membership.ts';
import type { Past } from '../alert/past.ts';
import { parseFilters } from '../http/filters.ts';
import { HttpProblem, invalid } from '../http/problem.ts';
import { type AnyRoute, route } from '../http/route.ts';
import { matchesAll } from '../matcher/compile.ts';
import type { Matcher } from '../matcher/matcher.ts';
import { arrivalOf, meantBy, readCandidates, readSources } from './arrival.ts';
import type { IncidentDeps } from './deps.ts';
import { explained, explainedStep, withAttempts } from './explain.ts';
import { destinationRef, labels, listOf, repeatable, time } from './fields.ts';
import { type Finding, findingItem, findingItemOf } from './findings.ts';
import { notificationItem, notificationItemOf } from './notification-row.ts';
import { readAddresses, readPerson, type Window } from './person-rows.ts';
import { verdictsOf } from './verdict.ts';

const minute = 60_000;
/** A moment stands for so much time around it. */
const aroundMs = 15 * minute;
const usualMs = 60 * minute;
const longestMs = 24 * 60 * minute;

const name = z.string().min(1).max(100);
const moment = z.iso.datetime({ offset: true, error: 'not a time such as 2026-01-31T02:40:00+08:00' });

const explainQuery = z.strictObject({
  contact: name.optional().describe('What this person got, and did not get'),
  robot: name.optional().describe('The same of a room'),
  filter: repeatable(z.string().max(2_000)).describe(
    'What about, in Alertmanager\'s syntax: alertname="DiskFull". Says whether it had arrived, what comes near, and which ' +
      'alert groups match; with a contact or a robot, only these alerts',
  ),
  at: moment.optional().describe('Instead of from and to: 15 minutes before and after it'),
  from: moment.optional().describe('Default: an hour before to'),
  to: moment.optional().describe('Default: now; at most a day after from'),
});
type ExplainQuery = z.output<typeof explainQuery>;

const person = z.object({
  kind: z.enum(['contact', 'robot']),
  name: z.string(),
  destinations: z
    .array(destinationRef)
    .describe('The addresses that they have, or had then, as far as messages went there'),
  memberships: z
    .array(findingItem)
    .describe('Of which alert groups they were a member in that time, by which version or turn'),
  alerts: z
    .array(
      z.object({
        fingerprint: z.string(),
        labels,
        told: z.enum(['within', 'before', 'no']).describe('Whether they were told of it within that time, or before'),
        steps: z.array(explainedStep).describe('The message that told them, or why none did, for each address'),
      }),
    )
    .describe('What fired, or was told, in incidents of their alert groups; with filter, in any'),
  messages: z
    .array(notificationItem)
    .describe('Every message to them that was made or ended in that time, the newest first'),
  steps: z.array(explainedStep).describe('Everything that was decided and tried for them in that time'),
});

const answer = z.object({
  from: time,
  to: time,
  person: person.nullable().describe('null: nobody is asked about'),
  arrival: z.array(findingItem).nullable().describe('Whether what filter asks about had arrived; null without filter'),
  truncated: z.boolean().describe('There is more than this: ask for a shorter time, or with a filter'),
});
export type PersonExplanation = z.infer<typeof answer>;

export function explainQueryRoutes(deps: IncidentDeps): AnyRoute[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/explain',
      tag: 'alerts',
      summary: 'What somebody got and did not get at a time, and why; or whether something had arrived at all',
      role: 'viewer',
      query: explainQuery,
      responses: {
        200: { description: 'What is known', schema: answer },
        404: { description: 'There is, and was, no such contact or room' },
      },
      handle: async ({ query }) => ({ status: 200, body: await explainAt(deps, query) }),
    }),
  ];
}

async function explainAt(deps: IncidentDeps, query: ExplainQuery): Promise<PersonExplanation> {
  const { who, window, matchers } = asked(query, deps.now());
  const past = await deps.past({ ...window, person: who });
  const candidates = matchers.length === 0 ? [] : await readCandidates(deps.db, matchers);
  const sources = matchers.length === 0 ? [] : await readSources(deps.db, window.to);
  const arrival = arrivalOf({ matchers, window, candidates, sources, groups: past.groups });
  const meant = meantBy({ matchers, candidates }).map(({ fingerprint }) => fingerprint);
  const found = who === null ? null : await explainPerson(deps, { who, window, matchers, past, meant });
  return {
    from: window.from.toISOString(),
    to: window.to.toISOString(),
    person: found === null ? null : found.person,
    arrival: matchers.length === 0 ? null : arrival.map(findingItemOf),
    truncated: found?.truncated ?? false,
  };
}

/** @throws HttpProblem 400 */
function asked(query: ExplainQuery, now: Date): { who: Person | null; window: Window; matchers: Matcher[] } {
  const { contact, robot } = query;
  const matchers = parseFilters(listOf(query.filter));
  const fault = (path: string, message: string) => invalid([{ in: 'query', path, message }]);
  if (contact !== undefined && robot !== undefined) throw fault('robot', 'give contact or robot, not both');
  const who =
    contact !== undefined
      ? { kind: 'contact' as const, name: contact }
      : robot !== undefined
        ? { kind: 'robot' as const, name: robot }
        : null;
  if (who === null && matchers.length === 0)
    throw fault('contact', 'say whom or what about: contact, robot, or filter with at least one matcher');
  return { who, window: windowOf(query, now), matchers };
}

/** @throws HttpProblem 400 */
function windowOf({ at, from, to }: ExplainQuery, now: Date): Window {
  const fault = (path: string, message: string) => invalid([{ in: 'query', path, message }]);
  if (at !== undefined && (from !== undefined || to !== undefined))
    throw fault('at', 'give at, or from and to, not both');
  const end = at === undefined ? (to === undefined ? now.getTime() : Date.parse(to)) : Date.parse(at) + aroundMs;
  const start = at === undefined ? (from === undefined ? end - usualMs : Date.parse(from)) : Date.parse(at) - aroundMs;
  if (start > end) throw fault('to', 'must not lie before from');
  if (end - start > longestMs) throw fault('to', 'at most a day after from');
  return { from: new Date(start), to: new Date(end) };
}

interface PersonAsked {
  who: Person;
  window: Window;
  matchers: readonly Matcher[];
  past: Past;
  meant: readonly string[];
}

/** @throws HttpProblem 404 */
async function explainPerson(
  { db, inChinese }: IncidentDeps,
  { who, window, matchers, past, meant }: PersonAsked,
): Promise<{ person: PersonExplanation['person']; truncated: boolean }> {
  const destinations = await readAddresses(db, who, past.person);
  if (destinations.length === 0 && past.person.length === 0) throw nobody(who);
  const memberships = membershipsIn(past, who, window);
  const rows = await readPerson(db, {
    ...window,
    destinations: destinations.map(({ id }) => Number(id)),
    groups: [...new Set(memberships.map(({ group }) => group.id))],
    fingerprints: meant,
  });
  const wanted = { ...rows, alerts: rows.alerts.filter(({ labels }) => matchesAll(matchers, labels)) };
  const verdicts = verdictsOf({ window, rows: wanted, destinations, memberships, versions: past.person });
  const steps = withAttempts(rows.steps, rows.attempts).sort((a, b) => a.at.getTime() - b.at.getTime());
  return {
    truncated: rows.truncated,
    person: {
      ...{ ...who, destinations },
      memberships: (memberships.length === 0 ? [{ finding: 'no_member' } as const] : memberships.map(memberOf)).map(
        findingItemOf,
      ),
      alerts: verdicts.map((verdict) => ({ ...verdict, steps: verdict.steps.map(explained) })),
      messages: rows.messages.map((row) => notificationItemOf(row, inChinese)),
      steps: steps.map(explained),
    },
  };
}

function memberOf({ group, onCall, step, from, to }: Membership): Finding {
  const of = { group: group.name, version: group.version, from, to, step };
  return onCall === null ? { finding: 'member', ...of } : { finding: 'on_call', ...of, ...onCall };
}

function nobody({ kind, name }: Person): HttpProblem {
  const detail = `There is no ${kind === 'robot' ? 'room' : 'contact'} ${name}, and there was none at that time.`;
  return new HttpProblem(404, `${detail} GET /api/v1/${kind}s lists those that there are.`);
}
