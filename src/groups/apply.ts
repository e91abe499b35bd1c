/** Makes what is stored look like a document, and writes the document that would make it so. */
import { type Fault, faultsOf, HttpProblem } from '../http/problem.ts';
import { checkIfMatch } from '../http/route.ts';
import type { Author } from '../store/audit.ts';
import type { Db, Queryable } from '../store/db.ts';
import { CONFIG_CHANNEL } from '../store/listen.ts';
import { SECRET } from './fields.ts';
import { type Body, type Document, documentSchema, eachSection, type Section, sections } from './kinds.ts';
import { loadObjects, type Stored } from './objects.ts';
import { type Change, hasEnded, type Plan, planApply, type StoredWorld } from './plan.ts';
import { faultOf, newlyUnreached, unreachedIn } from './reached.ts';
import { danglingReferences, type World } from './references.ts';
import { type Edit, readableBody, removeChange, saveChange } from './revise.ts';
import { saveRevisions } from './save-revisions.ts';
import { hiddenSecret } from './secrets.ts';

/** Everything that is stored. */
export async function loadWorld(db: Queryable): Promise<StoredWorld> {
  const world: Partial<Record<Section, readonly Stored[]>> = {};
  for (const section of sections) world[section] = await loadObjects(db, section);
  return world as StoredWorld;
}

/**
 * Adds one to the version of the configuration, and tells every replica when it is committed. `edited`: the sections in
 * which; only alert groups decide where alerts go.
 */
export async function bumpVersion(tx: Queryable, edited: readonly Section[], now: Date): Promise<void> {
  await tx.query(
    `update config_version set version = version + 1, changed_at = $1,
       routing_version = case when $2 then version + 1 else routing_version end`,
    [now, edited.includes('alert_groups')],
  );
  await tx.query('select pg_notify($1, $2)', [CONFIG_CHANNEL, '']);
}

/**
 * Reads a document.
 * @throws HttpProblem 400 with everything that is wrong
 */
export function readDocument(raw: unknown): Document {
  const parsed = documentSchema.safeParse(raw ?? {});
  if (parsed.success) return parsed.data;
  throw new HttpProblem(400, 'The document is not valid.', { faults: faultsOf(parsed.error, 'body') });
}

/**
 * What does not fit within a document itself. A reference into a section that it does not have is left to `apply`: what was
 * made in the page may have it. Pure.
 */
export function faultsWithin(document: Document): Fault[] {
  const nothing = eachSection(() => []);
  const unreached = unreachedIn(document).map((one) => faultOf(one));
  return [...planApply(nothing, document, new Date(0)).faults, ...danglingReferences(document), ...unreached];
}

/** When, whether at all, and by whom a document is applied. */
export interface ApplyFacts {
  now: Date;
  dryRun: boolean;
  by: Author;
  comment?: string | undefined;
  /** The ETag of the export that the document was made from. */
  ifMatch?: string | null;
}

/**
 * Applies a document in one transaction, or says what it would do.
 * @throws HttpProblem 409 when the document and what is stored do not fit together
 */
export async function applyDocument(db: Db, document: Document, facts: ApplyFacts): Promise<Plan> {
  return db.transaction((tx) => applyWithin(tx, document, facts));
}

async function applyWithin(
  tx: Queryable,
  document: Document,
  { now, dryRun, by, comment, ifMatch }: ApplyFacts,
): Promise<Plan> {
  // One edit at a time: two that each fit what is stored might not fit each other.
  const locked = await tx.query<{ version: string }>('select version::text from config_version for update');
  checkIfMatch(ifMatch ?? null, locked.rows[0]?.version ?? '');
  const stored = await loadWorld(tx);
  const plan = planApply(stored, document, now);
  const after = worldAfter(stored, plan.changes, now);
  const unreached = newlyUnreached(worldAfter(stored, [], now), after).map((one) => faultOf(one));
  const faults = [...plan.faults, ...danglingReferences(after), ...unreached];
  if (faults.length > 0) throw new HttpProblem(409, 'The document does not fit together.', { faults });
  if (dryRun || plan.changes.length === 0) return plan;
  const edit: Edit = { tx, now, by, comment: comment || null, revisions: [] };
  for (const change of plan.changes) await carryOut(edit, change);
  await saveRevisions(edit);
  await bumpVersion(
    tx,
    plan.changes.map((c) => c.section),
    now,
  );
  return plan;
}

/** Ends the transaction of a draft. */
class Drafted<T> extends Error {
  readonly found: T;
  constructor(found: T) {
    super('a draft is never stored');
    this.found = found;
  }
}

/**
 * Applies a document, looks at what has come of it, and takes everything back: what a draft means is found out by the code
 * that applies it.
 * @throws HttpProblem 409 when the document and what is stored do not fit together
 */
export async function withDocument<T>(
  db: Db,
  document: Document,
  facts: Pick<ApplyFacts, 'now' | 'by'>,
  look: (tx: Queryable) => Promise<T>,
): Promise<T> {
  try {
    return await db.transaction(async (tx) => {
      await applyWithin(tx, document, { ...facts, dryRun: false });
      throw new Drafted(await look(tx));
    });
  } catch (error) {
    if (error instanceof Drafted) return error.found;
    throw error;
  }
}

async function carryOut(edit: Edit, { section, before, body }: Change): Promise<void> {
  if (body === null) return removeChange(edit, section, before as Stored);
  const managed = before?.builtin == null;
  await saveChange(edit, {
    ...{ section, before, managed, action: 'apply' },
    body: { created_by: edit.by.name, ...body },
  });
}

/** What every section would hold. */
function worldAfter(stored: StoredWorld, all: readonly Change[], now: Date): World {
  const after = (section: Section): Body[] => {
    const changes = all.filter((c) => c.section === section);
    const touched = new Set(changes.map((c) => c.before));
    const kept = stored[section].filter((s) => !touched.has(s) && !hasEnded(section, s, now)).map((s) => s.body);
    return [...kept, ...changes.flatMap((c) => (c.body === null ? [] : [c.body]))];
  };
  return eachSection(after);
}

/**
 * The document that `apply` would read back without a change, without the sections that hold nothing. Secrets stand as
 * `<secret>`: apply keeps what is stored.
 */
export async function exportDocument(db: Queryable, now: Date): Promise<Record<string, unknown[]>> {
  const world = await loadWorld(db);
  const bodies = (section: Section, secret: Record<string, unknown> = {}) =>
    world[section].map((s) => ({
      ...withoutNulls(s.body),
      ...(s.apiToken === null ? {} : { api_token: SECRET }),
      ...(s.secrets.length > 0 ? secret : {}),
    }));
  const groups = world.alert_groups.filter((g) => g.builtin === null || hasAudience(g));
  const silences = world.silences.filter((s) => !hasEnded('silences', s, now));
  const document = {
    sources: bodies('sources', { token: SECRET }),
    contacts: bodies('contacts'),
    robots: bodies('robots', hiddenSecret('robots')),
    schedules: bodies('schedules'),
    alert_groups: groups.map((g) => g.body),
    time_intervals: bodies('time_intervals'),
    silences: silences.map((s) => readableBody('silences', s.body)),
    inhibition_rules: bodies('inhibition_rules'),
    heartbeats: bodies('heartbeats'),
    daily_messages: bodies('daily_messages'),
    peers: bodies('peers', hiddenSecret('peers')),
  };
  return Object.fromEntries(Object.entries(document).filter(([, section]) => section.length > 0));
}

function hasAudience({ body }: Stored): boolean {
  return ['members', 'schedules', 'robots', 'escalation'].some((field) => (body[field] as unknown[]).length > 0);
}

function withoutNulls(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}
