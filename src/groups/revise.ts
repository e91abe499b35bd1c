/** Every change of what admins edit goes through here: it leaves a revision and an audit entry in the same transaction. */
import type { Author, FieldChange } from '../store/audit.ts';
import type { Queryable } from '../store/db.ts';
import { fieldChanges } from './diff.ts';
import type { Body, Section } from './kinds.ts';
import { type MatcherFacts, matcherTexts } from './matchers.ts';
import { removeObject, type Stored, saveObject, touchObject, unlockObject } from './objects.ts';
import { secretFields } from './secrets.ts';

/** What a revision may have come from. */
export const revisionActions = ['create', 'update', 'delete', 'restore', 'apply', 'reorder', 'unlock'] as const;
export type RevisionAction = (typeof revisionActions)[number];

/** One edit under way. */
export interface Edit {
  tx: Queryable;
  now: Date;
  by: Author;
  comment: string | null;
  /** What {@link saveRevisions} will write. */
  revisions: NewRevision[];
}

/** What an edit made of one object. */
export interface NewRevision {
  section: Section;
  objectId: string;
  /** Null: that of the object, or one of its own. */
  lineage: string | null;
  key: string;
  version: number;
  action: RevisionAction;
  body: Body;
  changes: FieldChange[];
}

/** Makes or replaces an object. */
export interface SaveChange {
  section: Section;
  body: Body;
  before: Stored | null;
  managed: boolean;
  unlocked?: boolean;
  action: RevisionAction;
  /** The deleted object that comes back. */
  deleted?: Deleted;
}

/** The last that is known of an object that is gone. */
export interface Deleted {
  objectId: string;
  lineage: string;
  version: number;
}

/** The resource of a section, as its path and the audit log name it. */
export function kindOf(section: Section): string {
  return section.replaceAll('_', '-');
}

/** What names an object in a path: its name, of a silence its id. */
export function addressOf(stored: Stored): string {
  return typeof stored.id === 'string' ? stored.id : stored.key;
}

/** A body as people read and write it. */
export function readableBody(section: Section, body: Body): Body {
  return section === 'silences' ? { ...body, matchers: matcherTexts(body['matchers'] as MatcherFacts[][]) } : body;
}

/** Makes or replaces an object; who makes again what was deleted goes on counting its versions. */
export async function saveChange(edit: Edit, change: SaveChange): Promise<Stored> {
  const { section, body, before, action } = change;
  const { tx, now, by } = edit;
  const gone = before === null ? (change.deleted ?? (await lastDeleted(tx, section, body['name']))) : null;
  const begin = gone === null ? undefined : { version: gone.version + 1, id: change.deleted?.objectId ?? null };
  const stored = await saveObject(tx, { ...change, now, by: by.name, ...(begin === undefined ? {} : { begin }) });
  note(edit, { section, action, before, after: stored, lineage: gone?.lineage ?? null });
  return stored;
}

/** Takes an object away; a silence ends. */
export async function removeChange(edit: Edit, section: Section, stored: Stored): Promise<void> {
  const ended = await removeObject(edit.tx, { section, stored, now: edit.now, by: edit.by.name });
  if (ended === null) return;
  if (section === 'silences') return note(edit, { section, action: 'delete', before: stored, after: ended });
  const body = readableBody(section, stored.body);
  edit.revisions.push({ ...factsOf(section, ended), action: 'delete', body, changes: fieldChanges(body, {}) });
}

/** Lets a managed object be edited by hand. */
export async function unlockChange(edit: Edit, section: Section, stored: Stored): Promise<Stored> {
  const after = await unlockObject(edit.tx, { section, stored, now: edit.now, by: edit.by.name });
  note(edit, { section, action: 'unlock', before: stored, after });
  return after;
}

/** Counts an edit of what is beside the body: tokens, or the place of an alert group. */
export async function touchChange(
  edit: Edit,
  { section, stored, action }: { section: Section; stored: Stored; action: RevisionAction },
): Promise<Stored> {
  const after = await touchObject(edit.tx, { section, stored, now: edit.now, by: edit.by.name });
  note(edit, { section, action, before: stored, after });
  return after;
}

interface Noted {
  section: Section;
  action: RevisionAction;
  before: Stored | null;
  after: Stored;
  lineage?: string | null;
}

function note(edit: Edit, { section, action, before, after, lineage = null }: Noted): void {
  const changes = changesOf(section, before, after);
  edit.revisions.push({
    ...factsOf(section, after),
    lineage,
    action,
    body: readableBody(section, after.body),
    changes,
  });
}

/** What a revision says of its object beside the body. */
export function factsOf(section: Section, stored: Stored) {
  return { section, objectId: String(stored.id), lineage: null, key: addressOf(stored), version: stored.version };
}

/** What an edit changed: fields, the place of an alert group, the lock, and that a secret is another one. Pure. */
function changesOf(section: Section, before: Stored | null, after: Stored): FieldChange[] {
  const changes = fieldChanges(
    before === null ? {} : readableBody(section, before.body),
    readableBody(section, after.body),
  );
  if (before !== null && before.position !== after.position)
    changes.push({ path: 'position', before: before.position, after: after.position });
  const [was, is] = [before === null ? after : before, after].map((s) => s.managed && !s.unlocked);
  if (was !== is) changes.push({ path: 'managed', before: was, after: is });
  const secrets = [before?.secrets ?? [], after.secrets].map((list) => [...list].sort().join(' '));
  if (secrets[0] !== secrets[1])
    changes.push({ path: secretFields[section] ?? 'token', before: null, after: null, secret: true });
  if ((before?.apiToken ?? null) !== after.apiToken)
    changes.push({ path: 'api_token', before: null, after: null, secret: true });
  return changes;
}

/** The object of this name that was deleted last, when nothing has come of it since. */
async function lastDeleted(tx: Queryable, section: Section, name: unknown): Promise<Deleted | null> {
  if (section === 'silences') return null;
  const { rows } = await tx.query<{ object_id: string; lineage: string; version: number; action: string }>(
    `select l.object_id, l.lineage, l.version, l.action
     from revision d cross join lateral (select * from revision r
       where r.section = d.section and r.lineage = d.lineage order by r.version desc limit 1) l
     where d.section = $1 and d.key = $2 and d.action = 'delete' and l.id = d.id order by d.id desc limit 1`,
    [section, name],
  );
  const row = rows[0];
  return row === undefined ? null : { objectId: row.object_id, lineage: row.lineage, version: row.version };
}
