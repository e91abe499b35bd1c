import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Db } from '../../../src/store/db.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { openPglite } from '../../../src/store/pglite.ts';
import { openPostgres } from '../../../src/store/postgres.ts';
import { removeFolder, temporaryFolder } from '../../support/folders.ts';
import { needs } from '../../support/needs.ts';
import { sharedDatabase } from '../../support/shared-postgres.ts';

const now = new Date('2026-02-03T04:05:06Z');
const migrationsDir = join(import.meta.dirname, '../../../migrations');

describe('migrations of the embedded database', () => {
  testMigrations(() => openPglite({ dataDir: null }));
});

needs('postgres')('migrations of PostgreSQL', () => {
  testMigrations(async () => openPostgres({ url: await sharedDatabase(), applicationName: 'test' }));

  it('run once when replicas start together', async () => {
    const url = await sharedDatabase();
    const replicas = Array.from({ length: 4 }, () => openPostgres({ url, applicationName: 'test' }));
    const results = await Promise.all(replicas.map((db) => migrate(db, { dir: migrationsDir, now })));
    expect(results.filter(({ applied }) => applied.includes('0001_init'))).toHaveLength(1);
    await Promise.all(replicas.map((db) => db.close()));
  });
});

function testMigrations(open: () => Promise<Db>): void {
  let db: Db;
  let dir: string;
  const write = (name: string, sql: string): void => writeFileSync(join(dir, name), sql);

  beforeAll(async () => {
    db = await open();
  });

  beforeEach(async () => {
    dir = temporaryFolder('migrations');
    await db.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public;');
  });

  afterEach(() => removeFolder(dir));
  afterAll(() => db.close());

  it('run in order, each once, several statements in a file', async () => {
    write('0002_fill.sql', 'INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);');
    write('0001_init.sql', "-- the first; it has a semicolon\nCREATE TABLE a (n int);\nCOMMENT ON TABLE a IS ';';");
    write('notes.txt', 'not SQL');
    expect(await migrate(db, { dir, now })).toEqual({ applied: ['0001_init', '0002_fill'] });
    expect(await migrate(db, { dir, now })).toEqual({ applied: [] });
    expect((await db.query('SELECT n FROM a ORDER BY n')).rows).toEqual([{ n: 1 }, { n: 2 }]);
    expect((await db.query('SELECT id, applied_at FROM migration ORDER BY id')).rows).toEqual([
      { id: '0001_init', applied_at: now },
      { id: '0002_fill', applied_at: now },
    ]);
  });

  it('leave nothing of a file that fails, and go on from there when it is mended', async () => {
    write('0001_init.sql', 'CREATE TABLE a (n int);');
    write('0002_more.sql', 'CREATE TABLE b (n int);\nSELECT 1/0;');
    await expect(migrate(db, { dir, now })).rejects.toMatchObject({ code: '22012' });
    write('0002_more.sql', 'CREATE TABLE b (n int);');
    expect(await migrate(db, { dir, now })).toEqual({ applied: ['0002_more'] });
  });

  it('refuse a database that is newer than the code', async () => {
    write('0001_init.sql', 'CREATE TABLE a (n int);');
    write('0002_more.sql', 'CREATE TABLE b (n int);');
    await migrate(db, { dir, now });
    rmSync(join(dir, '0002_more.sql'));
    await expect(migrate(db, { dir, now })).rejects.toThrow(
      'newer than this Monitor Manager: it has the migration 0002_more',
    );
  });

  it('refuse a file that was changed after it ran', async () => {
    write('0001_init.sql', 'CREATE TABLE a (n int);');
    await migrate(db, { dir, now });
    write('0001_init.sql', 'CREATE TABLE a (n bigint);');
    await expect(migrate(db, { dir, now })).rejects.toThrow('0001_init was changed');
  });

  it('include the shipped ones, which run', async () => {
    const { applied } = await migrate(db, { dir: migrationsDir, now });
    expect(applied[0]).toBe('0001_init');
  });

  it('leave silences and what they said before as they were: without time intervals, and nobody named', async () => {
    const shipped = readdirSync(migrationsDir);
    const take = (names: string[]) => names.map((name) => cpSync(join(migrationsDir, name), join(dir, name)));
    take(shipped.filter((name) => name < '0013'));
    await migrate(db, { dir, now });
    await db.query(
      `insert into silence (id, matchers, starts_at, ends_at, created_by, comment, updated_at)
       values ('s1', '[]', $1, $1, 'li.wei', 'old', $1)`,
      [now],
    );
    await db.query(
      `insert into revision (section, object_id, lineage, key, version, action, author, via, at, body, changes)
       select section, 's1', 's1', 's1', 1, 'create', 'li.wei', 'token', $1, '{"comment": "old"}', '[]'
       from unnest(array['silences', 'contacts']) as t (section)`,
      [now],
    );
    take(shipped);
    await migrate(db, { dir, now });
    expect((await db.query('select time_intervals from silence')).rows).toEqual([{ time_intervals: [] }]);
    expect((await db.query('select body from revision order by section')).rows).toEqual([
      { body: { comment: 'old' } },
      { body: { comment: 'old', time_intervals: [], notify: null, remind: '15m' } },
    ]);
  });
}
