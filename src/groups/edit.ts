/** One edit of what admins edit: one transaction, with everything that belongs to it. */
import { HttpProblem } from '../http/problem.ts';
import { etag, namesVersion } from '../http/route.ts';
import type { Author, FieldChange } from '../store/audit.ts';
import type { Db, Queryable } from '../store/db.ts';
import { bumpVersion } from './apply.ts';
import { fieldChanges } from './diff.ts';
import type { Section } from './kinds.ts';
import { loadObjects, type Stored } from './objects.ts';
import { addressOf, type Edit, kindOf, readableBody } from './revise.ts';
import { revisionBody } from './revisions.ts';
import { saveRevisions } from './save-revisions.ts';

/** What editing needs. */
export interface EditParts {
  db: Db;
  now: () => Date;
  /** Called after the commit of an edit. */
  onChange: () => void;
}

/** Who edits what, and why. */
export interface EditFacts {
  section: Section;
  by: Author;
  comment?: string | undefined;
}

/** One edit at a time: the version row is locked, so that references are checked against what will be. */
export async function edit<T>(parts: EditParts, facts: EditFacts, work: (edit: Edit) => Promise<T>): Promise<T> {
  const now = parts.now();
  const result = await parts.db.transaction(async (tx) => {
    await tx.query('select version from config_version for update');
    const one: Edit = { tx, now, by: facts.by, comment: facts.comment || null, revisions: [] };
    const done = await work(one);
    await saveRevisions(one);
    await bumpVersion(tx, [facts.section], now);
    return done;
  });
  parts.onChange();
  return result;
}

/** @throws HttpProblem 404 */
export async function find(db: Queryable, section: Section, key: string): Promise<Stored> {
  const found = (await loadObjects(db, section)).find((s) => addressOf(s) === key);
  if (found === undefined) throw new HttpProblem(404, `There is no ${kindOf(section)}/${key}.`);
  return found;
}

/** What an edit names: the object, and the version that its editor has seen. */
export interface Target {
  key: string;
  ifMatch: string | null;
}

/** @throws HttpProblem 404, 412 */
export async function findUnchanged(tx: Queryable, section: Section, { key, ifMatch }: Target): Promise<Stored> {
  const stored = await find(tx, section, key);
  const named = namesVersion(ifMatch, stored.version);
  if (named !== true) throw await editedMeanwhile(tx, section, { stored, seen: named });
  return stored;
}

/** @throws HttpProblem 404, 409 for what `apply` manages, 412 */
export async function editable(tx: Queryable, section: Section, target: Target): Promise<Stored> {
  const stored = await findUnchanged(tx, section, target);
  if (stored.managed && !stored.unlocked && section !== 'silences') {
    const where = `${kindOf(section)}/${target.key}`;
    const ways = 'change its file and apply it again, or unlock it to edit it by hand';
    throw new HttpProblem(409, `${where} is managed by apply: ${ways}.`);
  }
  return stored;
}

/** Says who was faster, and what has changed since the version that the editor has seen. */
async function editedMeanwhile(
  tx: Queryable,
  section: Section,
  { stored, seen }: { stored: Stored; seen: number | null },
): Promise<HttpProblem> {
  const { version, updatedAt, updatedBy } = stored;
  const before = seen === null ? null : await revisionBody(tx, { section, objectId: String(stored.id), version: seen });
  const changes: FieldChange[] | null =
    before === null ? null : fieldChanges(before, readableBody(section, stored.body));
  const who = updatedBy === null ? '' : ` by ${updatedBy}`;
  return new HttpProblem(
    412,
    `It has been edited meanwhile${who}: it is at version ${version} now. Read it again, and save what you still want.`,
    {
      headers: { ETag: etag(version) },
      more: { current: { version, updated_at: updatedAt.toISOString(), updated_by: updatedBy }, changes },
    },
  );
}
