/** `POST /api/v1/notifications/test`. */
import { z } from 'zod';
import type { TestTarget } from '../alert/test-message.ts';
import { invalid } from '../http/problem.ts';
import { type AnyRoute, type Caller, route } from '../http/route.ts';
import { recordAudit } from '../store/audit.ts';
import type { Queryable } from '../store/db.ts';
import type { IncidentDeps } from './deps.ts';
import { remedies, remediesOf } from './fields.ts';

const kinds = ['contact', 'robot', 'alert_group'] as const;
const name = z.string().min(1).max(200);

const testBody = z
  .strictObject({
    contact: name.optional().describe('Name of a contact'),
    robot: name.optional().describe('Name of a robot'),
    alert_group: name.optional().describe('Name of an alert group: everybody whom it tells'),
    me: z.literal(true).optional().describe('The contact that has the name of whoever asks'),
    channel: z.string().min(1).max(50).optional().describe('Only on this channel'),
  })
  .refine((body) => [...kinds, 'me' as const].filter((kind) => body[kind] !== undefined).length === 1, {
    error: 'name exactly one of contact, robot, alert_group and me',
  });

export const testAnswer = z.object({
  results: z.array(
    z.object({
      destination: z.string(),
      channel: z.string(),
      ok: z.boolean(),
      answer: z.string().describe("The provider's words"),
      reason: z.string().nullable(),
      remedy: z.string().nullable().describe('What a person can do about it'),
      remedies: remedies.describe('The same, in every language of the page'),
    }),
  ),
});

export function testRoutes(deps: IncidentDeps): AnyRoute[] {
  return [
    route({
      method: 'post',
      path: '/api/v1/notifications/test',
      tag: 'notifications',
      summary: 'Sends a test message at once, and answers what the provider said',
      role: 'editor',
      body: testBody,
      responses: { 200: { description: 'One result per address; ok=false is no error here', schema: testAnswer } },
      handle: async ({ body, caller }) => {
        const results = await sendTests(deps, targetOf(body, caller.name), caller);
        const withRemedies = results.map((r) => ({ ...r, remedies: remediesOf(r.remedy, deps.inChinese) }));
        return { status: 200, body: { results: withRemedies } };
      },
    }),
  ];
}

function targetOf(body: z.infer<typeof testBody>, me: string): TestTarget {
  if (body.me) return { kind: 'contact', name: me, channel: body.channel ?? null };
  const kind = kinds.find((k) => body[k] !== undefined) ?? 'contact';
  return { kind, name: body[kind] ?? '', channel: body.channel ?? null };
}

async function sendTests(deps: Pick<IncidentDeps, 'db' | 'now' | 'sendTest'>, target: TestTarget, by: Caller) {
  if (!(await exists(deps.db, target))) throw wrong(target, `there is no ${words[target.kind]} of this name`);
  await recordAudit(deps.db, {
    at: deps.now(),
    by,
    action: 'test-send',
    kind: resources[target.kind],
    key: target.name,
  });
  const results = await deps.sendTest(target);
  if (results.length > 0) return results;
  const where = target.channel === null ? 'on any channel' : `on ${target.channel}`;
  throw wrong(target, `it reaches nobody ${where}: there is no address`);
}

const resources: Readonly<Record<TestTarget['kind'], string>> = {
  contact: 'contacts',
  robot: 'robots',
  alert_group: 'alert-groups',
};

const words: Readonly<Record<TestTarget['kind'], string>> = {
  contact: 'contact',
  robot: 'robot',
  alert_group: 'alert group',
};

function wrong(target: TestTarget, message: string) {
  return invalid([{ in: 'body', path: target.kind, message }]);
}

async function exists(db: Queryable, target: TestTarget): Promise<boolean> {
  const found = await db.query(existsSql[target.kind], [target.name]);
  return (found.rowCount ?? 0) > 0;
}

const existsSql: Readonly<Record<TestTarget['kind'], string>> = {
  contact: 'select from contact where name = $1',
  robot: 'select from robot where name = $1',
  alert_group: 'select from alert_group where name = $1 and deleted_at is null',
};
