/** The one seam to SQL: the part of `pg.Pool` that we and BullMQ use. PostgreSQL and PGlite both sit behind a real pool. */
import type { Pool, QueryResult, QueryResultRow } from 'pg';

/** Runs one statement with `$1..$n` parameters. */
export interface Queryable {
  query<R extends QueryResultRow = QueryResultRow>(text: string, values?: readonly unknown[]): Promise<QueryResult<R>>;
}

export interface TransactionOptions {
  /** How long one statement may take, where the usual limit is too short (migrations, retention, backtests). */
  readonly statementTimeoutMs?: number;
  /**
   * Plans its statements by index: they find all their rows so. In a storm a table is many times as large as the statistics say,
   * or has none yet, and reading all of it looks cheapest.
   */
  readonly byIndex?: boolean;
}

/** For a transaction whose statements find all their rows by index. */
export const byIndex: TransactionOptions = { byIndex: true };

/** A database that can run transactions. */
export interface Db extends Queryable {
  /** Which engine it is; only for words shown to people and for what one of them cannot do. */
  readonly engine: 'pglite' | 'postgres';
  /**
   * For the few statements that every request runs, each in a transaction of its own: planned once for each connection,
   * and always by index. The usual way plans a statement anew each time, since what a table holds changes by the minute;
   * for these that took longer than running them. A serialization failure or deadlock is retried.
   */
  readonly planned: Queryable;
  /** What BullMQ gets: a pool of its own, whose search path is the schema `bullmq`. */
  readonly pool: Pool;
  /**
   * Runs `work` in one transaction: commits when it resolves, rolls back when it throws.
   * A serialization failure or deadlock (40001, 40P01) is retried up to three times, so `work` must be repeatable.
   * Inside `work` use `tx` only: the embedded database has one session, and a query beside it would wait for its end.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>, options?: TransactionOptions): Promise<T>;
  close(): Promise<void>;
}
