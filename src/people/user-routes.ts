/** Users, for admins. */
import { z } from 'zod';
import { editQuery } from '../http/edit-query.ts';
import { decodeCursor, pageFrom, pageOf, pageQuery } from '../http/page.ts';
import { HttpProblem, invalid } from '../http/problem.ts';
import { type AnyRoute, etag, namesVersion, type Reply, route } from '../http/route.ts';
import { refuseScoped } from '../http/scope.ts';
import { recordAudit } from '../store/audit.ts';
import type { Queryable } from '../store/db.ts';
import { editPeople } from './admins.ts';
import { endsSessions } from './decide.ts';
import type { Edit, PeopleParts } from './parts.ts';
import { hashPassword } from './password.ts';
import { endSessions } from './sessions.ts';
import { findUser, getUser, type User, type UserBody, userBody, userChanges, userView, viewOf } from './users.ts';

const path = '/api/v1/users';
const item = `${path}/:key`;
const params = z.object({ key: z.string().min(1).max(200) });
const facts = { tag: 'users', role: 'admin' } as const;
const one = { description: 'The user', schema: userView };
/** What {@link viewOf} adds to a body. */
const readOnly = ['has_password', 'version', 'created_at', 'updated_at', 'updated_by'];

const answer = (user: User, status = 200): Reply => ({
  status,
  headers: { ETag: etag(user.version) },
  body: viewOf(user),
});

export function userRoutes(parts: PeopleParts): AnyRoute[] {
  const { db } = parts;
  return [
    route({
      ...facts,
      method: 'get',
      path,
      summary: 'All users',
      query: pageQuery,
      responses: { 200: { description: 'One page of them', schema: pageOf(userView) } },
      handle: async ({ query }) => {
        const after = decodeCursor(query.cursor, 1)?.[0] ?? '';
        const sql = 'select * from app_user where name > $1 order by name limit $2';
        const { rows } = await db.query<User>(sql, [String(after), query.limit + 1]);
        return { status: 200, body: pageFrom(rows, query.limit, { item: viewOf, key: (row) => [row.name] }) };
      },
    }),
    route({
      ...facts,
      method: 'post',
      path,
      summary: 'Make a user',
      query: editQuery,
      body: userBody,
      responses: { 201: one, 409: { description: 'The name or the subject is taken' } },
      handle: async ({ query, body, caller }) => {
        const user = await make(parts, body, { by: caller, ...query });
        const made = answer(user, 201);
        return { ...made, headers: { ...made.headers, Location: `${path}/${encodeURIComponent(user.name)}` } };
      },
    }),
    route({
      ...facts,
      method: 'get',
      path: item,
      summary: 'One user',
      params,
      responses: { 200: one, 404: { description: 'There is none' } },
      handle: async ({ params: { key } }) => answer(await getUser(db, key)),
    }),
    route({
      ...facts,
      method: 'put',
      path: item,
      summary: 'Replace a user. A new role, a new password and disabling end their sessions',
      params,
      query: editQuery,
      body: userBody,
      readOnly,
      responses: {
        200: one,
        409: { description: 'It is the last admin who can sign in' },
        412: { description: 'Edited meanwhile' },
      },
      handle: async ({ params: { key }, query, body, ifMatch, caller }) =>
        answer(await replace(parts, { key, ifMatch, body }, { by: caller, ...query })),
    }),
    route({
      ...facts,
      method: 'delete',
      path: item,
      summary: 'Remove a user, and end their sessions',
      params,
      query: editQuery,
      responses: { 204: { description: 'Done' }, 409: { description: 'It is the last admin who can sign in' } },
      handle: async ({ params: { key }, query, ifMatch, caller }) => {
        await remove(parts, { key, ifMatch }, { by: caller, ...query });
        return { status: 204 };
      },
    }),
  ];
}

async function make(parts: PeopleParts, body: UserBody, { by, comment }: Edit): Promise<User> {
  refuseScoped(by);
  const hash = body.password === undefined ? null : await hashPassword(body.password);
  return editPeople(parts, async (tx) => {
    if ((await findUser(tx, body.name)) !== null) throw taken('name', `There is a user ${body.name} already.`);
    await checkSubject(tx, body);
    const { rows } = await tx.query<User>(
      `insert into app_user (name, display_name, email, role, password_hash, oidc_subject, disabled, created_at, updated_at, updated_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) returning *`,
      [...columns(body, hash), parts.now(), by.name],
    );
    const changes = userChanges(null, body);
    const entry = { at: parts.now(), by, comment: comment || null, kind: 'users', key: body.name };
    await recordAudit(tx, { ...entry, action: 'create', changes });
    return rows[0] as User;
  });
}

function columns(body: UserBody, hash: string | null): unknown[] {
  return [body.name, body.display_name, body.email, body.role, hash, body.oidc_subject, body.disabled];
}

async function checkSubject(tx: Queryable, { name, oidc_subject }: UserBody): Promise<void> {
  const sql = 'select name from app_user where oidc_subject = $1 and name <> $2';
  const other = (await tx.query<{ name: string }>(sql, [oidc_subject, name])).rows[0];
  if (other !== undefined) throw taken('oidc_subject', `This subject is ${other.name}'s.`);
}

/** Names the field, so that a form can say it there. */
function taken(path: keyof UserBody, message: string): HttpProblem {
  return new HttpProblem(409, message, { faults: [{ in: 'body', path, message }] });
}

/** @throws HttpProblem 412, as it is for all that admins edit */
function checkUnchanged(ifMatch: string | null, user: User): void {
  if (namesVersion(ifMatch, user.version) === true) return;
  const { version, updated_at, updated_by } = viewOf(user);
  throw new HttpProblem(412, `It has been edited meanwhile: it is at version ${version} now. Read it again.`, {
    headers: { ETag: etag(version) },
    more: { current: { version, updated_at, updated_by }, changes: null },
  });
}

interface Replacement {
  key: string;
  ifMatch: string | null;
  body: UserBody;
}

async function replace(parts: PeopleParts, { key, ifMatch, body }: Replacement, { by, comment }: Edit): Promise<User> {
  refuseScoped(by);
  if (body.name !== key) {
    throw invalid([{ in: 'body', path: 'name', message: 'a user keeps their name: the audit log knows them by it' }]);
  }
  const hash = body.password === undefined ? null : await hashPassword(body.password);
  return editPeople(parts, async (tx) => {
    const before = await getUser(tx, key);
    checkUnchanged(ifMatch, before);
    await checkSubject(tx, body);
    const { rows } = await tx.query<User>(
      `update app_user set display_name = $2, email = $3, role = $4, password_hash = coalesce($5, password_hash),
         oidc_subject = $6, disabled = $7, version = version + 1, updated_at = $8, updated_by = $9
       where name = $1 returning *`,
      [...columns(body, hash), parts.now(), by.name],
    );
    if (endsSessions(before, body, hash !== null)) await endSessions(tx, before.id);
    const changes = userChanges(before, body);
    const entry = { at: parts.now(), by, comment: comment || null, kind: 'users', key };
    await recordAudit(tx, { ...entry, action: 'update', changes });
    return rows[0] as User;
  });
}

async function remove(
  parts: PeopleParts,
  { key, ifMatch }: Omit<Replacement, 'body'>,
  { by, comment }: Edit,
): Promise<void> {
  refuseScoped(by);
  await editPeople(parts, async (tx) => {
    const user = await getUser(tx, key);
    checkUnchanged(ifMatch, user);
    await tx.query('delete from app_user where id = $1', [user.id]);
    const entry = { at: parts.now(), by, comment: comment || null, kind: 'users', key };
    await recordAudit(tx, { ...entry, action: 'delete' });
  });
}
