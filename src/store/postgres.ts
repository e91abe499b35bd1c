import { Pool } from 'pg';
import type { Db } from './db.ts';
import { clientTimeoutMs, poolDb, QUEUE_SCHEMA, QUEUE_TIMEOUT_MS, type ReportConnectionError } from './pool-db.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database?sslmode=…` */
  readonly url: string;
  /** What `pg_stat_activity` shows. */
  readonly applicationName: string;
  /** The most connections for our own statements; BullMQ gets up to `queueConnections` more, and intake two. */
  readonly connections?: number;
  readonly queueConnections?: number;
  /** How long to wait for a connection: the webhook must answer 503 within two seconds of trouble with the storage. */
  readonly connectTimeoutMs?: number;
  /** How long one of our statements may take; a transaction can ask for more. */
  readonly statementTimeoutMs?: number;
  /** Told about idle connections that break (the server went away); the pool replaces them by itself. */
  readonly onConnectionError?: ReportConnectionError;
}

/** A transaction whose owner does nothing for this long is broken, so that it cannot hold locks for ever. */
const IDLE_IN_TRANSACTION_MS = 10_000;

/** Intake commits two batches side by side. */
const PLANNED_CONNECTIONS = 2;

/**
 * Compiling a statement pays off for reports over millions of rows; ours are short, and the estimates for arrays and for
 * tables that have just filled up are often high enough to have them compiled anew at each run.
 */
const SESSION = '-c TimeZone=UTC -c jit=off';

/**
 * A plan that is kept is made when tables may still be empty, where reading all of one looks cheapest; these statements
 * find all their rows by index, so there is nothing else to choose.
 */
const BY_INDEX =
  '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';

/** Opens the pools of a PostgreSQL server (>= 14). Connects on first use, so a server that is away does not stop the start. */
export function openPostgres(options: PostgresOptions): Db {
  const statementTimeoutMs = options.statementTimeoutMs ?? 5_000;
  const shared = {
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 2_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  };
  const limited = {
    ...shared,
    statement_timeout: statementTimeoutMs,
    query_timeout: clientTimeoutMs(statementTimeoutMs),
  };
  return poolDb({
    engine: 'postgres',
    own: new Pool({ ...limited, max: options.connections ?? 10, options: SESSION }),
    planned: new Pool({ ...limited, max: PLANNED_CONNECTIONS, options: `${SESSION} ${BY_INDEX}` }),
    // One of its connections listens for as long as the worker lives.
    pool: new Pool({
      ...shared,
      max: options.queueConnections ?? 5,
      query_timeout: QUEUE_TIMEOUT_MS,
      options: `${SESSION} -c search_path=${QUEUE_SCHEMA}`,
    }),
    onConnectionError: options.onConnectionError ?? (() => {}),
    closeEngine: () => Promise.resolve(),
  });
}
