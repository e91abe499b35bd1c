/** The table of users. */
import { z } from 'zod';
import { HttpProblem } from '../http/problem.ts';
import { isStorable } from '../http/storable.ts';
import type { FieldChange } from '../store/audit.ts';
import type { Queryable } from '../store/db.ts';
import { newPassword } from './password.ts';

/** The roles that a person or a token can have. */
export const givenRoles = ['viewer', 'responder', 'editor', 'admin'] as const;

const word = (max: number) => z.string().trim().min(1).max(max).refine(isStorable, 'must be valid Unicode').nullable();
const name = z
  .string()
  .max(100)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._@-]*$/u, 'must be letters, digits and . _ @ -, and begin with a letter or digit');

/** What admins say of a user. */
export const userBody = z.strictObject({
  name,
  display_name: word(200).default(null),
  email: z.email().max(254).nullable().default(null),
  role: z.enum(givenRoles),
  password: newPassword.optional().describe('Never shown. Left out: it stays as it is; a new user has none'),
  oidc_subject: word(255).default(null).describe('`sub` of this person at the OIDC provider'),
  disabled: z.boolean().default(false).describe('May not sign in'),
});
export type UserBody = z.infer<typeof userBody>;

/** A user as the API shows them. */
export const userView = z.object({
  ...userBody.omit({ password: true }).shape,
  has_password: z.boolean(),
  version: z.int(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  updated_by: z.string().nullable(),
});

export type UserView = z.infer<typeof userView>;

export interface User extends Record<string, unknown> {
  id: number;
  name: string;
  display_name: string | null;
  email: string | null;
  role: (typeof givenRoles)[number];
  password_hash: string | null;
  oidc_subject: string | null;
  disabled: boolean;
  version: number;
  created_at: Date;
  updated_at: Date;
  updated_by: string | null;
}

export function viewOf(user: User): UserView {
  const { name, display_name, email, role, oidc_subject, disabled, version, updated_by } = user;
  return {
    ...{ name, display_name, email, role, oidc_subject, disabled, version, updated_by },
    has_password: user.password_hash !== null,
    created_at: user.created_at.toISOString(),
    updated_at: user.updated_at.toISOString(),
  };
}

/** The user of a name, null when there is none. */
export async function findUser(db: Queryable, name: string): Promise<User | null> {
  return (await db.query<User>('select * from app_user where name = $1', [name])).rows[0] ?? null;
}

/** @throws HttpProblem 404 */
export async function getUser(db: Queryable, name: string): Promise<User> {
  const user = await findUser(db, name);
  if (user === null) throw new HttpProblem(404, `There is no user ${name}.`);
  return user;
}

const fields = ['display_name', 'email', 'role', 'oidc_subject', 'disabled'] as const;

/** What an edit changes, for the audit log; of a password only that there is a new one. */
export function userChanges(before: User | null, after: UserBody): FieldChange[] {
  const changes: FieldChange[] = fields
    .filter((field) => (before?.[field] ?? null) !== after[field])
    .map((field) => ({ path: field, before: before?.[field] ?? null, after: after[field] }));
  if (after.password !== undefined) changes.push({ path: 'password', before: null, after: null, secret: true });
  return changes;
}
