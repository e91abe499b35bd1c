import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type EmbeddedDb, openPglite } from '../../../src/store/pglite.ts';
import { removeFolder, temporaryFolder } from '../../support/folders.ts';

describe('the embedded database', () => {
  let folder: string;

  beforeEach(() => {
    folder = temporaryFolder('pglite');
  });

  afterEach(() => removeFolder(folder));

  it('keeps its data in the directory, and finds it again', async () => {
    const dataDir = join(folder, 'new', 'data');
    const first = await openPglite({ dataDir });
    await first.query('CREATE TABLE kept AS SELECT 7 AS n');
    await first.close();
    const second = await openPglite({ dataDir });
    expect((await second.query('SELECT n FROM kept')).rows).toEqual([{ n: 7 }]);
    await second.close();
  });

  it('refuses a directory that is open already, names the process, and leaves it unharmed', async () => {
    const db = await openPglite({ dataDir: folder });
    await expect(openPglite({ dataDir: folder })).rejects.toThrow(`in use by process ${process.pid}`);
    expect((await db.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await db.close();
  });

  it('starts again after a first start that was killed half-way', async () => {
    mkdirSync(join(folder, 'pglite.new', 'base'), { recursive: true });
    const db = await openPglite({ dataDir: folder });
    expect((await db.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await db.close();
  });
});

describe('the embedded database in memory', () => {
  let db: EmbeddedDb;
  const lost: Error[] = [];

  beforeAll(async () => {
    db = await openPglite({
      dataDir: null,
      statementTimeoutMs: 1_500,
      idleInTransactionMs: 1_000,
      onLost: (error) => lost.push(error),
    });
  });

  afterAll(() => db.close());

  it('starts from a dump of another one', async () => {
    await db.query('CREATE TABLE dumped AS SELECT 7 AS n');
    const copy = await openPglite({ dataDir: null, template: await db.dump() });
    await copy.query('UPDATE dumped SET n = 8');
    expect((await copy.query('SELECT n FROM dumped')).rows).toEqual([{ n: 8 }]);
    expect((await db.query('SELECT n FROM dumped')).rows).toEqual([{ n: 7 }]);
    await copy.close();
  });

  it('breaks a transaction that waits for a query beside it, and goes on', async () => {
    await db.query('CREATE TABLE beside (n int)');
    const mistaken = db.transaction(async (tx) => {
      await tx.query('INSERT INTO beside VALUES (1)');
      await db.query('SELECT 1');
      await tx.query('INSERT INTO beside VALUES (2)');
    });
    await expect(mistaken).rejects.toThrow();
    expect((await db.query('SELECT n FROM beside')).rows).toEqual([]);
  });

  it('gives up waiting for a statement that takes too long, and works again when it has ended', async () => {
    await expect(db.query('SELECT pg_sleep(3)')).rejects.toThrow('timeout');
    const patient = { statementTimeoutMs: 30_000 };
    expect((await db.transaction((tx) => tx.query('SELECT 1 AS one'), patient)).rows).toEqual([{ one: 1 }]);
  });

  it('leaves the event loop free while it works', async () => {
    let longest = 0;
    let last = performance.now();
    const ticking = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const started = last;
    const work = 'CREATE TABLE busy AS SELECT i, md5(i::text) AS hash FROM generate_series(1, 400000) AS i';
    await db.transaction((tx) => tx.query(work), { statementTimeoutMs: 60_000 });
    clearInterval(ticking);
    // The loop would stand still for all of the time; a busy machine lets it wait for some of it.
    expect(longest).toBeLessThan((performance.now() - started) / 2);
    expect(lost).toEqual([]);
  });
});
