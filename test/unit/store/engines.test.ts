import type { Db } from '../../../src/store/db.ts';
import { openPglite } from '../../../src/store/pglite.ts';
import { QUEUE_SCHEMA } from '../../../src/store/pool-db.ts';
import { openPostgres } from '../../../src/store/postgres.ts';
import { needs } from '../../support/needs.ts';
import { sharedDatabase } from '../../support/shared-postgres.ts';

const engines: Record<string, () => Promise<Db>> = {
  pglite: () => openPglite({ dataDir: null }),
  postgres: async () => openPostgres({ url: await sharedDatabase(), applicationName: 'test' }),
};

const day = new Date('2026-02-03T04:05:06.789Z');
const uuid = '5e0e2b4e-6b8f-4b0c-9a63-0f3b1f4d7a11';

/** One column per type that our tables use: its name, what goes in, what comes out. */
const values: [type: string, given: unknown, read: unknown][] = [
  ['int4', 42, 42],
  ['int8', '9007199254740993', '9007199254740993'],
  ['int8', 7, '7'],
  ['text', 'it\'s 告警 \\ "x" \n', 'it\'s 告警 \\ "x" \n'],
  ['text', '', ''],
  ['text', null, null],
  ['bool', true, true],
  ['float8', 0.1, 0.1],
  ['float8', Number.NaN, Number.NaN],
  ['timestamptz', day, day],
  ['timestamptz', null, null],
  ['uuid', uuid, uuid],
  ['bytea', Buffer.from([0, 1, 254, 255]), Buffer.from([0, 1, 254, 255])],
  ['jsonb', { a: [1, 'b', null], 名: { c: true } }, { a: [1, 'b', null], 名: { c: true } }],
  ['jsonb', JSON.stringify([1, { a: 2 }]), [1, { a: 2 }]],
  ['jsonb', JSON.stringify('text'), 'text'],
  ['text[]', ['a', 'b,c', '"', '', 'NULL', null, '{}'], ['a', 'b,c', '"', '', 'NULL', null, '{}']],
  ['text[]', [], []],
  ['int4[]', [1, null, 3], [1, null, 3]],
  ['int8[]', ['1', 2], ['1', '2']],
  ['bool[]', [true, false, null], [true, false, null]],
  ['float8[]', [1.5, null], [1.5, null]],
  ['timestamptz[]', [day, null], [day, null]],
  ['uuid[]', [uuid, null], [uuid, null]],
  ['jsonb[]', [{ a: 1 }, { b: 'x"y\\' }, null], [{ a: 1 }, { b: 'x"y\\' }, null]],
  ['bytea[]', [Buffer.from('a')], [Buffer.from('a')]],
];

describe('the embedded database', () => testEngine('pglite'));
needs('postgres')('the PostgreSQL database', () => testEngine('postgres'));

/** The same sentences are true of both engines. */
function testEngine(engine: string): void {
  let db: Db;

  beforeAll(async () => {
    db = await engines[engine]!();
  });

  afterAll(() => db.close());

  it.each(values)('takes and returns %s %j as the same JavaScript type', async (type, given, read) => {
    const { rows } = await db.query<{ value: unknown }>(`SELECT $1::${type} AS value`, [given]);
    expect(rows).toEqual([{ value: read }]);
    expect(rows[0]?.value?.constructor).toBe(read?.constructor);
  });

  it('unnests parallel arrays into rows', async () => {
    const { rows, rowCount } = await db.query(
      'SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::jsonb[]) AS t(name, at, labels)',
      [
        ['a', 'b'],
        [day, null],
        [{ x: '1' }, null],
      ],
    );
    expect(rowCount).toBe(2);
    expect(rows).toEqual([
      { name: 'a', at: day, labels: { x: '1' } },
      { name: 'b', at: null, labels: null },
    ]);
  });

  it('keeps a result of many megabytes whole', async () => {
    const { rows } = await db.query<{ text: string }>("SELECT repeat('x', 1000) AS text FROM generate_series(1, 5000)");
    expect(rows).toHaveLength(5000);
    expect(rows.every(({ text }) => text.length === 1000)).toBe(true);
  });

  it('reports an error with its code and goes on', async () => {
    await expect(db.query('SELECT 1/0')).rejects.toMatchObject({ code: '22012' });
    await expect(db.query('SELECT $1::int4', ['x'])).rejects.toMatchObject({ code: '22P02' });
    await expect(db.query('SELEC')).rejects.toMatchObject({ code: '42601' });
    expect((await db.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('commits what a transaction did and rolls back one that throws', async () => {
    await db.query('CREATE TABLE kept (n int)');
    await db.transaction((tx) => tx.query('INSERT INTO kept VALUES (1)'));
    const refused = db.transaction(async (tx) => {
      await tx.query('INSERT INTO kept VALUES (2)');
      throw new Error('no');
    });
    await expect(refused).rejects.toThrow('no');
    expect((await db.query('SELECT n FROM kept')).rows).toEqual([{ n: 1 }]);
  });

  it('does not report a commit when a statement had failed unseen', async () => {
    const hidden = db.transaction(async (tx) => {
      await tx.query('SELECT 1/0').catch(() => {});
    });
    await expect(hidden).rejects.toThrow('rolled back');
  });

  it('refuses a statement after its transaction has ended', async () => {
    const leaked = await db.transaction(async (tx) => tx);
    await expect(leaked.query('SELECT 1')).rejects.toThrow('has ended');
  });

  it('keeps concurrent transactions apart', async () => {
    await db.query('CREATE TABLE counter (n int)');
    await db.query('INSERT INTO counter VALUES (0)');
    const add = () =>
      db.transaction(async (tx) => {
        const { rows } = await tx.query<{ n: number }>('SELECT n FROM counter FOR UPDATE');
        await tx.query('UPDATE counter SET n = $1', [rows[0]!.n + 1]);
      });
    await Promise.all(Array.from({ length: 20 }, add));
    expect((await db.query('SELECT n FROM counter')).rows).toEqual([{ n: 20 }]);
  });

  it('tries a transaction again after a serialization failure, and gives up after the third', async () => {
    let tries = 0;
    const conflict = "DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$";
    await db.transaction(async (tx) => {
      tries += 1;
      if (tries < 3) await tx.query(conflict);
    });
    expect(tries).toBe(3);
    tries = 0;
    const hopeless = db.transaction(async (tx) => {
      tries += 1;
      await tx.query(conflict);
    });
    await expect(hopeless).rejects.toMatchObject({ code: '40001' });
    expect(tries).toBe(4);
  });

  it('rolls back a client of the pool that is released in a transaction', async () => {
    await db.query('CREATE TABLE released (n int)');
    const client = await db.pool.connect();
    await client.query('BEGIN');
    await client.query('INSERT INTO public.released VALUES (1)');
    client.release(true);
    expect((await db.query('SELECT n FROM released')).rows).toEqual([]);
  });

  it('gives the queue its own search path and keeps it to the queue', async () => {
    await db.query(`CREATE SCHEMA ${QUEUE_SCHEMA}`);
    await db.query('CREATE TABLE public.place AS SELECT 1 AS own');
    await db.query('CREATE TABLE bullmq.place AS SELECT 2 AS own');
    const reads = await Promise.all(
      Array.from(
        { length: 10 },
        async (_, i) =>
          (i % 2 ? await db.pool.query('SELECT own FROM place') : await db.query('SELECT own FROM place')).rows[0],
      ),
    );
    expect(reads).toEqual(Array.from({ length: 10 }, (_, i) => ({ own: i % 2 ? 2 : 1 })));
  });

  it('brings notifications to a client that listens', async () => {
    const client = await db.pool.connect();
    const heard = new Promise((resolve) => client.on('notification', resolve));
    await client.query('-- who listens\nLISTEN "news"');
    await db.query("SELECT pg_notify('news', 'hello')");
    expect(await heard).toMatchObject({ channel: 'news', payload: 'hello' });
    client.release(true);
  });

  it('runs several statements in one text when there are no parameters', async () => {
    await db.query('CREATE TABLE several (n int); INSERT INTO several VALUES (1), (2);');
    expect((await db.query('SELECT count(*)::int AS n FROM several')).rows).toEqual([{ n: 2 }]);
  });

  it('thinks in UTC', async () => {
    expect((await db.query("SELECT current_setting('TimeZone') AS zone")).rows).toEqual([{ zone: 'UTC' }]);
  });
}
