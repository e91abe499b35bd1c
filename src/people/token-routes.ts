/** API tokens, for admins. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { hashToken } from '../http/auth.ts';
import { editQuery } from '../http/edit-query.ts';
import { numberFromCursor, pageFrom, pageOf, pageQuery } from '../http/page.ts';
import { HttpProblem, invalid } from '../http/problem.ts';
import { type AnyRoute, type Caller, mayCall, route } from '../http/route.ts';
import { readScope, refuseScoped } from '../http/scope.ts';
import { isStorable } from '../http/storable.ts';
import { recordAudit } from '../store/audit.ts';
import { editPeople } from './admins.ts';
import type { Edit, PeopleParts } from './parts.ts';
import { givenRoles } from './users.ts';

const tokenBody = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .refine(isStorable, 'must be valid Unicode')
    .describe('What it is for; the audit log shows it'),
  role: z.enum(givenRoles),
  scopes: z
    .array(z.string().max(50))
    .min(1)
    .max(50)
    .nullable()
    .default(null)
    .describe(
      'Tags of this document that it may call, and `read` for nothing but reading. null: all that its role may',
    ),
  expires_at: z.iso.datetime({ offset: true }).nullable().default(null),
});
type TokenBody = z.infer<typeof tokenBody>;

const tokenView = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(givenRoles),
  scopes: z.array(z.string()).nullable(),
  created_at: z.iso.datetime(),
  created_by: z.string().nullable(),
  expires_at: z.iso.datetime().nullable(),
  last_used_at: z.iso.datetime().nullable().describe('To about ten minutes'),
});

export type TokenView = z.infer<typeof tokenView>;

interface Row extends Record<string, unknown> {
  id: number;
  name: string;
  role: (typeof givenRoles)[number];
  scopes: string[] | null;
  created_at: Date;
  created_by: string | null;
  expires_at: Date | null;
  last_used_at: Date | null;
}
const columns = 'id, name, role, scopes, created_at, created_by, expires_at, last_used_at';

function viewOf(row: Row): TokenView {
  return {
    ...row,
    id: String(row.id),
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    last_used_at: row.last_used_at?.toISOString() ?? null,
  };
}

const facts = { tag: 'tokens', role: 'admin' } as const;
const path = '/api/v1/tokens';

export function tokenRoutes(parts: PeopleParts): AnyRoute[] {
  return [
    route({
      ...facts,
      method: 'get',
      path,
      summary: 'All API tokens, the newest first; never the tokens themselves',
      query: pageQuery,
      responses: { 200: { description: 'One page of them', schema: pageOf(tokenView) } },
      handle: async ({ query }) => {
        const sql = `select ${columns} from api_token where $1::bigint is null or id < $1 order by id desc limit $2`;
        const { rows } = await parts.db.query<Row>(sql, [numberFromCursor(query.cursor), query.limit + 1]);
        return { status: 200, body: pageFrom(rows, query.limit, { item: viewOf, key: (row) => [row.id] }) };
      },
    }),
    route({
      ...facts,
      method: 'post',
      path,
      summary: 'Make an API token; it is shown this once',
      query: editQuery,
      body: tokenBody,
      responses: { 201: { description: 'The token', schema: tokenView.extend({ token: z.string() }) } },
      handle: async ({ query, body, caller }) => ({
        status: 201,
        body: await make(parts, body, { by: caller, ...query }),
      }),
    }),
    route({
      ...facts,
      method: 'delete',
      path: `${path}/:id`,
      summary: 'Remove an API token, and end the sessions that were made with it',
      params: z.strictObject({ id: z.string().regex(/^\d{1,9}$/, 'must be a number') }),
      query: editQuery,
      responses: { 204: { description: 'Done' }, 409: { description: 'Nobody would be left who is an admin' } },
      handle: async ({ params, query, caller }) => {
        await remove(parts, params.id, { by: caller, ...query });
        return { status: 204 };
      },
    }),
  ];
}

/** @throws HttpProblem 400, or 403 for more than the caller may do */
function check(body: TokenBody, { parts, caller }: { parts: PeopleParts; caller: Caller }): void {
  refuseScoped(caller);
  if (!mayCall(caller.role, body.role)) throw new HttpProblem(403, 'A token cannot have more than your own role.');
  const known = parts.tags();
  const strange = (body.scopes ?? []).filter((scope) => scope !== readScope && !known.has(scope));
  if (strange.length > 0) {
    const message = `${strange.join(', ')}: use ${[readScope, ...[...known].sort()].join(', ')}`;
    throw invalid([{ in: 'body', path: 'scopes', message }]);
  }
  if (body.expires_at !== null && new Date(body.expires_at) <= parts.now())
    throw invalid([{ in: 'body', path: 'expires_at', message: 'must lie in the future' }]);
}

async function make(parts: PeopleParts, body: TokenBody, { by, comment }: Edit): Promise<Record<string, unknown>> {
  check(body, { parts, caller: by });
  const token = `mm_${randomBytes(32).toString('base64url')}`;
  const at = parts.now();
  const { name, role, scopes, expires_at } = body;
  return editPeople(parts, async (tx) => {
    const { rows } = await tx.query<Row>(
      `insert into api_token (name, hash, role, scopes, created_at, created_by, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7) returning ${columns}`,
      [name, hashToken(token), role, scopes, at, by.name, expires_at],
    );
    const made = viewOf(rows[0] as Row);
    const changes = Object.entries({ name, role, scopes, expires_at: made.expires_at })
      .filter(([, after]) => after !== null)
      .map(([field, after]) => ({ path: field, before: null, after }));
    const entry = { at, by, comment: comment || null, kind: 'tokens', key: made.id };
    await recordAudit(tx, { ...entry, action: 'create', changes });
    return { ...made, token };
  });
}

async function remove(parts: PeopleParts, id: string, { by, comment }: Edit): Promise<void> {
  refuseScoped(by);
  await editPeople(parts, async (tx) => {
    const { rows } = await tx.query<{ name: string }>('delete from api_token where id = $1 returning name', [id]);
    const gone = rows[0];
    if (gone === undefined) throw new HttpProblem(404, `There is no token ${id}.`);
    const changes = [{ path: 'name', before: gone.name, after: null }];
    const entry = { at: parts.now(), by, comment: comment || null, kind: 'tokens', key: id };
    await recordAudit(tx, { ...entry, action: 'delete', changes });
  });
}
