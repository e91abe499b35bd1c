/** What is kept of every object's past, for reading. */
import type { FieldChange } from '../store/audit.ts';
import type { Queryable } from '../store/db.ts';
import type { Body, Section } from './kinds.ts';
import type { RevisionAction } from './revise.ts';

/** One revision. */
export interface Revision {
  version: number;
  at: Date;
  author: string;
  via: string;
  action: RevisionAction;
  comment: string | null;
  body: Body;
  changes: FieldChange[];
  objectId: string;
  lineage: string;
}

/** Where a history is found: the key that its object has now, or had when it was deleted. */
export interface Place {
  section: Section;
  key: string;
}

type Row = Omit<Revision, 'objectId'> & { object_id: string };

const columns = 'version, at, author, via, action, comment, body, changes, object_id, lineage';

/** Revisions of one object, the newest first; `below`: only those before this version. */
export async function listRevisions(
  db: Queryable,
  { section, key }: Place,
  { below, limit }: { below: number | null; limit: number },
): Promise<Revision[]> {
  const { rows } = await db.query<Row>(
    `select ${columns} from revision where section = $1 and lineage = (${lineageOf})
       and ($3::bigint is null or version < $3) order by version desc limit $4`,
    [section, key, below, limit],
  );
  return rows.map(revisionOf);
}

/** One revision, null when there is none. */
export async function findRevision(db: Queryable, { section, key }: Place, version: number): Promise<Revision | null> {
  const { rows } = await db.query<Row>(
    `select ${columns} from revision where section = $1 and lineage = (${lineageOf}) and version = $3`,
    [section, key, version],
  );
  return rows[0] === undefined ? null : revisionOf(rows[0]);
}

/** What an object said at one of its versions. */
export async function revisionBody(
  db: Queryable,
  { section, objectId, version }: { section: Section; objectId: string; version: number },
): Promise<Body | null> {
  const { rows } = await db.query<{ body: Body }>(
    `select body from revision where section = $1 and version = $3
       and lineage = (select lineage from revision where section = $1 and object_id = $2 order by id desc limit 1)`,
    [section, objectId, version],
  );
  return rows[0]?.body ?? null;
}

/** Of those that bear the key now ($2), the living one; else the one that was deleted last. */
const lineageOf = `select l.lineage from (
    select distinct on (lineage) lineage, key, action, id from revision
    where section = $1 and lineage in (select lineage from revision where section = $1 and key = $2)
    order by lineage, version desc) l
  where l.key = $2 order by l.action = 'delete', l.id desc limit 1`;

function revisionOf({ object_id, ...row }: Row): Revision {
  return { ...row, objectId: object_id };
}

const batch = 1_000;

/** Forgets objects that were deleted before `before`, with all that they ever said. Returns how many revisions went. */
export async function retainRevisions(db: Queryable, before: Date): Promise<number> {
  let deleted = 0;
  for (let count = batch; count === batch; deleted += count) {
    count = (await db.query(forgotten, [before, batch])).rowCount ?? 0;
  }
  return deleted;
}

const forgotten = `delete from revision where id in (
  select r.id from revision d join revision r on r.section = d.section and r.lineage = d.lineage
  where d.action = 'delete' and d.at < $1 and not exists (select from revision later
    where later.section = d.section and later.lineage = d.lineage and later.version > d.version)
  limit $2)`;
