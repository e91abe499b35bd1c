/** `GET /api/v1/destinations` and `POST /api/v1/destinations/:id/rearm`. */
import { z } from 'zod';
import { type Page, pageFrom, pageOf, pageQuery } from '../http/page.ts';
import { HttpProblem } from '../http/problem.ts';
import { type AnyRoute, type Caller, route } from '../http/route.ts';
import { recordAudit } from '../store/audit.ts';
import type { Queryable } from '../store/db.ts';
import type { BucketColumns, IncidentDeps, RateLeft } from './deps.ts';
import { id, idFromCursor, idParams, isoOrNull, remedies, remediesOf, time } from './fields.ts';
import { rearm } from './rearm.ts';
import { createWhere } from './where.ts';

const rateLimit = z.object({
  name: z
    .enum(['minute', 'hour', 'smtp_relay', 'wecom_app'])
    .describe('Its own minute or hour; or one limit of all: of the mail server, of the WeCom application'),
  burst: z.int().describe('So many messages may follow each other at once'),
  per_minute: z.number().describe('So many more come back in a minute'),
  left: z.int().describe('So many of burst are left now'),
});

const destinationItem = z.object({
  id,
  channel: z.string(),
  address: z.string().describe('On the channel; a robot has its name here. In the outbox: channel:address'),
  name: z.string().describe('Of the contact or robot'),
  locale: z.string(),
  timezone: z.string(),
  state: z
    .enum(['ok', 'backing_off', 'given_up'])
    .describe('backing_off: it failed, and is tried again at retry_at; given_up: some messages can never arrive'),
  failures: z.int().describe('Failed attempts in a row'),
  retry_at: time.nullable(),
  tokens: z.number().nullable().describe('Left in its rate limit at tokens_at; null = all'),
  tokens_at: time.nullable(),
  rate_limits: z.array(rateLimit).describe('All hold at the same time; none = no limit of ours'),
  rate_limited: z.int().describe('Notifications that wait for one of its limits'),
  waiting: z.int().describe('Notifications that are not finished'),
  undeliverable: z.int().describe('Alerts that were given up for it'),
  summary_due: z.boolean().describe('Its channel has just been configured: the next message says everything'),
  last_accepted_at: time.nullable(),
  last_failed_at: time.nullable(),
  last_failure: z.string().nullable().describe("The provider's last refusal"),
  last_reason: z.string().nullable().describe('Why, as a reason; null for one from before reasons were kept'),
  last_remedies: remedies.describe('What a person can do about it'),
});
export type DestinationItem = z.infer<typeof destinationItem>;

const listQuery = pageQuery.extend({ channel: z.string().max(50).optional().describe('Only those on this channel') });

const rearmAnswer = z.object({
  destination: destinationItem,
  alerts: z.int().describe('Alerts that may be told again'),
  incidents: z.array(id).describe('Open incidents that are decided again'),
});

export function destinationRoutes(deps: IncidentDeps): AnyRoute[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/destinations',
      tag: 'notifications',
      summary: 'Every address that messages go to, and how it fares',
      role: 'viewer',
      query: listQuery,
      responses: { 200: { description: 'A page of destinations', schema: pageOf(destinationItem) } },
      handle: async ({ query }) => ({ status: 200, body: await listDestinations(deps, query) }),
    }),
    route({
      method: 'post',
      path: '/api/v1/destinations/:id/rearm',
      tag: 'notifications',
      summary: 'Arms a destination again: what was given up for it, and is still true, is told after all',
      role: 'editor',
      params: idParams,
      responses: { 200: { description: 'What is tried again', schema: rearmAnswer } },
      handle: async ({ params, caller }) => ({ status: 200, body: await rearmDestination(deps, params.id, caller) }),
    }),
  ];
}

interface Row extends BucketColumns, Record<string, unknown> {
  id: number;
  address: string;
  name: string;
  locale: string;
  timezone: string;
  failures: number;
  retry_at: Date | null;
  waiting: number;
  rate_limited: number;
  undeliverable: number;
  summary_due: boolean;
  last_accepted_at: Date | null;
  last_failed_at: Date | null;
  last_failure: string | null;
  last_reason: string | null;
  last_remedy: string | null;
}

function destinationSql(tail: string): string {
  return `with page as (select d.* from destination d ${tail})
    select p.id, p.channel, p.address, p.name, p.locale, p.timezone, p.failures, p.retry_at, p.tokens, p.hour_tokens, p.tokens_at,
      coalesce((select jsonb_object_agg(b.name, jsonb_build_object('tokens', b.tokens, 'at', b.at)) from rate_bucket b), '{}') as shared,
      (select count(*)::int from notification n
        where n.destination_id = p.id and n.state = 'pending' and n.limited_at is not null) as rate_limited,
      (select count(*)::int from notification n
        where n.destination_id = p.id and n.state in ('pending', 'sending')) as waiting,
      coalesce(u.count, 0) as undeliverable, p.summary_due, p.last_accepted_at, p.last_failed_at, p.last_failure,
      p.last_reason, p.last_remedy
    from page p left join (select destination_id, count(*)::int as count from receipt where state = 'undeliverable'
      group by destination_id) u on u.destination_id = p.id
    order by p.id`;
}

async function listDestinations(deps: IncidentDeps, query: z.infer<typeof listQuery>): Promise<Page<DestinationItem>> {
  const { db, now } = deps;
  const where = createWhere();
  where.addIf('d.id > $::bigint', idFromCursor(query.cursor));
  where.addIf('d.channel = $', query.channel);
  const limit = where.param(query.limit + 1);
  const rows = await db.query<Row>(destinationSql(`${where.sql()} order by d.id limit ${limit}`), where.values);
  const at = now();
  return pageFrom(rows.rows, query.limit, { item: (row) => itemOf(row, at, deps), key: (row) => [row.id] });
}

function itemOf(all: Row, now: Date, deps: Pick<IncidentDeps, 'inChinese' | 'rateLeft'>): DestinationItem {
  const { last_remedy, hour_tokens, shared, ...row } = all;
  return {
    ...row,
    rate_limits: deps.rateLeft(all, now).map(limitOf),
    last_remedies: remediesOf(last_remedy, deps.inChinese),
    id: String(row.id),
    state: stateOf(row, now),
    retry_at: isoOrNull(row.retry_at),
    tokens_at: isoOrNull(row.tokens_at),
    last_accepted_at: isoOrNull(row.last_accepted_at),
    last_failed_at: isoOrNull(row.last_failed_at),
  };
}

function limitOf({ name, burst, perMinute, left }: RateLeft): z.infer<typeof rateLimit> {
  return { name, burst, per_minute: perMinute, left };
}

function stateOf(row: Pick<Row, 'undeliverable' | 'failures' | 'retry_at'>, now: Date): DestinationItem['state'] {
  if (row.undeliverable > 0) return 'given_up';
  return row.failures > 0 || (row.retry_at !== null && row.retry_at > now) ? 'backing_off' : 'ok';
}

/** @throws HttpProblem 404 */
async function rearmDestination(
  deps: IncidentDeps,
  destinationId: string,
  by: Caller,
): Promise<z.infer<typeof rearmAnswer>> {
  const { db, now } = deps;
  const at = now();
  const { key, ...armed } = await db.transaction(async (tx) => {
    const key = await lock(tx, destinationId);
    await recordAudit(tx, { at, by, action: 'rearm', kind: 'destinations', key: destinationId });
    await tx.query(`update notification set next_at = $2 where destination_id = $1 and state = 'pending'`, [key, at]);
    return { key, ...(await rearm(tx, key, { fingerprints: null, now: at })) };
  });
  deps.onDue(armed.incidents);
  deps.onDeliver([key]);
  const rows = await db.query<Row>(destinationSql('where d.id = $1::bigint'), [destinationId]);
  return { destination: itemOf(rows.rows[0]!, at, deps), ...armed };
}

async function lock(tx: Queryable, destinationId: string): Promise<number> {
  const rows = await tx.query<{ id: number }>('select id from destination where id = $1::bigint for no key update', [
    destinationId,
  ]);
  const row = rows.rows[0];
  if (row === undefined) throw new HttpProblem(404, `There is no destination ${destinationId}.`);
  return row.id;
}
