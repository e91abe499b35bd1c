/** The audit log: who did what to what. Every feature writes to it, in the transaction of what was done. */
import type { Queryable } from './db.ts';

/** Who did something, and how they came in. A caller of a route is one. */
export interface Author {
  name: string;
  /** `session`, `token`, `settings`, `file`. */
  via?: string;
  address?: string | null;
}

/** One field of an object, before and after. */
export interface FieldChange {
  path: string;
  before: unknown;
  after: unknown;
  /** It is a secret: null on both sides, whatever it was. */
  secret?: true;
}

/** One thing that somebody did. Nothing in it may be a secret: it is stored and shown as it is. */
export interface AuditEntry {
  at: Date;
  by: Author;
  /** A verb: `create`, `update`, `delete`, `sign-in`, `acknowledge`, ... */
  action: string;
  /** The resource as its path names it: `contacts`, `incidents`, `users`, ... */
  kind: string;
  /** What names the object in its path. */
  key: string;
  version?: number | null;
  comment?: string | null;
  changes?: readonly FieldChange[];
}

/** Writes one entry; give it the transaction of what was done, so that both are there or neither. */
export function recordAudit(tx: Queryable, entry: AuditEntry): Promise<void> {
  return recordAudits(tx, [entry]);
}

/** Writes several entries with one statement. */
export async function recordAudits(tx: Queryable, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(({ at, by, action, kind, key, version, comment, changes }) => ({
    ...{ at, who: by.name, via: by.via ?? 'token', address: by.address ?? null, action, kind, key },
    ...{ version: version ?? null, comment: comment ?? null, changes: changes ?? [] },
  }));
  await tx.query(
    `insert into audit (at, who, via, address, action, kind, key, version, comment, changes)
     select n.* from jsonb_to_recordset($1::jsonb) as n (at timestamptz, who text, via text, address text, action text,
       kind text, key text, version int, comment text, changes jsonb)`,
    [JSON.stringify(rows)],
  );
}

const batch = 1_000;
/** Strangers write these entries: whoever guesses for a year must not fill the disk. */
const refusedAtMost = 10_000;

/** Deletes entries from before `before`, and the oldest of too many refusals, in small batches. Returns how many went. */
export async function retainAudit(db: Queryable, before: Date): Promise<number> {
  const old = 'select id from audit where at < $1 order by at limit $2';
  const surplus = `select id from audit where action = 'sign-in-failed' order by id desc offset $1 limit $2`;
  return (await deleteAll(db, old, before)) + (await deleteAll(db, surplus, refusedAtMost));
}

async function deleteAll(db: Queryable, select: string, bound: Date | number): Promise<number> {
  let deleted = 0;
  for (let count = batch; count === batch; deleted += count) {
    count = (await db.query(`delete from audit where id in (${select})`, [bound, batch])).rowCount ?? 0;
  }
  return deleted;
}
