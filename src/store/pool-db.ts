/** What both engines share: queries and transactions over a `pg.Pool`, careful about which connections may be used again. */
import { hash } from 'node:crypto';
import { DatabaseError, type Pool, type PoolClient, type QueryResult, type QueryResultRow } from 'pg';
import type { Db, Queryable, TransactionOptions } from './db.ts';

/** serialization_failure and deadlock_detected (https://www.postgresql.org/docs/18/errcodes-appendix.html). */
const RETRIED_CODES = new Set(['40001', '40P01']);
const RETRIES = 3;
/** The client's own limit comes after the server's, so that the server's clearer error is the one we usually see. */
const CLIENT_TIMEOUT_MARGIN_MS = 500;

/** How long a pool that is closed waits for connections that are in use. */
const END_TIMEOUT_MS = 2_000;

/** The name of BullMQ's schema: with a ready-made pool it uses this one only. */
export const QUEUE_SCHEMA = 'bullmq';
/** BullMQ sets no limit; without one, a connection whose peer is gone would keep its caller for a quarter of an hour. */
export const QUEUE_TIMEOUT_MS = 30_000;

/** A message from a pool about a connection that broke while nobody used it. The pool replaces the connection by itself. */
export type ReportConnectionError = (error: Error) => void;

/** The client-side limit that belongs to a statement timeout: without it a connection whose peer is gone never answers. */
export function clientTimeoutMs(statementTimeoutMs: number): number {
  return statementTimeoutMs + CLIENT_TIMEOUT_MARGIN_MS;
}

/** Makes a {@link Db} of pools: `own` for our statements, `pool` for BullMQ. `closeEngine` runs after they have ended. */
export function poolDb(options: {
  engine: Db['engine'];
  own: Pool;
  /** For `Db.planned`: its sessions keep the plans of named statements. Null: `own` does it, which plans each time. */
  planned: Pool | null;
  pool: Pool;
  onConnectionError: ReportConnectionError;
  closeEngine: () => Promise<void>;
}): Db {
  const { own, planned, pool } = options;
  const pools = planned === null ? [own, pool] : [own, planned, pool];
  for (const one of pools) {
    one.on('error', options.onConnectionError);
    one.on('connect', markWhenBroken);
  }
  // BullMQ adds a listener for each queue and worker, and leaves it there when they are closed.
  pool.setMaxListeners(0);
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    await Promise.all(pools.map(endPool));
    await options.closeEngine();
  }

  return {
    engine: options.engine,
    pool,
    planned: {
      query: (text, values) =>
        retried(() =>
          planned === null
            ? withClient(own, (client) => run(client, text, { values }))
            : withClient(planned, (client) => run(client, text, { values, name: nameOf(text) })),
        ),
    },
    query: (text, values) => withClient(own, (client) => run(client, text, { values })),
    transaction: (work, limits) => retried(() => withClient(own, (client) => transact(client, work, limits))),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/**
 * A pool ends when the last connection has been given back, and a BullMQ worker that was stopped in the middle of its work
 * keeps one for good: then they go with the process, or with the engine.
 */
async function endPool(pool: Pool): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, END_TIMEOUT_MS);
  });
  await Promise.race([pool.end(), late]).finally(() => clearTimeout(timer));
}

/** Connections that stopped answering or broke: not an error that the server reported, which leaves a connection usable. */
const broken = new WeakSet<PoolClient>();

/**
 * A connection that breaks says so, and ends the process when nobody listens: the pool does while nobody uses it, whose query
 * is under way hears of it by its rejection, and one that is made and ended in the same breath has neither.
 */
function markWhenBroken(client: PoolClient): void {
  client.on('error', () => broken.add(client));
}

/** A connection that broke, timed out or was left in a transaction is destroyed, never used again. */
async function withClient<T>(pool: Pool, use: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await use(client);
  } finally {
    client.release(broken.has(client) || client.getTransactionStatus() !== 'I');
  }
}

/** The name of a prepared statement: the same for the same text, whichever connection prepares it. */
function nameOf(text: string): string {
  return hash('md5', text);
}

interface HowToRun {
  values?: readonly unknown[] | undefined;
  /** Prepares the statement under this name, once for each connection. */
  name?: string;
  statementTimeoutMs?: number | undefined;
}

async function run<R extends QueryResultRow>(
  client: PoolClient,
  text: string,
  { values, name, statementTimeoutMs }: HowToRun = {},
): Promise<QueryResult<R>> {
  const config = {
    text,
    ...(name === undefined ? {} : { name }),
    ...(values === undefined ? {} : { values: [...values] }),
    ...(statementTimeoutMs === undefined ? {} : { query_timeout: clientTimeoutMs(statementTimeoutMs) }),
  };
  try {
    return await client.query<R>(config);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.severity === 'FATAL') broken.add(client);
    throw error;
  }
}

const BY_INDEX = ['seqscan', 'hashjoin', 'mergejoin'].map((way) => `; SET LOCAL enable_${way} = off`).join('');

async function transact<T>(
  client: PoolClient,
  work: (tx: Queryable) => Promise<T>,
  { statementTimeoutMs, byIndex = false }: TransactionOptions = {},
): Promise<T> {
  let open = true;
  const tx: Queryable = {
    query: (text, values) => {
      if (!open) return Promise.reject(new Error('this transaction has ended'));
      return run(client, text, { values, statementTimeoutMs });
    },
  };
  const limit =
    statementTimeoutMs === undefined ? '' : `; SET LOCAL statement_timeout = ${Math.ceil(statementTimeoutMs)}`;
  await run(client, `BEGIN${limit}${byIndex ? BY_INDEX : ''}`);
  try {
    const result = await work(tx);
    open = false;
    await commit(client);
    return result;
  } catch (error) {
    open = false;
    if (!broken.has(client)) await run(client, 'ROLLBACK').catch(() => {});
    throw error;
  }
}

/** PostgreSQL answers COMMIT with ROLLBACK, and no error, when `work` hid the error of one of its statements. */
async function commit(client: PoolClient): Promise<void> {
  const { command } = await run(client, 'COMMIT');
  if (command !== 'COMMIT') throw new Error('the transaction was rolled back: an earlier statement in it had failed');
}

async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let retries = 0; ; retries++) {
    try {
      return await attempt();
    } catch (error) {
      const retry = error instanceof DatabaseError && RETRIED_CODES.has(error.code ?? '') && retries < RETRIES;
      if (!retry) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** retries));
    }
  }
}
