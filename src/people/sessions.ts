/** Sessions: rows that a cookie names. The database knows a hash of the id only, so reading it lets nobody in. */
import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hashToken, roleOf, sameHash } from '../http/auth.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Caller } from '../http/route.ts';
import type { Db, Queryable } from '../store/db.ts';
import type { SessionCookie } from './cookie.ts';
import { absoluteEnd, idleEnd, sessionLife, shouldNoteSeen } from './decide.ts';

/** Whose session it is; of a user in the version that has shown who they are. */
export type Owner = { userId: number; version: number } | { tokenId: number } | 'settings';

/** A session that was just made. */
export interface Opened {
  id: string;
  setCookie: string;
}

export interface Sessions {
  cookie: SessionCookie;
  /** @throws HttpProblem 401 when the user has been edited meanwhile: the password may not be theirs any more */
  open(tx: Queryable, owner: Owner): Promise<Opened>;
  /** Whom an id stands for; null when the session is over. */
  callerOf(db: Queryable, id: string): Promise<Caller | null>;
  /** The same for the cookie of a request; notes that it was used. */
  ofRequest(req: IncomingMessage): Promise<Caller | null>;
}

/** What {@link createSessions} needs. */
export interface SessionParts {
  db: Db;
  now: () => Date;
  adminToken: string | null;
  cookie: SessionCookie;
}

export function createSessions({ db, now, adminToken, cookie }: SessionParts): Sessions {
  const seal = (id: string) => derive(id, `settings ${adminToken}`);

  async function find(on: Queryable, id: string): Promise<Row | null> {
    const row = (await on.query<Row>(select, [hashToken(id), now()])).rows[0];
    if (row === undefined) return null;
    if (row.settings_seal === null) return row;
    return adminToken !== null && sameHash(row.settings_seal, seal(id)) ? row : null;
  }

  return {
    cookie,
    async open(tx, owner) {
      if (owner !== 'settings' && 'userId' in owner) await checkUnchanged(tx, owner);
      const id = randomBytes(32).toString('base64url');
      await tx.query(insert, [
        hashToken(id),
        owner !== 'settings' && 'userId' in owner ? owner.userId : null,
        owner !== 'settings' && 'tokenId' in owner ? owner.tokenId : null,
        owner === 'settings' ? seal(id) : null,
        ...[now(), idleEnd(now()), absoluteEnd(now())],
      ]);
      await tx.query(surplus, [
        owner !== 'settings' && 'userId' in owner ? owner.userId : null,
        owner !== 'settings' && 'tokenId' in owner ? owner.tokenId : null,
        ...[hashToken(id), sessionLife.most - 1],
      ]);
      return { id, setCookie: cookie.set(id) };
    },
    async callerOf(on, id) {
      const row = await find(on, id);
      return row === null ? null : callerOfRow(row, id);
    },
    async ofRequest(req) {
      const id = cookie.read(req.headers);
      const row = id === null ? null : await find(db, id);
      if (id === null || row === null) return null;
      if (shouldNoteSeen(row.last_seen_at, now())) await db.query(seen, [row.hash, now(), idleEnd(now())]);
      return callerOfRow(row, id);
    },
  };
}

async function checkUnchanged(tx: Queryable, { userId, version }: { userId: number; version: number }): Promise<void> {
  const sql = 'select id from app_user where id = $1 and version = $2 and not disabled for share';
  const { rows } = await tx.query(sql, [userId, version]);
  if (rows.length === 0) throw new HttpProblem(401, 'This user has just been changed: sign in again.');
}

/** What only who has the id can compute. */
function derive(id: string, what: string): string {
  return createHmac('sha256', id).update(what).digest('base64url');
}

interface Row extends Record<string, unknown> {
  hash: string;
  settings_seal: string | null;
  last_seen_at: Date;
  expires_at: Date;
  user_id: number | null;
  display_name: string | null;
  has_password: boolean;
  name: string;
  role: string;
  scopes: string[] | null;
}

function callerOfRow(row: Row, id: string): Caller | null {
  const role = roleOf(row.role);
  if (role === null) return null;
  return {
    name: row.name,
    role,
    via: viaOf(row),
    scopes: row.scopes,
    session: {
      hash: row.hash,
      csrfToken: derive(id, 'csrf'),
      expiresAt: row.expires_at,
      owner: row.settings_seal !== null ? 'settings' : row.user_id === null ? 'token' : 'user',
      user: userOf(row),
    },
  };
}

/** The audit log must not take a session that a token began for that of a user with the name of the token. */
function viaOf({ settings_seal, user_id }: Row): Exclude<Caller['via'], undefined> {
  if (settings_seal !== null) return 'settings';
  return user_id === null ? 'token' : 'session';
}

function userOf({ user_id: id, display_name: displayName, has_password: hasPassword }: Row) {
  return id === null ? null : { id, displayName, hasPassword };
}

const select = `select s.hash, s.settings_seal, s.last_seen_at, s.expires_at, s.user_id, u.display_name, t.scopes,
    u.password_hash is not null as has_password, coalesce(u.name, t.name, 'admin') as name, coalesce(u.role, t.role, 'admin') as role
  from session s left join app_user u on u.id = s.user_id left join api_token t on t.id = s.token_id
  where s.hash = $1 and s.idle_expires_at > $2 and s.expires_at > $2 and u.disabled is not true
    and (t.expires_at is null or t.expires_at > $2)`;

const insert = `insert into session
  (hash, user_id, token_id, settings_seal, created_at, last_seen_at, idle_expires_at, expires_at)
  values ($1, $2, $3, $4, $5, $5, $6, $7)`;

/** Beside the session that was just made, those of the same owner beyond so many: the least recently used. */
const surplus = `delete from session where hash in (
  select hash from session where user_id is not distinct from $1 and token_id is not distinct from $2 and hash <> $3
  order by last_seen_at desc, created_at desc offset $4)`;

const seen = 'update session set last_seen_at = $2, idle_expires_at = $3 where hash = $1';

/** Ends all sessions of a user. */
export async function endSessions(tx: Queryable, userId: number): Promise<void> {
  await tx.query('delete from session where user_id = $1', [userId]);
}

/** Deletes what has ended by itself. */
export async function retainSessions(db: Queryable, now: Date): Promise<void> {
  await db.query('delete from session where least(idle_expires_at, expires_at) <= $1', [now]);
}
