/** The REST resource of one section: list, read, make, replace, remove. */
import { z } from 'zod';
import { editQuery } from '../http/edit-query.ts';
import { decodeCursor, pageFrom, pageOf, pageQuery } from '../http/page.ts';
import { invalid } from '../http/problem.ts';
import { type AnyRoute, etag, type Reply, type Role, route } from '../http/route.ts';
import { type EditParts, find } from './edit.ts';
import { SECRET } from './fields.ts';
import type { Body, Section } from './kinds.ts';
import { make, remove, replace } from './make.ts';
import { loadObjects, type Stored } from './objects.ts';
import { addressOf, readableBody } from './revise.ts';
import { hiddenSecret } from './secrets.ts';

/** What an answer says of an object beside its body. */
export type View = (stored: Stored, now: Date) => Body;

/** A resource: where it is, and how its bodies are checked and shown. */
export interface Resource {
  section: Section;
  /** `/api/v1/contacts` */
  path: string;
  schema: z.ZodType<Body>;
  /** More about objects than their bodies, for answers; asked for once for each. */
  show?: () => Promise<View>;
  /** The schema of what `show` adds. */
  shows?: z.ZodObject;
  /** More for the list as a whole. */
  beside?: () => Promise<Body>;
}

/** What {@link shown} adds to a body. */
const readOnly = [
  ...['id', 'state', 'active_now', 'next_change_at', 'builtin', 'token_count', 'activity'],
  ...['on_call', 'next_hand_over_at', 'next_at'],
  ...['verdict', 'since', 'told', 'evidence', 'status', 'config_match', 'clock_offset_ms'],
  ...['managed', 'unlocked', 'version', 'updated_at', 'updated_by'],
];

/** The path of one object. */
export const keyParam = z.object({ key: z.string().min(1).max(200) });

/** The routes of a resource. */
export function crudRoutes(resource: Resource, parts: EditParts): AnyRoute[] {
  const { section, path, schema } = resource;
  const tag = path.split('/').at(-1) as string;
  const shape = resource.shows?.shape ?? {};
  const one = z.looseObject(shape).describe(`One of ${tag}, with \`managed\` and \`version\``);
  const role = editorOf(section);
  const answer = (stored: Stored, status?: number) => answered(resource, stored, parts, status);
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
        const view = await resource.show?.();
        const page = pageFrom(rest, query.limit, {
          item: (stored) => shown(section, stored, view?.(stored, parts.now())),
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
      role,
      query: editQuery,
      body: schema,
      responses: {
        201: { description: 'Made', schema: one },
        409: { description: 'The name is taken, or a reference is not there' },
      },
      handle: async ({ body, query, caller }) => {
        const facts = { section, by: caller, comment: query.comment };
        const { stored, extra } = await make(parts, facts, { created_by: caller.name, ...body });
        const made = await answer(stored, 201);
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
      responses: {
        200: { description: 'It', schema: one },
        304: { description: 'It is as If-None-Match says' },
        404: { description: 'There is none' },
      },
      handle: async ({ params }) => answer(await find(parts.db, section, params.key)),
    }),
    route({
      method: 'put',
      path: item,
      tag,
      summary: `Replace one of ${tag}`,
      role,
      params: keyParam,
      query: editQuery,
      body: schema,
      readOnly,
      responses: { 200: { description: 'Replaced', schema: one }, 412: { description: 'Edited meanwhile' } },
      handle: async ({ params, query, body, ifMatch, caller }) => {
        const facts = { section, by: caller, comment: query.comment };
        const given = { created_by: caller.name, ...body };
        return answer(await replace(parts, facts, { key: params.key, ifMatch, body: given }));
      },
    }),
    route({
      method: 'delete',
      path: item,
      tag,
      summary: section === 'silences' ? 'End a silence' : `Remove one of ${tag}`,
      role,
      params: keyParam,
      query: editQuery,
      responses: { 204: { description: 'Done' }, 409: { description: 'Something still refers to it' } },
      handle: async ({ params, query, ifMatch, caller }) => {
        await remove(parts, { section, by: caller, comment: query.comment }, { key: params.key, ifMatch });
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

/** An object as the API answers it. */
export function shown(section: Section, stored: Stored, more: Body = {}): Body {
  return {
    ...(section === 'silences' ? { id: stored.id } : {}),
    ...readableBody(section, stored.body),
    ...hiddenSecret(section),
    ...(stored.apiToken === null ? {} : { api_token: SECRET }),
    ...more,
    ...keptOf(stored),
    ...(section === 'alert_groups' ? { builtin: stored.builtin } : {}),
  };
}

/** What is said of everything that admins edit. */
export function keptOf({ managed, unlocked, version, updatedAt, updatedBy }: Stored) {
  return {
    managed: managed && !unlocked,
    unlocked,
    version,
    updated_at: updatedAt.toISOString(),
    updated_by: updatedBy,
  };
}

/** An object as an answer, with its ETag. */
export async function answered(
  { section, show }: Resource,
  stored: Stored,
  { now }: Pick<EditParts, 'now'>,
  status = 200,
): Promise<Reply> {
  const view = await show?.();
  const body = shown(section, stored, view?.(stored, now()));
  return { status, headers: { ETag: etag(stored.version, stateOf(body)) }, body };
}

/** What of an answer changes by itself, without a new version. */
function stateOf(body: Body): string | undefined {
  const said = ['state', 'active_now', 'next_change_at', 'next_hand_over_at'].flatMap((key) => body[key] ?? []);
  // Of a peer each probe is news.
  if (body['evidence'] !== undefined) said.push((body['evidence'] as Body)['last_probe_at'] ?? '');
  return said.length === 0 ? undefined : said.join('_').replace(/\W/g, '');
}

/** The role that may edit a resource. A peer makes this service call an address inside the network, and its secret opens ours. */
export function editorOf(section: Section): Role {
  if (section === 'peers') return 'admin';
  return section === 'silences' ? 'responder' : 'editor';
}
