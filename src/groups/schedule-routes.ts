/** `GET /api/v1/schedules/:key/shifts` and `GET /api/v1/schedules/:key/calendar.ics`. */
import { z } from 'zod';
import type { Snapshot, StaffedSchedule } from '../alert/config.ts';
import { onCallAt, shifts, wholeShifts } from '../alert/on-call.ts';
import { HttpProblem, invalid } from '../http/problem.ts';
import { type AnyRoute, route } from '../http/route.ts';
import { calendarOf } from './calendar.ts';
import { keyParam } from './crud.ts';
import { instant } from './fields.ts';

/** What these routes need. */
export interface ScheduleParts {
  /** The newest configuration. */
  snapshot: () => Promise<Snapshot>;
  now: () => Date;
}

const dayMs = 24 * 3_600_000;
/** A schedule may change hands many times a day; more than this nobody looks at. */
const longestDays = 92;
const usualDays = 14;
const calendarDays = { back: 14, ahead: 92 };

const shiftsQuery = z.strictObject({
  from: instant.optional().describe('Default: now'),
  to: instant.optional().describe(`Default: ${usualDays} days after from; at most ${longestDays} days after it`),
});

const shiftsAnswer = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  on_call: z.array(z.string()).describe('Names of contacts, now'),
  items: z
    .array(z.object({ contact: z.string(), starts_at: z.iso.datetime(), ends_at: z.iso.datetime() }))
    .describe('In order, within from and to. While none is there nobody is on call'),
});

export function scheduleRoutes(parts: ScheduleParts): AnyRoute[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/schedules/:key/shifts',
      tag: 'schedules',
      summary: 'Who is on call when, by one schedule',
      role: 'viewer',
      params: keyParam,
      query: shiftsQuery,
      responses: {
        200: { description: 'The shifts', schema: shiftsAnswer },
        404: { description: 'There is no such schedule' },
      },
      handle: async ({ params, query }) => {
        const schedule = await find(parts, params.key);
        const now = parts.now();
        const { from, to } = windowOf(query, now);
        const items = shifts(schedule, from, to).map((s) => ({
          ...{ contact: s.contact, starts_at: s.startsAt.toISOString(), ends_at: s.endsAt.toISOString() },
        }));
        const body = { from: from.toISOString(), to: to.toISOString(), on_call: onCallAt(schedule, now), items };
        return { status: 200, body };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/schedules/:key/calendar.ics',
      tag: 'schedules',
      summary:
        'The same as iCalendar, from two weeks ago to three months ahead. Calendar programs may sign in by basic authentication with an API token as the password',
      role: 'viewer',
      params: keyParam,
      produces: ['text/calendar'],
      responses: {
        200: { description: 'A calendar with an event for each shift', schema: z.string() },
        404: { description: 'There is no such schedule' },
      },
      handle: async ({ params }) => {
        const schedule = await find(parts, params.key);
        const now = parts.now();
        const at = (days: number) => new Date(now.getTime() + days * dayMs);
        const listed = wholeShifts(schedule, at(-calendarDays.back), at(calendarDays.ahead));
        const body = calendarOf({ name: schedule.name, shifts: listed, now });
        return { status: 200, body, headers: { 'Content-Type': 'text/calendar; charset=utf-8' } };
      },
    }),
  ];
}

/** @throws HttpProblem 404 */
async function find({ snapshot }: ScheduleParts, name: string): Promise<StaffedSchedule> {
  const found = (await snapshot()).schedules.get(name);
  if (found === undefined) throw new HttpProblem(404, `There is no schedules/${name}.`);
  return found;
}

/** @throws HttpProblem 400 */
function windowOf(query: z.infer<typeof shiftsQuery>, now: Date): { from: Date; to: Date } {
  const from = query.from === undefined ? now : new Date(query.from);
  const to = query.to === undefined ? new Date(from.getTime() + usualDays * dayMs) : new Date(query.to);
  const message =
    to <= from ? 'must lie after from' : to.getTime() - from.getTime() > longestDays * dayMs ? tooLong : null;
  if (message !== null) throw invalid([{ in: 'query', path: 'to', message }]);
  return { from, to };
}

const tooLong = `at most ${longestDays} days after from`;
