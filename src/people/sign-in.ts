/** Signing in: by name and password, or with an API token, which is how the first admin gets in. */
import { z } from 'zod';
import { findToken } from '../http/auth.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Caller } from '../http/route.ts';
import { createThrottle, networkOf, type Throttle } from '../http/throttle.ts';
import { recordAudit } from '../store/audit.ts';
import type { PeopleParts } from './parts.ts';
import { isPassword } from './password.ts';
import type { RecordRefused } from './refusals.ts';
import type { Opened, Owner } from './sessions.ts';
import { findUser } from './users.ts';

/** What somebody signs in with. */
export const signInBody = z.union([
  z.strictObject({ name: z.string().trim().min(1).max(200), password: z.string().min(1).max(200) }),
  z.strictObject({ token: z.string().trim().min(1).max(512).describe('An API token') }),
]);
export type SignInBody = z.infer<typeof signInBody>;

/** Failed attempts from an address, by whatever way: all ways to sign in share one. */
export function createAddressThrottle(): Throttle {
  return createThrottle({ max: 20, windowMs: 60_000 }, 'Too many failed attempts from this address.');
}

/** Of a name, from wherever; who has signed in from an address before may do so again all the same. */
const perName = { max: 10, windowMs: 300_000 };

/** Bounds the memory for those who were let in. */
const maxKnown = 10_000;

/** Signs somebody in. @throws HttpProblem 401, 429, 503 */
export type SignIn = (body: SignInBody, address: string | null) => Promise<{ opened: Opened; caller: Caller }>;

interface Found {
  name: string;
  owner: Owner;
}

export function createSignIn(parts: PeopleParts, recordRefused: RecordRefused, addresses: Throttle): SignIn {
  const names = createThrottle(perName, 'Too many failed attempts with this name.');
  /** Who has signed in from where: there, somebody else's guesses keep nobody out. */
  const known = new Set<string>();

  return async (body, address) => {
    const from = networkOf(address ?? '');
    const at = parts.now();
    const name = 'name' in body ? body.name : null;
    addresses.refuse(from, at);
    if (name !== null && !known.has(`${name} ${from}`)) names.refuse(name, at);
    // Counted before it is known how it ends, so that attempts side by side are no way around.
    addresses.count(from, at);
    if (name !== null) names.count(name, at);
    const found = await ('name' in body ? byPassword(parts, body) : byToken(parts, body.token)).catch((error) => {
      // Trouble of ours is no guess of theirs.
      addresses.takeBack(from);
      if (name !== null) names.takeBack(name);
      throw error;
    });
    if (found === null) {
      const known = name !== null && (await findUser(parts.db, name)) !== null ? name : 'unknown';
      await recordRefused({ name: known, address });
      throw new HttpProblem(401, name === null ? 'The token is not valid.' : 'The name or the password is wrong.');
    }
    addresses.takeBack(from);
    if (name !== null) {
      names.takeBack(name);
      known.delete(`${name} ${from}`);
      known.add(`${name} ${from}`);
      const [oldest] = known;
      if (known.size > maxKnown && oldest !== undefined) known.delete(oldest);
    }
    return enter(parts, found, address);
  };
}

async function byPassword(
  { db }: PeopleParts,
  { name, password }: { name: string; password: string },
): Promise<Found | null> {
  const user = await findUser(db, name);
  const good = await isPassword(password, user?.password_hash ?? null);
  return good && user !== null && !user.disabled ? { name, owner: { userId: user.id, version: user.version } } : null;
}

async function byToken(parts: PeopleParts, token: string): Promise<Found | null> {
  const found = await findToken(parts, token, parts.now());
  if (found === null) return null;
  return { name: found.caller.name, owner: found.id === null ? 'settings' : { tokenId: found.id } };
}

/** Makes the session of somebody who has shown who they are. */
export function enter(
  { db, now, sessions }: Pick<PeopleParts, 'db' | 'now' | 'sessions'>,
  { name, owner }: Found,
  address: string | null,
): Promise<{ opened: Opened; caller: Caller }> {
  return db.transaction(async (tx) => {
    const opened = await sessions.open(tx, owner);
    const caller = await sessions.callerOf(tx, opened.id);
    if (caller === null) throw new HttpProblem(401, 'This may not sign in any more.');
    const kind = owner !== 'settings' && 'userId' in owner ? 'users' : 'tokens';
    const key = owner !== 'settings' && 'tokenId' in owner ? String(owner.tokenId) : name;
    await recordAudit(tx, { at: now(), by: { ...caller, address }, action: 'sign-in', kind, key });
    return { opened, caller };
  });
}
