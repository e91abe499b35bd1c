/** Keeps somebody in charge: an edit that leaves no admin is refused. */
import { HttpProblem } from '../http/problem.ts';
import type { Queryable } from '../store/db.ts';
import { type Admins, leavesNobody } from './decide.ts';
import type { PeopleParts } from './parts.ts';

/**
 * One edit of users or tokens at a time, so that two admins cannot remove each other.
 * @throws HttpProblem 409 when nobody would be left who can let people in
 */
export function editPeople<T>(parts: PeopleParts, work: (tx: Queryable) => Promise<T>): Promise<T> {
  return parts.db.transaction(async (tx) => {
    await tx.query('lock table app_user in share row exclusive mode');
    const before = await countAdmins(tx, parts);
    const done = await work(tx);
    if (leavesNobody(before, await countAdmins(tx, parts)))
      throw new HttpProblem(409, 'This is the last admin who can sign in, and there is no admin token either.', {
        more: { reason: 'last_admin' },
      });
    return done;
  });
}

async function countAdmins(tx: Queryable, { now, adminToken, oidc }: PeopleParts): Promise<Admins> {
  const { rows } = await tx.query<Admins & Record<string, unknown>>(
    `select
       (select count(*)::int from app_user
        where role = 'admin' and not disabled
          and (password_hash is not null or ($2 and oidc_subject is not null))) as users,
       (select count(*)::int from api_token
        where role = 'admin' and scopes is null and (expires_at is null or expires_at > $1)) as tokens`,
    [now(), oidc !== null],
  );
  const { users = 0, tokens = 0 } = rows[0] ?? {};
  return { users, tokens: tokens + (adminToken === null ? 0 : 1) };
}
