/** What silences have beside the routes of every resource: a second confirmation, and an end. */
import { z } from 'zod';
import type { SilenceVerdict } from '../alert/preview.ts';
import { editQuery } from '../http/edit-query.ts';
import { HttpProblem } from '../http/problem.ts';
import { type AnyRoute, mayCall, route } from '../http/route.ts';
import { silenceSchema } from './kinds.ts';
import { compileMatchers } from './matchers.ts';
import type { PreviewParts } from './preview.ts';
import { findRevision } from './revisions.ts';

const path = '/api/v1/silences';
const item = `${path}/:key`;
const keyParam = z.object({ key: z.string().min(1).max(200) });
const confirmation = 'hides-all-critical';
const refused = `It clashes, or it needs an admin's confirmation: \`reason\` is then \`${confirmation}\``;
const confirm = z.enum([confirmation]).optional().describe('By an admin: this silence may hide everything critical');

/** The routes of silences: no edit hides everything critical before an admin has said so twice. */
export function silenceRoutes(
  crud: readonly AnyRoute[],
  versions: readonly AnyRoute[],
  parts: PreviewParts,
): AnyRoute[] {
  const sent: BodyOf = async (raw, one) => withoutReadOnly(raw.body, one.readOnly ?? []);
  return [
    ...crud.map((one) => (['post', 'put'].includes(one.method) ? withConfirmation(one, sent, parts) : one)),
    ...versions.map((one) => (one.path.endsWith('/restore') ? withConfirmation(one, restored(parts), parts) : one)),
    expireRoute(crud),
  ];
}

/** The silence that a request would make. */
type BodyOf = (raw: Parameters<AnyRoute['run']>[0], one: AnyRoute) => Promise<unknown>;

const versionOf = z.looseObject({ key: z.string(), version: z.coerce.number().int() });

function restored({ db }: PreviewParts): BodyOf {
  return async (raw) => {
    const { data } = versionOf.safeParse(raw.params);
    return data === undefined ? null : (await findRevision(db, { section: 'silences', ...data }, data.version))?.body;
  };
}

function withConfirmation(one: AnyRoute, bodyOf: BodyOf, parts: PreviewParts): AnyRoute {
  const before = one.schemas.query instanceof z.ZodObject ? one.schemas.query : z.strictObject({});
  const query = before.extend({ confirm });
  const confirmed = z.looseObject({ confirm });
  return {
    ...one,
    schemas: { ...one.schemas, query },
    responses: { ...one.responses, 409: { description: refused } },
    async run(raw) {
      const asked = confirmed.safeParse(raw.query);
      const body = silenceSchema.safeParse(await bodyOf(raw, one));
      // What is wrong with the request, the route itself says.
      if (asked.success && body.success) {
        const replaces = z.object({ key: z.string() }).safeParse(raw.params).data?.key ?? null;
        const verdict = await parts.judgeSilence({ matchers: body.data.matchers.map(compileMatchers), replaces });
        check(verdict, asked.data.confirm, mayCall(raw.caller.role, 'admin'));
      }
      const { confirm: _, ...rest } = asked.data ?? {};
      return one.run({ ...raw, query: asked.success ? rest : raw.query });
    },
  };
}

function withoutReadOnly(body: unknown, keys: readonly string[]): unknown {
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).filter(([key]) => !keys.includes(key)));
}

const words: Readonly<Record<NonNullable<SilenceVerdict['why']>, (verdict: SilenceVerdict) => string>> = {
  every_possible_critical: () => 'This silence would hide every critical alert that can fire.',
  every_critical_now: ({ criticalFiring }) =>
    `This silence would hide all ${criticalFiring} critical alerts that fire now.`,
};

function check(verdict: SilenceVerdict, confirmed: string | undefined, admin: boolean): void {
  if (verdict.why === null) return;
  const what = words[verdict.why](verdict);
  if (confirmed === undefined) {
    const how = `An admin can confirm it in the page, or with ?confirm=${confirmation}.`;
    throw new HttpProblem(409, `${what} ${how}`, { more: { reason: confirmation } });
  }
  if (!admin) throw new HttpProblem(403, `${what} Only an admin can confirm that.`);
}

/** The same as removing it, which ends it and keeps it for whoever asks later; answers with what it is then. */
function expireRoute(crud: readonly AnyRoute[]): AnyRoute {
  const [end, read] = ['delete', 'get'].map((method) => crud.find((r) => r.path === item && r.method === method));
  if (end === undefined || read === undefined) throw new Error('silences can be neither read nor ended');
  return route({
    method: 'post',
    path: `${item}/expire`,
    tag: 'silences',
    summary: 'End a silence now',
    role: 'responder',
    params: keyParam,
    query: editQuery,
    responses: {
      200: { description: 'The silence', schema: z.looseObject({}) },
      404: { description: 'There is none' },
    },
    handle: async (asked) => {
      await end.run({ ...asked, body: undefined });
      return read.run({ ...asked, query: {}, body: undefined });
    },
  });
}
