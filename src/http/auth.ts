/** Who calls the API: by a bearer token, or by the cookie of a session. */
import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Queryable } from '../store/db.ts';
import { changesNothing, refuseForeign } from './foreign.ts';
import { HttpProblem } from './problem.ts';
import { type Caller, type Role, roles } from './route.ts';
import { createThrottle, networkOf } from './throttle.ts';

/** Failed attempts of one address after which it has to wait. */
const failureLimit = { max: 20, windowMs: 60_000 };
/** Bounds the memory for tokens that were good. */
const maxKnown = 10_000;
/** How exact the time of a token's last use is. */
const usedEveryMs = 600_000;

/** Hex SHA-256: how tokens are kept. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'hex');
}

/** Finds out who sent a request; null when it carries nothing good. */
export type Authenticate = (req: IncomingMessage & Origin) => Promise<Caller | null>;

/** What express adds to a request. */
interface Origin {
  /** Who sent it, behind proxies that are trusted. */
  ip?: string | undefined;
}

/** What {@link createAuthenticate} needs. */
export interface AuthenticateOptions {
  db: Queryable;
  clock: Clock;
  /** The token of the settings, null when there is none. */
  adminToken: string | null;
  /** Who the cookie of a request stands for; the default knows no sessions. */
  sessionOf?: Authenticate;
  /** The origin at which people know the service. */
  origin?: string | null;
}

/**
 * Authentication by `Authorization: Bearer`, in Alertmanager's API and for calendars by `Basic` too, or without one by cookie.
 * @returns a function that throws HttpProblem 429 for an address that keeps failing; a token that was good before
 * still passes from there, so that one broken script does not lock out everybody behind the same proxy. Throws 403
 * for a request by cookie that may be forged.
 */
export function createAuthenticate(options: AuthenticateOptions): Authenticate {
  const failures = createThrottle(failureLimit, 'Too many failed attempts from this address.');
  const known = new Set<string>();
  const asked = new Map<string, Promise<FoundToken | null>>();

  /** Counts before it is known how it ends, so that whoever keeps failing costs no query; who asks the same beside it shares it. */
  function findCounted(token: string, hashed: string, address: string): Promise<FoundToken | null> {
    const now = options.clock.now();
    const before = asked.get(hashed);
    if (before !== undefined) return before;
    failures.refuse(address, now);
    failures.count(address, now);
    const found = findToken(options, token, now).then(
      (one) => {
        if (one !== null) failures.takeBack(address);
        return one;
      },
      (error: unknown) => {
        failures.takeBack(address);
        throw error;
      },
    );
    asked.set(hashed, found);
    return found.finally(() => asked.delete(hashed));
  }

  return async (req) => {
    const header = req.headers.authorization;
    if (header === undefined) return bySession(req, options);
    const token = /^bearer +([^\s]{1,512}) *$/i.exec(header)?.[1] ?? basicToken(req, header);
    // A proxy may ask for a name and a password of its own, and pass them on.
    if (token === undefined) return isBasic(header) ? bySession(req, options) : null;
    // A browser that knows a name and a password sends them along with whatever another site makes it send.
    if (isBasic(header) && !changesNothing(req.method)) refuseForeign(req, options.origin ?? null);
    const hashed = hashToken(token);
    const found = known.has(hashed)
      ? await findToken(options, token, options.clock.now())
      : await findCounted(token, hashed, networkOf(req.ip ?? ''));
    if (found === null) known.delete(hashed);
    else if (known.size < maxKnown) known.add(hashed);
    if (found === null && isBasic(header)) return bySession(req, options);
    return found?.caller ?? null;
  };
}

/** The iCalendar feed of a schedule. */
const calendar = /^\/api\/v1\/schedules\/[^/?]+\/calendar\.ics(?:\?|$)/;

function isBasic(header: string): boolean {
  return /^basic /i.test(header);
}

/**
 * Clients of Alertmanager's API know basic authentication first of all, and calendar programs nothing else: the password is the
 * token, the name is free.
 */
function basicToken({ url = '' }: IncomingMessage, header: string): string | undefined {
  if (!isBasic(header) || !(url.startsWith('/api/v2/') || calendar.test(url))) return undefined;
  const text = Buffer.from(header.slice('basic '.length), 'base64').toString();
  return /^[^:]*:(\S{1,512})$/.exec(text)?.[1];
}

/** A cookie goes along with whatever another site makes a browser send, so it needs proof that our page sent it. */
async function bySession(req: IncomingMessage, options: AuthenticateOptions): Promise<Caller | null> {
  const caller = (await options.sessionOf?.(req)) ?? null;
  if (caller === null || changesNothing(req.method)) return caller;
  refuseForeign(req, options.origin ?? null);
  const sent = req.headers['x-csrf-token'];
  if (typeof sent === 'string' && caller.session !== undefined && sameHash(sent, caller.session.csrfToken))
    return caller;
  throw new HttpProblem(403, 'Send the csrf_token of GET /api/v1/me as X-CSRF-Token.', { more: { reason: 'csrf' } });
}

/** Compares two hashes in constant time. */
export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Whom a token stands for; the id is null for the token of the settings. */
export interface FoundToken {
  caller: Caller;
  id: number | null;
}

interface Row extends Record<string, unknown> {
  id: number;
  name: string;
  role: string;
  hash: string;
  scopes: string[] | null;
  last_used_at: Date | null;
}

/** Looks a token up, among those of the database and that of the settings. Null: it is good for nothing. */
export async function findToken(
  { db, adminToken }: Pick<AuthenticateOptions, 'db' | 'adminToken'>,
  token: string,
  now: Date,
): Promise<FoundToken | null> {
  const hashed = hashToken(token);
  if (adminToken !== null && sameHash(hashed, hashToken(adminToken)))
    return { caller: { name: 'admin', role: 'admin', via: 'settings' }, id: null };
  const { rows } = await db.query<Row>(
    `select id, name, role, hash, scopes, last_used_at from api_token
     where hash = $1 and (expires_at is null or expires_at > $2)`,
    [hashed, now],
  );
  const row = rows[0];
  const role = roleOf(row?.role);
  if (row === undefined || role === null || !sameHash(row.hash, hashed)) return null;
  await noteUse(db, row, now);
  return { caller: { name: row.name, role, via: 'token', scopes: row.scopes }, id: row.id };
}

/** A role as the database has it; null when there is no such role. */
export function roleOf(text: string | null | undefined): Role | null {
  return roles.find((one) => one === text && one !== 'public') ?? null;
}

async function noteUse(db: Queryable, { id, last_used_at }: Row, now: Date): Promise<void> {
  if (last_used_at !== null && now.getTime() - last_used_at.getTime() < usedEveryMs) return;
  await db.query('update api_token set last_used_at = $2 where id = $1', [id, now]);
}
