/** Embedded databases in memory: migrated, empty, and used again by the tests of a file one after the other. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../src/store/migrate.ts';
import { type EmbeddedDb, openPglite } from '../../src/store/pglite.ts';

export const migrationsDir = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Databases that a test has closed. Emptying one takes a tenth of the time that a new one takes. */
const spare: EmbeddedDb[] = [];
/** Outside of the tests, as for the screenshots, nobody would close the spare ones. */
const inTests = 'afterAll' in globalThis;
if (inTests) afterAll(() => Promise.all(spare.splice(0).map((db) => db.close())));

/** An empty, migrated database; in tests its `close` keeps it for the next one of the file. */
export async function freshDb(): Promise<EmbeddedDb> {
  const db = (await emptied(spare.pop())) ?? (await newDb());
  if (!inTests) return db;
  let closed = false;
  return {
    ...db,
    async close() {
      if (!closed) spare.push(db);
      closed = true;
    },
  };
}

/** Null when there is none, or it does not work any more: a test may have broken it. */
async function emptied(db: EmbeddedDb | undefined): Promise<EmbeddedDb | null> {
  if (db === undefined) return null;
  try {
    await emptyDb(db);
    return db;
  } catch {
    await db.close();
    return null;
  }
}

/** As it is after the migrations. Leaves the queue's tables alone: a nudge to a row that is gone does nothing. */
async function emptyDb(db: EmbeddedDb): Promise<void> {
  const tables = await db.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'migration'`,
  );
  await db.query(`truncate ${tables.rows.map((t) => t.name).join(', ')} restart identity cascade`);
  await db.query(`insert into config_version (version, changed_at) values (1, 'epoch')`);
}

let template: Promise<Uint8Array> | undefined;

async function newDb(): Promise<EmbeddedDb> {
  template ??= migratedTemplate();
  return openPglite({ dataDir: null, template: await template });
}

/**
 * A migrated database as a dump: starting from it takes a quarter of the time. Kept beside the dependencies under the
 * hash of the migrations, so that each test file need not make its own.
 */
async function migratedTemplate(): Promise<Uint8Array> {
  const files = (await readdir(migrationsDir)).sort();
  const texts = await Promise.all(
    files.map(async (name) => `${name}\0${await readFile(join(migrationsDir, name), 'utf8')}`),
  );
  const folder = fileURLToPath(new URL('../../node_modules/.cache/monitor-manager', import.meta.url));
  const path = join(folder, `${createHash('sha256').update(texts.join('\0')).digest('hex')}.tar`);
  const kept = await readFile(path).catch(() => null);
  if (kept !== null) return kept;
  const dump = await makeTemplate();
  await mkdir(folder, { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, dump);
  await rename(draft, path);
  return dump;
}

async function makeTemplate(): Promise<Uint8Array> {
  const db = await openPglite({ dataDir: null });
  try {
    await migrate(db, { dir: migrationsDir, now: new Date(0) });
    return await db.dump();
  } finally {
    await db.close();
  }
}
