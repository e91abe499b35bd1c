/** `GET /api/v1/alerts`. */
import { z } from 'zod';
import { parseFilters } from '../http/filters.ts';
import { decodeCursor, encodeCursor, type Page, pageOf, pageQuery } from '../http/page.ts';
import { type AnyRoute, route } from '../http/route.ts';
import { matchesAll } from '../matcher/compile.ts';
import type { Matcher } from '../matcher/matcher.ts';
import type { Queryable } from '../store/db.ts';
import {
  type AlertItem,
  type AlertRow,
  alertColumns,
  alertItem,
  alertItemOf,
  alertStates,
  type LastHeard,
} from './alert-row.ts';
import type { IncidentDeps } from './deps.ts';
import { id, listOf, repeatable } from './fields.ts';
import { createWhere } from './where.ts';

/** A request with `filter` reads at most this many alerts; an unfinished page goes on with its cursor. */
export const scanLimit = 2_500;
/** What the database sorts out for itself may be more at once than what has to be read. */
const chunkSizes = { read: 500, sorted: 2_500 };

const listQuery = pageQuery.extend({
  state: repeatable(z.enum(alertStates)).describe('Only alerts in one of these states'),
  filter: repeatable(z.string().max(2_000)).describe(
    `Only alerts that match, in Alertmanager's syntax: severity=~"critical|warning"; all of several have to match. One ` +
      `request looks at no more than ${scanLimit} alerts: a page can have fewer than limit items, even none, and still have a next_cursor`,
  ),
  group: z.string().max(200).optional().describe('Only those in incidents of this alert group'),
  incident: id.optional().describe('Only those of this incident'),
});

export function alertListRoutes(deps: IncidentDeps): AnyRoute[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/alerts',
      tag: 'alerts',
      summary: 'Alerts, in the order of their fingerprints',
      role: 'viewer',
      query: listQuery,
      responses: { 200: { description: 'A page of alerts', schema: pageOf(alertItem) } },
      handle: async ({ query }) => ({ status: 200, body: await listAlerts(deps, query) }),
    }),
  ];
}

/** `few`: the incidents of the alert group that is asked for, null when it has many. */
type Query = z.infer<typeof listQuery> & { few: readonly string[] | null };

/** An alert group with more incidents has an alert here and there wherever one looks. */
const fewIncidents = 300;

/** Of an alert group with few incidents these lead to its alerts; looking at all alerts for them would take long. */
async function fewIncidentsOf(db: Queryable, group: string): Promise<string[] | null> {
  const { rows } = await db.query<{ id: string }>(
    'select id from incident where group_id in (select id from alert_group where name = $1) limit $2',
    [group, fewIncidents + 1],
  );
  return rows.length > fewIncidents ? null : rows.map((row) => row.id);
}

async function listAlerts(deps: IncidentDeps, query: z.infer<typeof listQuery>): Promise<Page<AlertItem>> {
  const matchers = parseFilters(listOf(query.filter));
  const few = query.group === undefined ? null : await fewIncidentsOf(deps.db, query.group);
  const { rows, next } = await scan(deps.db, { ...query, few }, matchers);
  const heard = await lastHeard(
    deps.db,
    rows.map((r) => r.fingerprint),
  );
  return {
    items: rows.map((r) => alertItemOf(r, { heard: heard.get(r.fingerprint), critical: deps.critical })),
    next_cursor: next === null ? null : encodeCursor([next]),
  };
}

/** Reads alerts in chunks until the page is full, none is left, or the bound is reached. `next`: where to go on. */
async function scan(
  db: Queryable,
  query: Query,
  matchers: readonly Matcher[],
): Promise<{ rows: AlertRow[]; next: string | null }> {
  const rows: AlertRow[] = [];
  const equal = matchers.filter((m) => m.op === '=');
  const size = matchers.length === 0 ? query.limit + 1 : equal.length > 0 ? chunkSizes.sorted : chunkSizes.read;
  let after = String(decodeCursor(query.cursor, 1)?.[0] ?? '');
  for (let read = 0; read < scanLimit; read += size) {
    const chunk = await readChunk(db, query, { after, size, equal });
    for (const row of chunk.rows) {
      if (!matchesAll(matchers, row.labels)) continue;
      if (rows.length === query.limit) return { rows, next: rows.at(-1)?.fingerprint ?? null };
      rows.push(row);
    }
    if (chunk.read < size) return { rows, next: null };
    after = chunk.last ?? after;
  }
  return { rows, next: after };
}

/** What was found among the next alerts, how many those were, and which was the last of them. */
interface Chunk {
  rows: AlertRow[];
  read: number;
  last: string | null;
}

/** @param from.equal matchers that the database applies: what they leave out is not read */
async function readChunk(
  db: Queryable,
  query: Query,
  { after, size, equal }: { after: string; size: number; equal: readonly Matcher[] },
): Promise<Chunk> {
  const where = createWhere();
  where.add('a.fingerprint > $', after);
  const states = listOf(query.state);
  // By name and not as a parameter, and one state by equality: so that an index on some of the states gives the page in order.
  if (states.length === 1) where.addPlain(`a.state = '${states[0]}'`);
  if (states.length > 1) where.addPlain(`a.state in (${states.map((state) => `'${state}'`).join(', ')})`);
  where.addIf(
    `exists (select from incident_alert ia join incident i on i.id = ia.incident_id
       join alert_group g on g.id = i.group_id
       where ia.alert_fingerprint = a.fingerprint and ia.left_at is null and g.name = $)`,
    query.few === null ? query.group : null,
  );
  where.addIf(
    `a.fingerprint = any(array(select alert_fingerprint from incident_alert
       where incident_id = any($::bigint[]) and left_at is null))`,
    query.few,
  );
  where.addIf(
    'a.fingerprint in (select alert_fingerprint from incident_alert where incident_id = $::bigint)',
    query.incident,
  );
  const next = `select ${alertColumns} from alert a ${where.sql()} order by a.fingerprint limit ${where.param(size)}`;
  if (equal.length === 0) {
    const { rows } = await db.query<AlertRow>(next, where.values);
    return { rows, read: rows.length, last: rows.at(-1)?.fingerprint ?? null };
  }
  const fits = equal.map((m) => `coalesce(a.labels->>${where.param(m.name)}, '') = ${where.param(m.value)}`);
  // The first row is there also when nothing fits: it says how far this came.
  const sql = `with a as materialized (${next})
    select ${alertColumns}, e.read, e.last from (select count(*)::int as read, max(fingerprint) as last from a) e
    left join a on ${fits.join(' and ')} order by a.fingerprint`;
  const { rows } = await db.query<AlertRow & { read: number; last: string | null }>(sql, where.values);
  const { read = 0, last = null } = rows[0] ?? {};
  return { rows: rows.filter((row) => row.fingerprint !== null), read, last };
}

/** What the reporter that was heard last says about each of these alerts. */
export async function lastHeard(db: Queryable, fingerprints: readonly string[]): Promise<Map<string, LastHeard>> {
  const rows = await db.query<LastHeard & { alert_fingerprint: string }>(
    `select distinct on (alert_fingerprint) alert_fingerprint, annotations, generator_url from reporter
     where alert_fingerprint = any($1::text[]) order by alert_fingerprint, last_seen desc, source_id, fingerprint`,
    [fingerprints],
  );
  return new Map(rows.rows.map((r) => [r.alert_fingerprint, r]));
}
