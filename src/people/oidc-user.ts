/** The user that somebody from the OIDC provider is here. */
import { recordAudit } from '../store/audit.ts';
import type { Queryable } from '../store/db.ts';
import { type Claims, entryOf, type GivenRole, profileOf } from './oidc-claims.ts';
import type { PeopleParts } from './parts.ts';
import { endSessions } from './sessions.ts';
import { findUser, type User, userBody } from './users.ts';

/** Why somebody may not come in, as the page is told. */
export type Refusal = 'refused' | 'name-taken';

const author = { name: 'oidc', via: 'settings' };

/** Finds the user, makes them, or gives them the role that the provider says. */
export function userOfClaims(parts: PeopleParts, claims: Claims): Promise<User | Refusal> {
  return parts.db.transaction(async (tx) => {
    const sql = 'select * from app_user where oidc_subject = $1 for update';
    const known = (await tx.query<User>(sql, [claims.sub])).rows[0] ?? null;
    const entry = entryOf(known, claims, parts.oidc?.rule ?? { claim: '', roles: null });
    if (entry.kind === 'make') return make(tx, { claims, role: entry.role, at: parts.now() });
    if (entry.kind === 'refuse' || known === null) return 'refused';
    return entry.kind === 'keep' ? known : changeRole(tx, { known, role: entry.role, at: parts.now() });
  });
}

async function make(
  tx: Queryable,
  { claims, role, at }: { claims: Claims; role: GivenRole; at: Date },
): Promise<User | Refusal> {
  const { name, displayName, email } = profileOf(claims);
  if ((await findUser(tx, name)) !== null) return 'name-taken';
  const { rows } = await tx.query<User>(
    `insert into app_user (name, display_name, email, role, oidc_subject, created_at, updated_at, updated_by)
     values ($1, $2, $3, $4, $5, $6, $6, $7) returning *`,
    [name, displayName, userBody.shape.email.safeParse(email).data ?? null, role, claims.sub, at, author.name],
  );
  const changes = [{ path: 'role', before: null, after: role }];
  await recordAudit(tx, { at, by: author, action: 'create', kind: 'users', key: name, changes });
  return rows[0] as User;
}

async function changeRole(
  tx: Queryable,
  { known, role, at }: { known: User; role: GivenRole; at: Date },
): Promise<User> {
  const { rows } = await tx.query<User>(
    `update app_user set role = $2, version = version + 1, updated_at = $3, updated_by = $4 where id = $1 returning *`,
    [known.id, role, at, author.name],
  );
  await endSessions(tx, known.id);
  const changes = [{ path: 'role', before: known.role, after: role }];
  await recordAudit(tx, { at, by: author, action: 'update', kind: 'users', key: known.name, changes });
  return rows[0] as User;
}
