import { createPostgresBackend, runMigrations } from 'bullmq';
import type { Pool } from 'pg';
import { type Backend, bullBackend } from './backend.ts';

/**
 * BullMQ on PostgreSQL or PGlite, in the schema that the pool's search path names.
 *
 * @throws the database's error when BullMQ's tables cannot be made
 */
export async function openPostgresBackend(options: {
  pool: Pool;
  prefix: string;
  concurrency: number;
  onError: (error: Error) => void;
}): Promise<Backend> {
  const { pool, prefix, concurrency, onError } = options;
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
  // The pool belongs to the store, which closes it.
  const connect = () => ({ connection: pool, close: () => {} });
  return bullBackend({ name: 'postgres', factory: createPostgresBackend, connect, prefix, concurrency, onError });
}
