/** Keeps somebody in charge: an edit that leaves no admin is refused. */
import { HttpProblem } from '../http/problem.ts';
import type { Db, Queryable } from '../store/db.ts';
import { type Admins, leavesNobody } from './decide.ts';
import type { PeopleParts } from './parts.ts';

/**
 * One edit of users or tokens at a time, so that two admins cannot remove each other.
 * @throws HttpProblem 409 when nobody would be left who can let people in
 */
export function editPeople<T>(
  { db, now, adminToken }: Pick<PeopleParts, 'now' | 'adminToken'> & { db: Db },
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.query('lock table app_user in share row exclusive mode');
    const before = await countAdmins(tx, now(), adminToken);
    const done = await work(tx);
    if (leavesNobody(before, await countAdmins(tx, now(), adminToken)))
      throw new HttpProblem(409, 'This is the last admin who can sign in, and there is no admin token either.');
    return done;
  });
}

async function countAdmins(tx: Queryable, now: Date, adminToken: string | null): Promise<Admins> {
  const { rows } = await tx.query<Admins & Record<string, unknown>>(
    `select
       (select count(*)::int from app_user
        where role = 'admin' and not disabled and password_hash is not null) as users,
       (select count(*)::int from api_token
        where role = 'admin' and scopes is null and (expires_at is null or expires_at > $1)) as tokens`,
    [now],
  );
  const { users = 0, tokens = 0 } = rows[0] ?? {};
  return { users, tokens: tokens + (adminToken === null ? 0 : 1) };
}
