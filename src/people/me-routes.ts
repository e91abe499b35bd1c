/** Signing in and out, and who one is. */
import { z } from 'zod';
import { HttpProblem, invalid } from '../http/problem.ts';
import { type AnyRoute, type Caller, type Reply, roles, route } from '../http/route.ts';
import { ownTag } from '../http/scope.ts';
import { createThrottle, type Throttle } from '../http/throttle.ts';
import { recordAudit } from '../store/audit.ts';
import type { PeopleParts } from './parts.ts';
import { hashPassword, isPassword, newPassword } from './password.ts';
import type { RecordRefused } from './refusals.ts';
import { endSessions } from './sessions.ts';
import { createSignIn, signInBody } from './sign-in.ts';
import type { User } from './users.ts';

const me = z.object({
  name: z.string(),
  display_name: z.string().nullable(),
  role: z.enum(roles),
  via: z.enum(['session', 'token', 'settings']),
  account: z.enum(['user', 'token', 'settings']).describe('What one came with, or has signed in with'),
  has_password: z.boolean().describe('It is the account of a user who has a password, and can change it'),
  csrf_token: z.string().nullable().describe('To send as X-CSRF-Token; null without a session'),
  expires_at: z.iso.datetime().nullable().describe('When the session ends at the latest'),
});

export type Me = z.infer<typeof me>;

const waysIn = z.object({
  password: z.boolean().describe('Somebody has a password'),
  oidc: z.object({ label: z.string(), url: z.string() }).nullable(),
  first_run: z.boolean().describe('There are no users yet: sign in with the admin token'),
});

export type WaysIn = z.infer<typeof waysIn>;

function meOf({ name, role, via, session }: Caller): Me {
  return {
    name,
    display_name: session?.user?.displayName ?? null,
    role,
    via: via ?? 'token',
    account: session?.owner ?? (via === 'settings' ? 'settings' : 'token'),
    has_password: session?.user?.hasPassword ?? false,
    csrf_token: session?.csrfToken ?? null,
    expires_at: session?.expiresAt.toISOString() ?? null,
  };
}

const answer = (caller: Caller, cookie: string, status: number): Reply => ({
  status,
  headers: { 'Set-Cookie': cookie },
  body: meOf(caller),
});

const setPassword = `update app_user set password_hash = $3, version = version + 1, updated_at = $4, updated_by = $5
  where id = $1 and version = $2`;

const passwordBody = z.strictObject({ current: z.string().min(1).max(200), password: newPassword });

export function meRoutes(parts: PeopleParts, recordRefused: RecordRefused, addresses: Throttle): AnyRoute[] {
  const signIn = createSignIn(parts, recordRefused, addresses);
  const guesses = createThrottle({ max: 10, windowMs: 300_000 }, 'Too many wrong passwords.');
  const { db, now, sessions } = parts;
  const common = { tag: ownTag } as const;
  return [
    route({
      ...common,
      method: 'get',
      path: '/api/v1/sign-in',
      summary: 'The ways to sign in',
      role: 'public',
      responses: { 200: { description: 'They', schema: waysIn } },
      handle: async () => {
        const { rows } = await db.query<{ users: boolean; password: boolean }>(
          `select exists (select from app_user) as users,
             exists (select from app_user where password_hash is not null) as password`,
        );
        const oidc = parts.oidc === null ? null : { label: parts.oidc.label, url: parts.oidc.startUrl };
        return { status: 200, body: { password: rows[0]?.password, oidc, first_run: rows[0]?.users === false } };
      },
    }),
    route({
      ...common,
      method: 'post',
      path: '/api/v1/session',
      summary: 'Sign in: the answer sets a cookie',
      role: 'public',
      body: signInBody,
      responses: {
        201: { description: 'Who one is from now on', schema: me },
        401: { description: 'The name and the password, or the token, are wrong' },
        429: { description: 'Too many failed attempts; Retry-After says how long to wait' },
      },
      handle: async ({ body, caller }) => {
        const { opened, caller: signedIn } = await signIn(body, caller.address ?? null);
        return answer(signedIn, opened.setCookie, 201);
      },
    }),
    route({
      ...common,
      method: 'delete',
      path: '/api/v1/session',
      summary: 'Sign out',
      role: 'viewer',
      responses: { 204: { description: 'The session is over' } },
      handle: async ({ caller }) => {
        await signOut(parts, caller);
        return { status: 204, headers: { 'Set-Cookie': sessions.cookie.clear() } };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: '/api/v1/me',
      summary: 'Who one is',
      role: 'viewer',
      responses: { 200: { description: 'It', schema: me } },
      handle: async ({ caller }) => ({ status: 200, body: meOf(caller) }),
    }),
    route({
      ...common,
      method: 'put',
      path: '/api/v1/me/password',
      summary: 'Change the own password: ends all sessions, and begins a new one here',
      role: 'viewer',
      body: passwordBody,
      responses: {
        200: { description: 'The new session', schema: me },
        409: { description: 'Who came with a token has no password' },
      },
      handle: async ({ body, caller }) => {
        const user = await ownUser(parts, caller);
        guesses.refuse(user.name, now());
        guesses.count(user.name, now());
        await checkCurrent(body.current, user);
        guesses.takeBack(user.name);
        const hash = await hashPassword(body.password);
        return db.transaction(async (tx) => {
          const changed = await tx.query(setPassword, [user.id, user.version, hash, now(), caller.name]);
          if (changed.rowCount !== 1) throw new HttpProblem(409, 'This user has just been changed: try again.');
          await endSessions(tx, user.id);
          const changes = [{ path: 'password', before: null, after: null, secret: true as const }];
          await recordAudit(tx, { at: now(), by: caller, action: 'update', kind: 'users', key: user.name, changes });
          const opened = await sessions.open(tx, { userId: user.id, version: user.version + 1 });
          const again = await sessions.callerOf(tx, opened.id);
          if (again === null) throw new HttpProblem(401, 'This user may not sign in any more.');
          return answer(again, opened.setCookie, 200);
        });
      },
    }),
  ];
}

async function ownUser({ db }: PeopleParts, { session }: Caller): Promise<User> {
  const id = session?.user?.id;
  const user = (await db.query<User>('select * from app_user where id = $1', [id ?? null])).rows[0];
  if (user?.password_hash != null) return user;
  throw new HttpProblem(409, 'There is no password to change: you came with a token, or without one.');
}

/** @throws HttpProblem 400 */
async function checkCurrent(current: string, user: User): Promise<void> {
  if (await isPassword(current, user.password_hash)) return;
  throw invalid([{ in: 'body', path: 'current', message: 'is not your password' }]);
}

async function signOut({ db, now }: PeopleParts, caller: Caller): Promise<void> {
  const { session } = caller;
  if (session === undefined) return;
  await db.transaction(async (tx) => {
    await tx.query('delete from session where hash = $1', [session.hash]);
    const kind = session.user === null ? 'tokens' : 'users';
    await recordAudit(tx, { at: now(), by: caller, action: 'sign-out', kind, key: caller.name });
  });
}
