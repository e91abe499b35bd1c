/** The first credentials: made at the first start, kept in the data directory for whoever may read it. */
import { hash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { hashToken } from './http/auth.ts';
import type { Db, Queryable } from './store/db.ts';

/** A secret that somebody has to be shown once. */
export interface FirstSecret {
  token: string;
  file: string;
  /** It was made just now. */
  made: boolean;
}

/** What the token of the first start is called in the database: one name for each data directory, which it does not show. */
const firstAdmin = (dataDir: string) =>
  `first admin of ${hostname()} (${hash('sha256', resolve(dataDir)).slice(0, 6)})`;

/** As it was called before, with the path of the data directory. */
const formerFirstAdmin = (dataDir: string) => `first admin of ${hostname()}:${resolve(dataDir)}`;

/** A token of a first start lives on for so long without its service: those of data directories that are gone must not stay for ever. */
const lentMs = 30 * 24 * 60 * 60_000;

/**
 * The admin token of a service that was given none: made at the first start, kept in the data directory (mode 0600),
 * and as a hash in the database, so that every replica knows it. Who deletes the file gets a new one with the next
 * start, and the old one is good for nothing.
 */
export async function firstAdminToken(db: Db, dataDir: string, now: Date): Promise<FirstSecret> {
  const secret = await keptSecret(dataDir, 'admin-token');
  const [name, tokenHash] = [firstAdmin(dataDir), hashToken(secret.token)];
  await db.transaction(async (tx) => {
    await tx.query('update api_token set name = $1 where name = $2', [name, formerFirstAdmin(dataDir)]);
    await tx.query('delete from api_token where name = $1 and hash <> $2', [name, tokenHash]);
    await tx.query(
      `insert into api_token (name, hash, role, created_at) values ($1, $2, 'admin', $3) on conflict (hash) do nothing`,
      [name, tokenHash, now],
    );
    // Those of an older version have no end yet.
    const end = `update api_token set expires_at = $1 where name like 'first admin of %' and expires_at is null`;
    await tx.query(end, [new Date(now.getTime() + lentMs)]);
  });
  await renewFirstAdminToken(db, secret, now);
  return secret;
}

/** Lets the token of this service live on, unless somebody has removed it, and forgets those whose service is gone. */
export async function renewFirstAdminToken(db: Queryable, { token }: FirstSecret, now: Date): Promise<void> {
  const until = new Date(now.getTime() + lentMs);
  await db.query('update api_token set expires_at = $2 where hash = $1', [hashToken(token), until]);
  await db.query(`delete from api_token where name like 'first admin of %' and expires_at <= $1`, [now]);
}

/** A service that was given an admin token knows those of first starts no longer. */
export async function retireFirstAdminTokens(db: Db): Promise<void> {
  await db.query(`delete from api_token where name like 'first admin of %'`);
}

/**
 * A way in for the first Alertmanager: a source named `alertmanager`, made when there is none at all, with a token that
 * is kept beside the admin token. It counts as managed, so that the first `apply` of sources may replace it. Null when the sources are looked after otherwise.
 */
export async function firstSource(db: Db, dataDir: string, now: Date): Promise<FirstSecret | null> {
  const sources = await db.query<{ name: string }>(`select name from source where kind = 'alertmanager'`);
  if (sources.rows.some((s) => s.name !== 'alertmanager')) return null;
  const secret = await keptSecret(dataDir, 'source-token');
  const tokenHash = hashToken(secret.token);
  await db.transaction(async (tx) => {
    const source = await tx.query<{ id: number }>(
      `insert into source (name, kind, managed, updated_at) values ('alertmanager', 'alertmanager', true, $1)
       on conflict (name) do update set name = excluded.name returning id`,
      [now],
    );
    const made = await tx.query(
      `insert into source_token (source_id, hash, created_at) values ($1, $2, $3) on conflict (hash) do nothing returning id`,
      [source.rows[0]?.id, tokenHash, now],
    );
    if (made.rows.length > 0) {
      await tx.query('update config_version set version = version + 1, changed_at = $1', [now]);
    }
  });
  return secret;
}

async function keptSecret(dataDir: string, name: string): Promise<FirstSecret> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, name);
  const token = randomBytes(24).toString('base64url');
  // `wx`: of two processes that start at once, one makes it and both use it.
  const made = await writeFile(file, `${token}\n`, { mode: 0o600, flag: 'wx' }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      return false;
    },
  );
  return { token: (await readFile(file, 'utf8')).trim(), file, made };
}
