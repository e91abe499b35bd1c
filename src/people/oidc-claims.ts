/** What an OIDC provider says of somebody, and what follows from it. */
import type { givenRoles, User } from './users.ts';

export type GivenRole = (typeof givenRoles)[number];

/** What a provider says. */
export interface Claims {
  readonly sub: string;
  readonly [claim: string]: unknown;
}

/** How claims become a role; null: admins say who has which. */
export interface RoleRule {
  claim: string;
  roles: readonly { value: string; role: GivenRole }[] | null;
}

const order: readonly GivenRole[] = ['viewer', 'responder', 'editor', 'admin'];

/** The highest role that the claims give; null when they give none. */
export function roleOfClaims(claims: Claims, { claim, roles }: RoleRule): GivenRole | null {
  const said = claims[claim];
  const values = (Array.isArray(said) ? said : [said]).filter((value) => typeof value === 'string');
  const given = (roles ?? []).filter(({ value }) => values.includes(value)).map(({ role }) => role);
  return order.findLast((role) => given.includes(role)) ?? null;
}

/** What becomes of somebody who comes from the provider. */
export type Entry =
  | { kind: 'refuse' }
  | { kind: 'keep' }
  | { kind: 'change-role'; role: GivenRole }
  | { kind: 'make'; role: GivenRole };

/** @param known the user who has this subject; a user of the same name is not one, anybody could call themselves that */
export function entryOf(known: Pick<User, 'role' | 'disabled'> | null, claims: Claims, rule: RoleRule): Entry {
  if (known?.disabled === true) return { kind: 'refuse' };
  if (rule.roles === null) return { kind: known === null ? 'refuse' : 'keep' };
  const role = roleOfClaims(claims, rule);
  if (role === null) return { kind: 'refuse' };
  if (known === null) return { kind: 'make', role };
  return known.role === role ? { kind: 'keep' } : { kind: 'change-role', role };
}

const text = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;

/** What a new user is called, with what a name cannot hold taken out. */
export function profileOf(claims: Claims): { name: string; displayName: string | null; email: string | null } {
  const email = text(claims['email']);
  const wanted = text(claims['preferred_username']) ?? email ?? claims.sub;
  const name = wanted
    .replace(/[^\p{L}\p{N}._@-]/gu, '-')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .slice(0, 100);
  return { name: name || 'user', displayName: text(claims['name'])?.slice(0, 200) ?? null, email };
}
