/** The REST resource of one section: list, read, make, replace, remove. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { decodeCursor, pageFrom, pageOf, pageQuery } from '../http/page.ts';
import { HttpProblem, invalid } from '../http/problem.ts';
import { type AnyRoute, checkIfMatch, etag, type Reply, route } from '../http/route.ts';
import type { Db, Queryable } from '../store/db.ts';
import { bumpVersion, loadWorld } from './apply.ts';
import { OWN_SOURCE, SECRET } from './fields.ts';
import type { Body, Section } from './kinds.ts';
import { keepsTokens, loadObjects, removeObject, type Stored, saveObject, tokenHashes } from './objects.ts';
import { type StoredWorld, tokenClashes } from './plan.ts';
import { danglingReferences, usersOf, type World } from './references.ts';

/** What editing needs. */
export interface EditParts {
  db: Db;
  now: () => Date;
  /** Called after the commit of an edit. */
  onChange: () => void;
}

/** A resource: where it is, and how its bodies are checked and shown. */
export interface Resource {
  section: Section;
  /** `/api/v1/contacts` */
  path: string;
  schema: z.ZodType<Body>;
  /** More about an object than its body, for answers. */
  show?: (stored: Stored, now: Date) => Body;
  /** More for the list as a whole. */
  beside?: () => Promise<Body>;
}

/** What {@link shown} adds to a body. */
const readOnly = ['id', 'state', 'managed', 'version', 'builtin', 'token_count', 'activity'];

const keyParam = z.object({ key: z.string().min(1).max(200) });

/** One edit at a time: the version row is locked, so that references are checked against what will be. */
export async function edit<T>(
  parts: EditParts,
  section: Section,
  work: (tx: Queryable, now: Date) => Promise<T>,
): Promise<T> {
  const now = parts.now();
  const result = await parts.db.transaction(async (tx) => {
    await tx.query('select version from config_version for update');
    const done = await work(tx, now);
    await bumpVersion(tx, [section], now);
    return done;
  });
  parts.onChange();
  return result;
}

/** The routes of a resource. */
export function crudRoutes(resource: Resource, parts: EditParts): AnyRoute[] {
  const { section, path, schema } = resource;
  const tag = path.split('/').at(-1) as string;
  const one = z.looseObject({}).describe(`One of ${tag}, with \`managed\` and \`version\``);
  const answer = (stored: Stored, status = 200): Reply => ({
    status,
    headers: { ETag: etag(stored.version) },
    body: shown(resource, stored, parts.now()),
  });
  const item = `${path}/:key`;
  return [
    route({
      method: 'get',
      path,
      tag,
      summary: `All ${tag}`,
      role: 'viewer',
      query: pageQuery,
      responses: { 200: { description: 'One page of them', schema: z.looseObject(pageOf(one).shape) } },
      handle: async ({ query }) => {
        const rest = after(await loadObjects(parts.db, section), query.cursor);
        const page = pageFrom(rest, query.limit, {
          item: (stored) => shown(resource, stored, parts.now()),
          key: (stored) => [addressOf(stored)],
        });
        return { status: 200, body: { ...page, ...(await resource.beside?.()) } };
      },
    }),
    route({
      method: 'post',
      path,
      tag,
      summary: `Make one of ${tag}`,
      role: section === 'silences' ? 'responder' : 'editor',
      body: schema,
      responses: {
        201: { description: 'Made', schema: one },
        409: { description: 'The name is taken, or a reference is not there' },
      },
      handle: async ({ body, caller }) => {
        const { stored, extra } = await make(resource, parts, { created_by: caller.name, ...body });
        const made = answer(stored, 201);
        return {
          ...made,
          body: { ...(made.body as Body), ...extra },
          headers: { ...made.headers, Location: `${path}/${encodeURIComponent(addressOf(stored))}` },
        };
      },
    }),
    route({
      method: 'get',
      path: item,
      tag,
      summary: `One of ${tag}`,
      role: 'viewer',
      params: keyParam,
      responses: { 200: { description: 'It', schema: one }, 404: { description: 'There is none' } },
      handle: async ({ params }) => answer(await find(parts.db, section, params.key)),
    }),
    route({
      method: 'put',
      path: item,
      tag,
      summary: `Replace one of ${tag}`,
      role: section === 'silences' ? 'responder' : 'editor',
      params: keyParam,
      body: schema,
      readOnly,
      responses: { 200: { description: 'Replaced', schema: one }, 412: { description: 'Edited meanwhile' } },
      handle: async ({ params, body, ifMatch, caller }) =>
        answer(
          await replace(resource, parts, { key: params.key, body: { created_by: caller.name, ...body }, ifMatch }),
        ),
    }),
    route({
      method: 'delete',
      path: item,
      tag,
      summary: section === 'silences' ? 'End a silence' : `Remove one of ${tag}`,
      role: section === 'silences' ? 'responder' : 'editor',
      params: keyParam,
      responses: { 204: { description: 'Done' }, 409: { description: 'Something still refers to it' } },
      handle: async ({ params, ifMatch }) => {
        await remove(resource, parts, { key: params.key, ifMatch });
        return { status: 204 };
      },
    }),
  ];
}

/** The objects that come after the one that a cursor names. */
function after(all: readonly Stored[], cursor: string | undefined): readonly Stored[] {
  const key = decodeCursor(cursor, 1)?.[0];
  if (key === undefined) return all;
  const at = all.findIndex((stored) => addressOf(stored) === key);
  if (at >= 0) return all.slice(at + 1);
  throw invalid([{ in: 'query', path: 'cursor', message: 'what it points at has been removed: begin again' }]);
}

/** What names an object in a path: its name, of a silence its id. */
function addressOf(stored: Stored): string {
  return typeof stored.id === 'string' ? stored.id : stored.key;
}

/** @throws HttpProblem 404 */
export async function find(db: Queryable, section: Section, key: string): Promise<Stored> {
  const found = (await loadObjects(db, section)).find((s) => addressOf(s) === key);
  if (found === undefined) throw new HttpProblem(404, `There is no ${section}/${key}.`);
  return found;
}

function shown({ section, show }: Resource, stored: Stored, now: Date): Body {
  const { managed, version, builtin } = stored;
  return {
    ...(section === 'silences' ? { id: stored.id } : {}),
    ...stored.body,
    ...(section === 'robots' ? { key: SECRET } : {}),
    ...show?.(stored, now),
    managed,
    version,
    ...(section === 'alert_groups' ? { builtin } : {}),
  };
}

async function make(resource: Resource, parts: EditParts, body: Body): Promise<{ stored: Stored; extra: Body }> {
  const { section } = resource;
  if (body['name'] === OWN_SOURCE && section === 'sources')
    throw new HttpProblem(409, 'This name is the service itself.');
  if (section === 'robots' && (body['key'] === undefined || body['key'] === SECRET)) {
    throw invalid([{ in: 'body', path: 'key', message: 'a new robot needs its key' }]);
  }
  if (section === 'sources' && keepsTokens(body)) {
    throw invalid([{ in: 'body', path: 'token', message: 'a new source needs its token; without one it is made' }]);
  }
  if (body['ends_at'] !== undefined && new Date(String(body['ends_at'])) <= parts.now()) {
    throw invalid([{ in: 'body', path: 'ends_at', message: 'must lie in the future' }]);
  }
  // A source without a token could not post; the one that is made for it is shown this once.
  const token =
    section === 'sources' && !body['token'] && !body['tokens'] ? randomBytes(24).toString('base64url') : null;
  return edit(parts, section, async (tx, now) => {
    const world = await loadWorld(tx);
    const name = body['name'];
    if (name !== undefined && world[section].some((s) => s.key === name)) {
      throw new HttpProblem(409, `${section}/${String(name)} is there already.`);
    }
    checkReferences(world, section, null, body);
    if (section === 'sources') checkTokens(world, null, body);
    const given = token === null ? body : { ...body, token };
    const id = await saveObject(tx, { section, body: given, before: null, managed: false, now });
    const stored = (await loadObjects(tx, section)).find((s) => s.id === id) as Stored;
    return { stored, extra: token === null ? {} : { token } };
  });
}

async function replace(
  { section }: Resource,
  parts: EditParts,
  { key, body, ifMatch }: { key: string; body: Body; ifMatch: string | null },
): Promise<Stored> {
  return edit(parts, section, async (tx, now) => {
    const world = await loadWorld(tx);
    const before = await editable(tx, section, key, ifMatch);
    const name = body['name'];
    if (before.builtin !== null && (name !== before.key || (body['matchers'] as unknown[]).length > 0)) {
      throw new HttpProblem(409, 'A built-in alert group keeps its name and has no matchers.');
    }
    if (name !== undefined && name !== before.key && world[section].some((s) => s.key === name)) {
      throw new HttpProblem(409, `${section}/${String(name)} is there already.`);
    }
    if (name !== before.key) checkUnused(world, section, before.key);
    checkReferences(world, section, before, body);
    if (section === 'sources') checkTokens(world, before, body);
    await saveObject(tx, { section, body, before, managed: before.managed, now });
    return (await loadObjects(tx, section)).find((s) => s.id === before.id) as Stored;
  });
}

async function remove(
  { section }: Resource,
  parts: EditParts,
  { key, ifMatch }: { key: string; ifMatch: string | null },
): Promise<void> {
  await edit(parts, section, async (tx, now) => {
    const before = await editable(tx, section, key, ifMatch);
    if (before.builtin !== null) throw new HttpProblem(409, 'A built-in alert group cannot be removed.');
    checkUnused(await loadWorld(tx), section, before.key);
    await removeObject(tx, section, before, now);
  });
}

/** @throws HttpProblem 404, 409 for what `apply` manages, 412 */
async function editable(tx: Queryable, section: Section, key: string, ifMatch: string | null): Promise<Stored> {
  const stored = await find(tx, section, key);
  checkIfMatch(ifMatch, stored.version);
  if (stored.managed && section !== 'silences') {
    throw new HttpProblem(409, `${section}/${key} is managed by apply: change its file and apply it again.`);
  }
  return stored;
}

function checkUnused(world: StoredWorld, section: Section, name: string): void {
  const users = usersOf(bodiesOf(world), section, name);
  if (users.length > 0) throw new HttpProblem(409, `It is still used by ${users.join(', ')}.`);
}

function checkReferences(world: StoredWorld, section: Section, before: Stored | null, body: Body): void {
  const bodies = bodiesOf(world);
  const others = world[section].filter((s) => s.id !== before?.id).map((s) => s.body);
  const faults = danglingReferences({ ...bodies, [section]: [...others, body] });
  if (faults.length > 0) throw new HttpProblem(409, 'It refers to what is not there.', { faults });
}

function checkTokens(world: StoredWorld, before: Stored | null, body: Body): void {
  const others = world.sources.filter((s) => s.id !== before?.id).map((s) => ({ name: s.key, hashes: s.secrets }));
  const clash = tokenClashes([...others, { name: String(body['name']), hashes: tokenHashes(body) ?? [] }])[0];
  if (clash !== undefined)
    throw new HttpProblem(409, `Source ${clash.first} has this token: each source needs its own.`);
}

function bodiesOf(world: StoredWorld): World {
  const of = (section: Section) => world[section].map((s) => s.body);
  return {
    sources: of('sources'),
    contacts: of('contacts'),
    robots: of('robots'),
    alert_groups: of('alert_groups'),
    silences: of('silences'),
    heartbeats: of('heartbeats'),
  };
}
