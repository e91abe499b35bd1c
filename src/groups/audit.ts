/** `GET /api/v1/audit`: who did what, the newest first. */
import { z } from 'zod';
import { numberFromCursor, pageFrom, pageOf, pageQuery } from '../http/page.ts';
import { type AnyRoute, route } from '../http/route.ts';
import type { FieldChange } from '../store/audit.ts';
import type { EditParts } from './edit.ts';
import { instant, text } from './fields.ts';
import { changeSchema } from './versions.ts';

const auditItem = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  who: z.string(),
  via: z.string().describe('session, token, settings or file'),
  address: z.string().nullable(),
  action: z.string(),
  kind: z.string().describe('The resource: contacts, alert-groups, incidents, users, ...'),
  key: z.string(),
  version: z.int().nullable().describe('Of the object, where it has versions'),
  comment: z.string().nullable(),
  changes: z.array(changeSchema),
});

export type AuditItem = z.infer<typeof auditItem>;

const listQuery = pageQuery.extend({
  who: text(200).optional(),
  kind: text(100).optional(),
  key: text(200).optional(),
  action: text(100).optional(),
  since: instant.optional().describe('From this moment on'),
  until: instant.optional().describe('Before this moment'),
});

interface Row extends Record<string, unknown> {
  id: string;
  at: Date;
  changes: FieldChange[];
}

/** The audit log, for admins. */
export function auditRoute({ db }: Pick<EditParts, 'db'>): AnyRoute {
  return route({
    method: 'get',
    path: '/api/v1/audit',
    tag: 'audit',
    summary: 'Who did what, the newest first; secrets are never in it',
    role: 'admin',
    query: listQuery,
    responses: { 200: { description: 'A page of entries', schema: pageOf(auditItem) } },
    handle: async ({ query }) => {
      const { rows } = await db.query<Row>(list, [
        ...[query.who, query.kind, query.key, query.action, query.since, query.until].map((value) => value ?? null),
        numberFromCursor(query.cursor),
        query.limit + 1,
      ]);
      const item = (row: Row) => ({ ...row, at: row.at.toISOString() });
      return { status: 200, body: pageFrom(rows, query.limit, { item, key: (row) => [Number(row.id)] }) };
    },
  });
}

const list = `select id, at, who, via, address, action, kind, key, version, comment, changes from audit
  where ($1::text is null or who = $1) and ($2::text is null or kind = $2) and ($3::text is null or key = $3)
    and ($4::text is null or action = $4) and ($5::timestamptz is null or at >= $5)
    and ($6::timestamptz is null or at < $6) and ($7::bigint is null or id < $7)
  order by id desc limit $8`;
