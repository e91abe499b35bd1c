import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Pool } from 'pg';
import type { Db } from './db.ts';
import { lockDirectory } from './lock.ts';
import { type Sessions, shareBackend } from './pglite-sessions.ts';
import { startPgliteThread } from './pglite-thread.ts';
import { clientTimeoutMs, poolDb, QUEUE_SCHEMA, QUEUE_TIMEOUT_MS, type ReportConnectionError } from './pool-db.ts';
import { queryMessage } from './wire.ts';

export interface PgliteOptions {
  /** Where the data lives; made when missing, and locked for this process. `null`: in memory, gone at the end. */
  readonly dataDir: string | null;
  /** A dump ({@link EmbeddedDb.dump}) to start from instead of an empty database, for tests; only with `dataDir: null`. */
  readonly template?: Uint8Array;
  /** How long one of our statements may take, its wait for the other sessions' included. */
  readonly statementTimeoutMs?: number;
  /** See {@link IDLE_IN_TRANSACTION_MS}. */
  readonly idleInTransactionMs?: number;
  /** Told when the database's thread has died: nothing works any more, the process should end and be started again. */
  readonly onLost?: (error: Error) => void;
  readonly onConnectionError?: ReportConnectionError;
}

/** A {@link Db} that lives in this process. */
export interface EmbeddedDb extends Db {
  readonly engine: 'pglite';
  /** The whole database as a tar archive. Waits for nothing: call it while no transaction runs. */
  dump(): Promise<Uint8Array>;
}

/** A transaction whose owner does nothing for this long is rolled back: everybody else waits for it. */
const IDLE_IN_TRANSACTION_MS = 10_000;
/** Sessions are cheap here, and take turns: these only bound what waits at once. */
const OWN_SESSIONS = 50;
const QUEUE_SESSIONS = 20;

/**
 * Opens the embedded database: PGlite in a thread of its own, behind the same `pg.Pool` as a PostgreSQL server.
 *
 * @throws DirectoryLocked when another process has the data directory
 */
export async function openPglite(options: PgliteOptions): Promise<EmbeddedDb> {
  if (options.dataDir === null) return openThread(options, null, async () => {});
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const unlock = await lockDirectory(options.dataDir);
  try {
    return await openThread(options, join(options.dataDir, 'pglite'), unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function openThread(
  options: PgliteOptions,
  path: string | null,
  unlock: () => Promise<void>,
): Promise<EmbeddedDb> {
  let sessions: Sessions | undefined;
  const onLost = (error: Error): void => {
    sessions?.fail(error);
    options.onLost?.(error);
  };
  if (path !== null && !existsSync(path)) await create(path);
  const thread = await startPgliteThread({ dataDir: path, template: options.template ?? null, onLost });
  await thread.run(queryMessage("SET TimeZone TO 'UTC'"));
  sessions = shareBackend(thread.run, options.idleInTransactionMs ?? IDLE_IN_TRANSACTION_MS);
  const closeEngine = async (): Promise<void> => {
    await thread.close();
    await unlock();
  };
  return { ...sharedDb(options, sessions, closeEngine), engine: 'pglite', dump: thread.dump };
}

/**
 * Makes an empty database in a thread that ends afterwards: making one takes 500 MB more memory than using one, and a
 * thread gives that back only when it ends. The rename keeps a start that was killed half-way from leaving half a database.
 */
async function create(path: string): Promise<void> {
  const unfinished = `${path}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const thread = await startPgliteThread({ dataDir: unfinished, template: null, onLost: () => {} });
  await thread.close();
  syncTree(unfinished);
  renameSync(unfinished, path);
  syncFile(dirname(path));
}

/** What made the database does not flush it, and later checkpoints flush only what changed since. */
function syncTree(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) syncTree(join(path, entry.name));
    else syncFile(join(path, entry.name));
  }
  syncFile(path);
}

function syncFile(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function sharedDb(options: PgliteOptions, sessions: Sessions, closeEngine: () => Promise<void>): Db {
  return poolDb({
    engine: 'pglite',
    own: new Pool({
      stream: () => sessions.open({ searchPath: 'public' }),
      max: OWN_SESSIONS,
      query_timeout: clientTimeoutMs(options.statementTimeoutMs ?? 5_000),
    }),
    // All sessions are one backend, and would prepare the same name twice.
    planned: null,
    pool: new Pool({
      stream: () => sessions.open({ searchPath: QUEUE_SCHEMA }),
      max: QUEUE_SESSIONS,
      keepAlive: true,
      query_timeout: QUEUE_TIMEOUT_MS,
    }),
    onConnectionError: options.onConnectionError ?? (() => {}),
    closeEngine,
  });
}
