/** Writing revisions: those of an edit, and the first ones of what was there before. */
import { type Author, recordAudits } from '../store/audit.ts';
import type { Queryable } from '../store/db.ts';
import { fieldChanges } from './diff.ts';
import { sections } from './kinds.ts';
import { loadObjects } from './objects.ts';
import { type Edit, factsOf, kindOf, type NewRevision, readableBody } from './revise.ts';

/** Writes what an edit has done, with one statement for the revisions and one for the audit log. */
export async function saveRevisions({ tx, now, by, comment, revisions }: Edit): Promise<void> {
  if (revisions.length === 0) return;
  await tx.query(insertRevisions, revisionValues({ now, by, comment, revisions }));
  await recordAudits(
    tx,
    revisions.map(({ section, key, version, action, changes }) => {
      return { at: now, by, comment, action, kind: kindOf(section), key, version, changes };
    }),
  );
}

const insertRevisions = `insert into revision
    (section, object_id, lineage, key, version, action, author, via, at, comment, body, changes)
  select n.section, n."objectId", coalesce((select r.lineage from revision r where r.section = n.section
      and r.object_id = n."objectId" order by r.id desc limit 1), n.lineage, n."objectId"),
    n.key, n.version, n.action, $2, $3, $4, $5, n.body, n.changes
  from jsonb_to_recordset($1::jsonb) as n (section text, "objectId" text, lineage text, key text, version int,
    action text, body jsonb, changes jsonb)`;

function revisionValues({ now, by, comment, revisions }: Omit<Edit, 'tx'>): unknown[] {
  return [JSON.stringify(revisions), by.name, by.via ?? 'token', now, comment];
}

/**
 * Gives a first revision to what has none: the built-in alert groups, and what was made before revisions were kept. So a
 * first edit too has something to be compared with, and to go back to.
 */
export async function ensureRevisions(tx: Queryable, by: Author, now: Date): Promise<void> {
  for (const section of sections) {
    const { rows } = await tx.query<{ object_id: string }>(
      'select distinct object_id from revision where section = $1',
      [section],
    );
    const known = new Set(rows.map((row) => row.object_id));
    const missing = (await loadObjects(tx, section)).filter((stored) => !known.has(String(stored.id)));
    const revisions = missing.map((stored): NewRevision => {
      const body = readableBody(section, stored.body);
      return { ...factsOf(section, stored), action: 'create', body, changes: fieldChanges({}, body) };
    });
    // Another replica may be starting too, or an edit has just been made.
    await tx.query(
      `${insertRevisions} on conflict (section, lineage, version) do nothing`,
      revisionValues({ now, by, comment: null, revisions }),
    );
  }
}
