/** Which incidents a page of their list has, and in which order. */
import { z } from 'zod';
import { labelsOf } from '../alert/labels.ts';
import { parseFilters } from '../http/filters.ts';
import { decodeCursor, encodeCursor, pageQuery } from '../http/page.ts';
import { invalid } from '../http/problem.ts';
import { matchesAll } from '../matcher/compile.ts';
import type { Matcher } from '../matcher/matcher.ts';
import type { Queryable } from '../store/db.ts';
import { id, idFromCursor, listOf, repeatable } from './fields.ts';
import { incidentStates, stateSql } from './incident-row.ts';
import { createWhere } from './where.ts';

/** A request with `filter` looks at so many alerts, and then finishes the incidents at hand. */
const alertsScanned = 2_500;
const incidentsAtOnce = 25;

const orders = ['newest', 'worst'] as const;
type Order = (typeof orders)[number];

/** What the order goes by before the id. Of closed incidents there are too many to be sorted for every page. */
const rankSql: Readonly<Record<Order, string>> = {
  newest: '0',
  worst: `case when i.lane = 'watchdog' or i.critical then 0 else 1 end`,
};

/** The query of the list of incidents. */
export const incidentQuery = pageQuery.extend({
  // Fewer than other lists: to say what an incident amounts to is to look at all its alerts.
  limit: pageQuery.shape.limit.default(10),
  order: z
    .enum(orders)
    .default('newest')
    .describe('worst: only open ones, watchdog and critical ones first, of these and of the others the newest first'),
  state: repeatable(z.enum(incidentStates)).describe('Only incidents in one of these states'),
  group: z.string().max(200).optional().describe('Only those of this alert group'),
  critical: z.stringbool().optional().describe('Only those in which a critical alert fires, or none does'),
  filter: repeatable(z.string().max(2_000)).describe(
    `Only incidents with an alert that matches, in Alertmanager's syntax: severity=~"critical|warning"; all of several ` +
      `have to match the same alert. One request looks at about ${alertsScanned} alerts: a page can have fewer than limit ` +
      'items, even none, and still have a next_cursor',
  ),
});
export type IncidentQuery = z.infer<typeof incidentQuery>;

/**
 * The ids of one page, in order, and the cursor of the next one.
 * @throws HttpProblem 400 for a matcher or a cursor that is none
 */
export async function findIncidents(
  db: Queryable,
  query: IncidentQuery,
): Promise<{ ids: string[]; cursor: string | null }> {
  const matchers = parseFilters(listOf(query.filter));
  const after = placeFrom(query);
  const { places, next } = await (matchers.length === 0
    ? inOrder(db, query, { after, limit: query.limit })
    : search(db, query, { after, matchers }));
  const key = next === null ? null : query.order === 'worst' ? [next.rank, next.id] : [next.id];
  return { ids: places.map((place) => place.id), cursor: key === null ? null : encodeCursor(key) };
}

/** Where an incident stands in the order of a list. */
interface Place {
  rank: number;
  id: string;
}

/** Incidents in order, and the place after which to go on. */
interface Found {
  places: Place[];
  next: Place | null;
}

/** @throws HttpProblem 400 for a cursor of another order */
function placeFrom({ cursor, order }: IncidentQuery): Place | null {
  if (order === 'newest') {
    const before = idFromCursor(cursor);
    return before === null ? null : { rank: 0, id: before };
  }
  const place = worstPlace.nullable().safeParse(decodeCursor(cursor, 2));
  if (!place.success) throw invalid([{ in: 'query', path: 'cursor', message: 'not a cursor of this list' }]);
  return place.data === null ? null : { rank: place.data[0], id: place.data[1] };
}

const worstPlace = z.tuple([z.int().min(0).max(1), id]);

async function inOrder(
  db: Queryable,
  query: IncidentQuery,
  { after, limit }: { after: Place | null; limit: number },
): Promise<Found> {
  const where = createWhere();
  const rank = rankSql[query.order];
  if (query.order === 'worst') {
    where.addPlain('i.closed_at is null');
    if (after !== null)
      where.addPlain(`(${rank}, -i.id) > (${where.param(after.rank)}::int, -${where.param(after.id)}::bigint)`);
  } else where.addIf('i.id < $::bigint', after?.id);
  where.addIf('i.group_id in (select id from alert_group where name = $)', query.group);
  where.addIf('i.critical = $', query.critical);
  const states = listOf(query.state).map((state) => stateSql[state]);
  if (states.length > 0) where.addPlain(`(${states.join(' or ')})`);
  const by = query.order === 'worst' ? 'rank, i.id desc' : 'i.id desc';
  const sql = `select i.id, ${rank} as rank from incident i ${where.sql()} order by ${by} limit ${where.param(limit + 1)}`;
  const { rows } = await db.query<Place & Record<string, unknown>>(sql, where.values);
  return { places: rows.slice(0, limit), next: rows.length > limit ? (rows[limit - 1] ?? null) : null };
}

async function search(
  db: Queryable,
  query: IncidentQuery,
  { after, matchers }: { after: Place | null; matchers: readonly Matcher[] },
): Promise<Found> {
  const places: Place[] = [];
  let last = after;
  for (let scanned = 0; scanned < alertsScanned; ) {
    const chunk = await inOrder(db, query, { after: last, limit: incidentsAtOnce });
    const ids = chunk.places.map(({ id }) => id);
    const { matching, alerts } = await match(db, ids, matchers);
    scanned += Math.max(alerts, ids.length);
    for (const place of chunk.places) {
      if (!matching.has(place.id)) continue;
      if (places.length === query.limit) return { places, next: places.at(-1) ?? null };
      places.push(place);
    }
    if (chunk.next === null) return { places, next: null };
    last = chunk.next;
  }
  return { places, next: last };
}

/**
 * Which of these incidents hold an alert that matches, and how many alerts that took to find out. Alerts that are the same
 * to the matchers come once for each incident, with nothing but what is asked about.
 */
async function match(db: Queryable, ids: readonly string[], matchers: readonly Matcher[]) {
  const where = createWhere();
  where.add('ia.incident_id = any($::bigint[])', ids);
  const label = (name: string) => `a.labels->>${where.param(name)}`;
  const equal = matchers
    .filter((m) => m.op === '=')
    .map((m) => `coalesce(${label(m.name)}, '') = ${where.param(m.value)}`);
  const names = [...new Set(matchers.map((m) => m.name))];
  const { rows } = await db.query<{ incident_id: string; picked: (string | null)[] | null; alerts: number }>(
    `select incident_id, to_json(picked) as picked, alerts from (
       select ia.incident_id, count(*)::int as alerts,
         case when ${equal.join(' and ') || 'true'} then array[${names.map(label).join(', ')}]::text[] end as picked
       from incident_alert ia join alert a on a.fingerprint = ia.alert_fingerprint
       ${where.sql()} and ia.left_at is null group by 1, 3) alike`,
    where.values,
  );
  const fits = rows.filter(({ picked }) => {
    if (picked === null) return false;
    const labels = labelsOf(names.map((name, n) => [name, picked[n] ?? ''] as const));
    return matchesAll(matchers, labels);
  });
  return {
    matching: new Set(fits.map((row) => row.incident_id)),
    alerts: rows.reduce((sum, row) => sum + row.alerts, 0),
  };
}
