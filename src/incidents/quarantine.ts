/** `GET /api/v1/quarantine`: what came in and could not be understood. */
import { z } from 'zod';
import { type Page, pageFrom, pageOf, pageQuery } from '../http/page.ts';
import { type AnyRoute, route } from '../http/route.ts';
import type { IncidentDeps } from './deps.ts';
import { id, idFromCursor, time } from './fields.ts';
import { createWhere } from './where.ts';

const quarantineItem = z.object({
  id,
  source: z.string().nullable().describe('null: the source has been deleted'),
  received_at: time,
  reason: z.string().describe('What is wrong with it'),
  excerpt: z.string().describe('A piece of what came'),
});

const listQuery = pageQuery.extend({ source: z.string().max(200).optional().describe('Only of this source') });

export function quarantineRoutes(deps: IncidentDeps): AnyRoute[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/quarantine',
      tag: 'alerts',
      summary: 'Malformed alerts that were set aside, newest first',
      role: 'viewer',
      query: listQuery,
      responses: { 200: { description: 'A page of them', schema: pageOf(quarantineItem) } },
      handle: async ({ query }) => ({ status: 200, body: await listQuarantine(deps, query) }),
    }),
  ];
}

async function listQuarantine(
  { db }: Pick<IncidentDeps, 'db'>,
  query: z.infer<typeof listQuery>,
): Promise<Page<z.infer<typeof quarantineItem>>> {
  const where = createWhere();
  where.addIf('q.id < $::bigint', idFromCursor(query.cursor));
  where.addIf('q.source_id = (select id from source where name = $)', query.source);
  const limit = where.param(query.limit + 1);
  const rows = await db.query<{
    id: string;
    source: string | null;
    received_at: Date;
    reason: string;
    excerpt: string;
  }>(
    `select q.id, s.name as source, q.received_at, q.reason, q.excerpt
     from quarantine q left join source s on s.id = q.source_id ${where.sql()} order by q.id desc limit ${limit}`,
    where.values,
  );
  return pageFrom(rows.rows, query.limit, {
    item: (row) => ({ ...row, received_at: row.received_at.toISOString() }),
    key: (row) => [row.id],
  });
}
