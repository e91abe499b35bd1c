/** Who calls the API: bearer tokens, kept as hashes in `api_token`, plus the admin token of the settings. */
import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Queryable } from '../store/db.ts';
import { HttpProblem } from './problem.ts';
import { type Caller, type Role, roles } from './route.ts';

/** Failed attempts of one address within a window after which it has to wait. */
const maxFailures = 20;
const windowMs = 60_000;
/** Bounds the memory that strangers can fill. */
const maxAddresses = 10_000;

/** Hex SHA-256: how tokens are kept. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'hex');
}

/** Finds out who sent a request; null when it carries no good token. */
export type Authenticate = (req: IncomingMessage) => Promise<Caller | null>;

/**
 * Bearer authentication.
 * @param options.adminToken the token of the settings, null when there is none
 * @returns a function that throws HttpProblem 429 for an address that keeps failing; a token that was good before
 * still passes from there, so that one broken script does not lock out everybody behind the same proxy.
 */
export function createAuthenticate(options: { db: Queryable; clock: Clock; adminToken: string | null }): Authenticate {
  const admin = options.adminToken === null ? null : hashToken(options.adminToken);
  const failures = new Map<string, { count: number; until: number }>();
  const known = new Set<string>();

  return async (req) => {
    const token = bearerOf(req.headers.authorization);
    if (token === null) return null;
    const hashed = hashToken(token);
    const address = req.socket.remoteAddress ?? '';
    const now = options.clock.now();
    if (!known.has(hashed)) refuseWhenFailing(failures, address, now);
    const caller =
      (admin !== null && sameHash(hashed, admin) && adminCaller) || (await lookUp(options.db, hashed, now));
    if (caller === null) {
      known.delete(hashed);
      countFailure(failures, address, now);
    } else if (known.size < maxAddresses) known.add(hashed);
    return caller;
  };
}

const adminCaller: Caller = { name: 'admin', role: 'admin' };

function bearerOf(header: string | undefined): string | null {
  return /^bearer +([^\s]{1,512}) *$/i.exec(header ?? '')?.[1] ?? null;
}

/** Compares two hex hashes in constant time. */
export function sameHash(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

async function lookUp(db: Queryable, hashed: string, now: Date): Promise<Caller | null> {
  const { rows } = await db.query<{ name: string; role: string; hash: string }>(
    'select name, role, hash from api_token where hash = $1 and (expires_at is null or expires_at > $2)',
    [hashed, now],
  );
  const row = rows[0];
  const role: Role | undefined = roles.find((one) => one === row?.role);
  if (row === undefined || role === undefined || !sameHash(row.hash, hashed)) return null;
  return { name: row.name, role };
}

type Failures = Map<string, { count: number; until: number }>;

function refuseWhenFailing(failures: Failures, address: string, now: Date): void {
  const seen = failures.get(address);
  if (seen === undefined || seen.count < maxFailures || seen.until <= now.getTime()) return;
  const seconds = Math.ceil((seen.until - now.getTime()) / 1000);
  throw new HttpProblem(429, 'Too many failed attempts from this address.', {
    headers: { 'Retry-After': String(seconds) },
  });
}

function countFailure(failures: Failures, address: string, now: Date): void {
  const seen = failures.get(address);
  if (seen !== undefined && seen.until > now.getTime()) {
    seen.count += 1;
    return;
  }
  if (failures.size >= maxAddresses) failures.clear();
  failures.set(address, { count: 1, until: now.getTime() + windowMs });
}
