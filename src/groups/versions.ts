/** The past of what admins edit: every version, what it changed, and the way back. */
import { z } from 'zod';
import { editQuery } from '../http/edit-query.ts';
import { numberFromCursor, pageFrom, pageOf, pageQuery } from '../http/page.ts';
import { HttpProblem } from '../http/problem.ts';
import { type AnyRoute, route } from '../http/route.ts';
import { answered, editorOf, keyParam, type Resource } from './crud.ts';
import { fieldChanges } from './diff.ts';
import { type EditParts, edit, findUnchanged } from './edit.ts';
import { noVersion, restore, versionAt } from './restore.ts';
import { kindOf, revisionActions, unlockChange } from './revise.ts';
import { listRevisions, type Place, type Revision } from './revisions.ts';
import { secretFields } from './secrets.ts';

/** One changed field, in versions and in the audit log. */
export const changeSchema = z.object({
  path: z.string().describe('`members`, `policy.group_wait`, ...'),
  before: z.unknown(),
  after: z.unknown(),
  secret: z.literal(true).optional().describe('It is a secret: null on both sides'),
});

const versionItem = z.object({
  version: z.int(),
  at: z.iso.datetime(),
  author: z.string(),
  via: z.string(),
  action: z.enum(revisionActions),
  comment: z.string().nullable(),
  changes: z.array(changeSchema).describe('Against the version before'),
});
export type VersionItem = z.infer<typeof versionItem>;

const versionDetail = versionItem.extend({ body: z.looseObject({}).describe('All that it said, without secrets') });

const versionParam = keyParam.extend({ version: z.coerce.number().int().min(1).max(2_147_483_647) });
const againstQuery = z.strictObject({
  against: versionParam.shape.version.optional().describe('Compare with this version, not with the one before'),
});
/** Of what was deleted its secret is forgotten. */
function secretBody(field: string) {
  return z.strictObject({ [field]: z.unknown().optional().describe('Of what was deleted: it is forgotten') });
}

/** The routes of a resource's versions. */
export function versionRoutes(resource: Resource, parts: EditParts): AnyRoute[] {
  const { section, path } = resource;
  const tag = path.split('/').at(-1) as string;
  const role = editorOf(section);
  const object = z.looseObject({});
  const secret = secretFields[section];
  return [
    route({
      method: 'get',
      path: `${path}/:key/versions`,
      tag,
      summary: 'Every version of one of these, the newest first; of what was deleted too',
      role: 'viewer',
      params: keyParam,
      query: pageQuery,
      responses: { 200: { description: 'A page of versions', schema: pageOf(versionItem) } },
      handle: async ({ params, query }) => {
        const below = numberFromCursor(query.cursor);
        const at: Place = { section, key: params.key };
        const rows = await listRevisions(parts.db, at, { below, limit: query.limit + 1 });
        if (rows.length === 0 && below === null) throw noVersion(at);
        return { status: 200, body: pageFrom(rows, query.limit, { item: itemOf, key: (row) => [row.version] }) };
      },
    }),
    route({
      method: 'get',
      path: `${path}/:key/versions/:version`,
      tag,
      summary: 'One version, with all that it said',
      role: 'viewer',
      params: versionParam,
      query: againstQuery,
      responses: { 200: { description: 'It', schema: versionDetail } },
      handle: async ({ params, query }) => {
        const at: Place = { section, key: params.key };
        const found = await versionAt(parts.db, at, params.version);
        const other = query.against === undefined ? null : await versionAt(parts.db, at, query.against);
        const changes = other === null ? found.changes : fieldChanges(other.body, found.body);
        return { status: 200, body: { ...itemOf(found), changes, body: found.body } };
      },
    }),
    route({
      method: 'post',
      path: `${path}/:key/versions/:version/restore`,
      tag,
      summary: 'Go back to a version, as a new version; also of what was deleted. Secrets stay as they are now',
      role,
      params: versionParam,
      query: editQuery,
      ...(secret === undefined ? {} : { body: secretBody(secret).optional() }),
      responses: {
        200: { description: 'The object as it is now', schema: object },
        409: { description: 'It refers to what is gone, or its name is taken' },
      },
      handle: async ({ params, query, body, ifMatch, caller }) => {
        const facts = { section, by: caller, comment: query.comment };
        const { stored, extra } = await edit(parts, facts, (one) =>
          restore(one, resource, { ...params, ifMatch, secrets: body ?? {} }),
        );
        const reply = await answered(resource, stored, parts);
        return { ...reply, body: { ...(reply.body as object), ...extra } };
      },
    }),
    route({
      method: 'post',
      path: `${path}/:key/unlock`,
      tag,
      summary: 'Let a managed object be edited by hand, until an apply takes it back',
      role,
      params: keyParam,
      query: editQuery,
      responses: { 200: { description: 'It', schema: object }, 409: { description: 'It is not managed' } },
      handle: async ({ params, query, ifMatch, caller }) => {
        const stored = await edit(parts, { section, by: caller, comment: query.comment }, async (one) => {
          const before = await findUnchanged(one.tx, section, { key: params.key, ifMatch });
          if (before.managed && !before.unlocked) return unlockChange(one, section, before);
          throw new HttpProblem(409, `${kindOf(section)}/${params.key} is edited by hand already.`);
        });
        return answered(resource, stored, parts);
      },
    }),
  ];
}

function itemOf({ version, at, author, via, action, comment, changes }: Revision): z.infer<typeof versionItem> {
  return { version, at: at.toISOString(), author, via, action, comment, changes };
}
