/** `GET /api/v1/notifications` and `GET /api/v1/notifications/:id`. */
import { z } from 'zod';
import { encodeCursor, type Page, pageFrom, pageOf, pageQuery } from '../http/page.ts';
import { HttpProblem } from '../http/problem.ts';
import { type AnyRoute, route } from '../http/route.ts';
import type { Queryable } from '../store/db.ts';
import type { IncidentDeps } from './deps.ts';
import { id, idFromCursor, idParams, isoOrNull, listOf, repeatable, time } from './fields.ts';
import {
  type NotificationItem,
  type NotificationRow,
  notificationItem,
  notificationItemOf,
  notificationSql,
  notificationStates,
} from './notification-row.ts';
import { createWhere, type Where } from './where.ts';

export const notificationDetail = notificationItem.extend({
  content: z.record(z.string(), z.unknown()).nullable().describe('The message as it is sent; null until it is worded'),
  message_id: z.string().nullable(),
  told: z
    .array(z.object({ fingerprint: z.string(), episode: z.int(), state: z.enum(['firing', 'resolved', 'flapping']) }))
    .describe('What its destination knows once it is accepted'),
  carries: z.array(id).describe('Notifications that its message carries too'),
  tries: z.array(
    z.object({
      number: z.int(),
      started_at: time,
      finished_at: time.nullable(),
      outcome: z.string().nullable().describe('accepted, or the kind of the failure; null: nobody knows (yet)'),
      reason: z.string().nullable(),
      answer: z.string().nullable().describe("The provider's words"),
    }),
  ),
});
export type NotificationDetail = z.infer<typeof notificationDetail>;

/** A request with `q` reads at most this many; an unfinished page goes on with its cursor. */
export const scanLimit = 5_000;

const moment = z.iso.datetime({ offset: true });

const listQuery = pageQuery.extend({
  state: repeatable(z.enum(notificationStates)).describe('Only those in one of these states'),
  channel: z.string().max(50).optional().describe('Only those on this channel'),
  destination: id.optional().describe('Only those to this destination'),
  incident: id.optional().describe('Only those of this incident'),
  q: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe(
      `Only those with this text in the name or address of the destination, the answer or the message id. One request ` +
        `looks at no more than ${scanLimit} notifications: a page can have fewer than limit items and still have a next_cursor`,
    ),
  since: moment.optional().describe('Only those that were made since then'),
  until: moment.optional().describe('Only those that were made before'),
  outbox: z
    .stringbool()
    .optional()
    .describe('true: only those that are kept in the outbox, with their content; false: only the others'),
});

export function notificationReadRoutes(deps: IncidentDeps): AnyRoute[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/notifications',
      tag: 'notifications',
      summary: 'Notifications, newest first; outbox=true shows what would have been sent',
      role: 'viewer',
      query: listQuery,
      responses: { 200: { description: 'A page of notifications', schema: pageOf(notificationItem) } },
      handle: async ({ query }) => ({ status: 200, body: await listNotifications(deps, query) }),
    }),
    route({
      method: 'get',
      path: '/api/v1/notifications/:id',
      tag: 'notifications',
      summary: 'One notification: its content, what it tells, and every attempt with the answer',
      role: 'viewer',
      params: idParams,
      responses: { 200: { description: 'The notification', schema: notificationDetail } },
      handle: async ({ params }) => ({ status: 200, body: await readNotification(deps, params.id) }),
    }),
  ];
}

async function listNotifications(
  { db, inChinese }: Pick<IncidentDeps, 'db' | 'inChinese'>,
  query: z.infer<typeof listQuery>,
): Promise<Page<NotificationItem>> {
  const where = createWhere();
  const states = listOf(query.state);
  where.addIf('n.id < $::bigint', idFromCursor(query.cursor));
  // By name and not as a parameter, so that an index on some of the states can be used.
  if (states.length > 0) where.addPlain(`n.state in (${states.map((state) => `'${state}'`).join(', ')})`);
  where.addIf('n.incident_id = $::bigint', query.incident);
  where.addIf('n.created_at >= $::timestamptz', query.since);
  where.addIf('n.created_at < $::timestamptz', query.until);
  // Ids grow with time, but for moments: so much is skipped by its id.
  where.addIf(
    `n.id < coalesce((select id from notification where created_at >= $::timestamptz + interval '1 hour'
       order by created_at limit 1), 9223372036854775807)`,
    query.until,
  );
  const destinations = await destinationsOf(db, query);
  const item = (row: NotificationRow) => ({
    ...notificationItemOf(row, inChinese),
    ...(query.outbox === true ? { content: row.content } : {}),
  });
  const by = { item, key: (row: NotificationRow) => [row.id] };
  if (destinations !== null && (query.q !== undefined || destinations.length > fewDestinations)) {
    where.add('n.destination_id = any($::int[])', destinations);
  }
  if (query.q !== undefined) return search(db, where, { text: query.q, limit: query.limit, by });
  const few = destinations !== null && destinations.length <= fewDestinations ? destinations : null;
  const tail = few === null ? newest(where, query.limit + 1) : newestOf(where, few, query.limit + 1);
  const { rows } = await db.query<NotificationRow>(notificationSql(tail), where.values);
  return pageFrom(rows, query.limit, by);
}

/** So many are each asked for their newest notifications; more have sent most of all there are. */
const fewDestinations = 50;

/** The destinations that a request is about, null: all of them. */
async function destinationsOf(db: Queryable, query: z.infer<typeof listQuery>): Promise<number[] | null> {
  const where = createWhere();
  where.addIf('id = $::bigint', query.destination);
  where.addIf('channel = $', query.channel);
  where.addIf(`(channel = 'outbox') = $`, query.outbox);
  if (where.sql() === '') return null;
  const { rows } = await db.query<{ id: number }>(`select id from destination ${where.sql()}`, where.values);
  return rows.map((row) => row.id);
}

function newest(where: Where, limit: number): string {
  return `${where.sql()} order by n.id desc limit ${where.param(limit)}`;
}

/** Each destination's newest, and of them the newest: an index leads to those, however long ago they were. */
function newestOf(where: Where, destinations: readonly number[], limit: number): string {
  const [ids, most] = [where.param(destinations), where.param(limit)];
  const also = where.sql() === '' ? 'where' : `${where.sql()} and`;
  return `where n.id in (
      select x.id from unnest(${ids}::int[]) t (destination_id) cross join lateral (
        select n.id from notification n ${also} n.destination_id = t.destination_id order by n.id desc limit ${most}) x)
    order by n.id desc limit ${most}`;
}

/** Looks for a text in the next {@link scanLimit} notifications. */
async function search(
  db: Queryable,
  where: Where,
  {
    text,
    limit,
    by,
  }: {
    text: string;
    limit: number;
    by: { item: (row: NotificationRow) => NotificationItem; key: (row: NotificationRow) => string[] };
  },
): Promise<Page<NotificationItem>> {
  const scanned = `select n.id from notification n ${where.sql()} order by n.id desc limit ${scanLimit}`;
  const end = await db.query<{ id: string | null; count: number }>(
    `select min(id)::text as id, count(*)::int as count from (${scanned}) s`,
    where.values,
  );
  const like = where.param(`%${text.replace(/[\\%_]/g, '\\$&')}%`);
  const found = ['d.name', 'd.address', 'n.answer', 'n.message_id', 'carrier.answer', 'carrier.message_id'];
  const { rows } = await db.query<NotificationRow>(
    notificationSql(
      `where n.id in (${scanned}) and (${found.map((column) => `${column} ilike ${like}`).join(' or ')})
       order by n.id desc limit ${where.param(limit + 1)}`,
    ),
    where.values,
  );
  const page = pageFrom(rows, limit, by);
  const { id: last, count = 0 } = end.rows[0] ?? {};
  const more = page.next_cursor === null && count === scanLimit && last != null;
  return more ? { ...page, next_cursor: encodeCursor([last]) } : page;
}

/** @throws HttpProblem 404 */
export async function readNotification(
  { db, inChinese }: Pick<IncidentDeps, 'db' | 'inChinese'>,
  notificationId: string,
): Promise<NotificationDetail> {
  const found = await db.query<NotificationRow>(notificationSql('where n.id = $1::bigint'), [notificationId]);
  const row = found.rows[0];
  if (row === undefined) throw noNotification(notificationId);
  const carries = await db.query<{ id: string }>(
    'select id from notification where carrier_id = $1::bigint order by id',
    [notificationId],
  );
  return {
    ...notificationItemOf(row, inChinese),
    content: row.content,
    message_id: row.message_id,
    told: (row.told ?? []).map(([fingerprint, episode, state]) => ({ fingerprint, episode, state })),
    carries: carries.rows.map((c) => c.id),
    tries: await readTries(db, [row.id, ...(row.carrier_id === null ? [] : [row.carrier_id])]),
  };
}

/** The answer for a notification that is not there. */
export function noNotification(notificationId: string): HttpProblem {
  return new HttpProblem(
    404,
    `There is no notification ${notificationId}; old ones are deleted after the retention time.`,
  );
}

async function readTries(db: Queryable, notificationIds: readonly string[]): Promise<NotificationDetail['tries']> {
  const rows = await db.query<{
    number: number;
    started_at: Date;
    finished_at: Date | null;
    outcome: string | null;
    reason: string | null;
    answer: string | null;
  }>(
    `select number, started_at, finished_at, outcome, reason, answer from attempt
     where notification_id = any($1::bigint[]) order by id`,
    [notificationIds],
  );
  return rows.rows.map((r) => ({
    ...r,
    started_at: r.started_at.toISOString(),
    finished_at: isoOrNull(r.finished_at),
  }));
}
