import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db, Queryable } from './db.ts';

/** One file of the migrations directory. */
interface Migration {
  /** The file's name without `.sql`, such as `0001_init`; the order is that of the names. */
  readonly id: string;
  readonly sql: string;
  readonly checksum: string;
}

/** The database and the code do not belong together; a person has to decide. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

const FILE = /^\d{4}_[a-z0-9_]+\.sql$/;
/** Building an index over months of history may take this long. */
const STATEMENT_TIMEOUT_MS = 600_000;
/** Any number will do, as long as every version of Monitor Manager uses the same; this one reads "MMig". */
const ADVISORY_LOCK = 0x4d4d6967;

/**
 * Brings the database to the schema that this code expects: runs the numbered files in `dir` that it has not had yet, each in
 * a transaction together with its row in `migration`. Replicas that start at once wait for each other.
 *
 * @throws MigrationError when the database has a migration that this code does not know, or a file that changed after it ran
 */
export async function migrate(db: Db, options: { dir: string; now: Date }): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(options.dir);
  await db.transaction(
    async (tx) => {
      await lock(tx);
      await tx.query(`CREATE TABLE IF NOT EXISTS migration (
        id text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL)`);
      refuseUnknown(await readApplied(tx), migrations);
    },
    // Another replica may be in the middle of a long migration.
    { statementTimeoutMs: STATEMENT_TIMEOUT_MS },
  );
  const applied: string[] = [];
  for (const migration of migrations) {
    if (await apply(db, migration, options.now)) applied.push(migration.id);
  }
  return { applied };
}

async function readMigrations(dir: string): Promise<Migration[]> {
  const names = (await readdir(dir)).filter((name) => FILE.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(dir, name), 'utf8');
      const checksum = createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
      return { id: name.slice(0, -'.sql'.length), sql, checksum };
    }),
  );
}

async function lock(tx: Queryable): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
}

async function readApplied(tx: Queryable): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ id: string; checksum: string }>('SELECT id, checksum FROM migration');
  return new Map(rows.map((row) => [row.id, row.checksum]));
}

function refuseUnknown(applied: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.id, migration.checksum]));
  for (const [id, checksum] of applied) {
    const expected = known.get(id);
    if (expected === undefined) {
      throw new MigrationError(
        `the database is newer than this Monitor Manager: it has the migration ${id}; install the version that made it`,
      );
    }
    if (expected !== checksum) {
      throw new MigrationError(
        `the migration ${id} was changed after this database had run it; restore the file as it was`,
      );
    }
  }
}

/** True when this call ran the migration, false when the database already had it. */
function apply(db: Db, migration: Migration, now: Date): Promise<boolean> {
  return db.transaction(
    async (tx) => {
      await lock(tx);
      const row = await tx.query(
        'INSERT INTO migration (id, checksum, applied_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING RETURNING id',
        [migration.id, migration.checksum, now],
      );
      if (row.rows.length === 0) return false;
      await tx.query(migration.sql);
      return true;
    },
    { statementTimeoutMs: STATEMENT_TIMEOUT_MS },
  );
}
