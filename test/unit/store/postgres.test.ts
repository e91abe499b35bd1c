import type { Db } from '../../../src/store/db.ts';
import { openPostgres } from '../../../src/store/postgres.ts';
import { needs } from '../../support/needs.ts';
import { type PostgresServer, startPostgres } from '../../support/postgres.ts';
import { startProxy } from '../../support/proxy.ts';
import { eventually } from '../../support/wait.ts';

needs('postgres')('the PostgreSQL pool', () => {
  let server: PostgresServer;
  let db: Db;
  const connectionErrors: Error[] = [];

  beforeAll(async () => {
    server = await startPostgres();
  });

  afterAll(() => server.stop());

  beforeEach(() => {
    connectionErrors.length = 0;
    db = openPostgres({
      url: server.url,
      applicationName: 'mm-test',
      connections: 2,
      connectTimeoutMs: 2_000,
      statementTimeoutMs: 1_000,
      onConnectionError: (error) => connectionErrors.push(error),
    });
  });

  afterEach(() => db.close());

  const works = async (): Promise<boolean> => (await db.query('SELECT 1 AS one')).rows[0]?.['one'] === 1;

  it('tells the server the name of the application', async () => {
    const { rows } = await db.query("SELECT current_setting('application_name') AS name");
    expect(rows).toEqual([{ name: 'mm-test' }]);
  });

  it('ends a statement that takes too long, but lets a transaction ask for more', async () => {
    await expect(db.query('SELECT pg_sleep(5)')).rejects.toMatchObject({ code: '57014' });
    const patient = db.transaction((tx) => tx.query("SELECT pg_sleep(2), 'done' AS what"), {
      statementTimeoutMs: 30_000,
    });
    expect((await patient).rows[0]?.['what']).toBe('done');
    await expect(db.query('SELECT pg_sleep(5)')).rejects.toMatchObject({ code: '57014' });
  });

  it('fails fast when every connection is taken', async () => {
    const release: (() => void)[] = [];
    const holding = Array.from({ length: 2 }, () =>
      db.transaction((tx) => tx.query('SELECT 1').then(() => new Promise<void>((resolve) => release.push(resolve)))),
    );
    await eventually(() => release.length === 2);
    await expect(db.query('SELECT 1')).rejects.toThrow('timeout');
    for (const end of release) end();
    await Promise.all(holding);
    expect(await works()).toBe(true);
  });

  it('survives its connections being terminated', async () => {
    await works();
    const other = openPostgres({ url: server.url, applicationName: 'killer' });
    await other.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mm-test'");
    await other.close();
    await eventually(() => connectionErrors.length > 0, { describe: 'the pool to tell of its broken connection' });
    expect(await works()).toBe(true);
  });

  it('works again by itself after the server was killed and started again', async () => {
    await works();
    await server.kill();
    await expect(db.query('SELECT 1')).rejects.toThrow();
    await server.startServer();
    expect(await eventually(works)).toBe(true);
  });

  it('gives up connections in a black hole soon, and works again when it is gone', async () => {
    const proxy = await startProxy({ target: server.url });
    const far = openPostgres({
      url: proxy.urlOf(server.url),
      applicationName: 'mm-far',
      connections: 2,
      connectTimeoutMs: 1_000,
      statementTimeoutMs: 1_000,
    });
    await far.query('SELECT 1');
    proxy.blackhole();
    const started = performance.now();
    const attempts = [far.query('SELECT 1'), far.query('SELECT 1'), far.transaction((tx) => tx.query('SELECT 1'))];
    const results = await Promise.allSettled(attempts);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(performance.now() - started).toBeLessThan(10_000);
    proxy.heal();
    expect(await eventually(async () => (await far.query('SELECT 1')).rowCount)).toBe(1);
    await far.close();
    await proxy.stop();
  });
});
