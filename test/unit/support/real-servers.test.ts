import pg from 'pg';
import { needs } from '../../support/needs.ts';
import type { PostgresServer } from '../../support/postgres.ts';
import { startPostgres } from '../../support/postgres.ts';
import { runningProcesses } from '../../support/processes.ts';
import { startRedis } from '../../support/redis.ts';
import { sharedDatabase } from '../../support/shared-postgres.ts';

afterEach(() => {
  expect(runningProcesses().map(({ name }) => name)).toEqual([]);
});

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

needs('postgres')('a real PostgreSQL', () => {
  it('keeps committed rows through a kill of every process and answers on the same port', async () => {
    await using server: PostgresServer = await startPostgres();
    const url = await server.createDatabase();
    await query(url, 'CREATE TABLE kept AS SELECT 7 AS n');
    await server.kill();
    await expect(query(url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await server.startServer();
    expect(await query(url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await server.stopServer('fast');
    await server.startServer();
    expect(await query(url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('is durable: fsync and synchronous_commit are on', async () => {
    const url = await sharedDatabase();
    expect(await query(url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    expect(await query(url, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  });

  it('gives each caller of the shared server a database of its own', async () => {
    const [one, two] = await Promise.all([sharedDatabase(), sharedDatabase()]);
    expect(one).not.toBe(two);
    expect(new URL(one).port).toBe(new URL(two).port);
  });
});

needs('redis')('a real Redis', () => {
  it('forgets everything with flushAll, freezes, thaws and restarts on the same port', async () => {
    await using server = await startRedis();
    const first = server.pid;
    await server.flushAll();
    server.freeze();
    server.thaw();
    await server.flushAll();
    await server.kill();
    await expect(server.flushAll()).rejects.toThrow('ECONNREFUSED');
    await server.restart();
    await server.flushAll();
    expect(server.pid).not.toBe(first);
  });
});
