/** What a source shows beside what admins edit: when it posted last, how much, what went wrong, and what its sender needs. */
import { hash } from 'node:crypto';
import { z } from 'zod';
import { memberName, type SourceMember } from '../alert/member.ts';
import { HttpProblem } from '../http/problem.ts';
import { type AnyRoute, etag, type Reply, route } from '../http/route.ts';
import type { Db } from '../store/db.ts';
import { alertmanagerConfig } from './alertmanager-config.ts';
import { type EditParts, find } from './edit.ts';
import type { Body } from './kinds.ts';
import { prometheusConfig } from './prometheus-config.ts';

/** What came from a source lately, as this replica counted it. */
export interface SourceRate {
  /** Since then. */
  since: Date;
  postsPerMinute: number;
  alertsPerMinute: number;
}

/** What the routes of sources need. */
export interface SourceParts extends Pick<EditParts, 'db' | 'now'> {
  rateOf: (sourceId: number) => SourceRate;
  /** Address of this service. */
  externalUrl: string;
  /** Address that Alertmanagers post to. */
  webhookUrl: string;
}

const path = '/api/v1/sources';
const dayMs = 24 * 3_600_000;

interface ActivityRow extends Record<string, unknown> {
  id: number;
  name: string;
  last_post_at: Date | null;
  state: 'ok' | 'quiet' | null;
  last_error: string | null;
  last_error_at: Date | null;
  quarantined: number;
}

const activitySql = `select s.id, s.name, a.last_post_at, a.state, e.last_error, e.last_error_at,
    (select count(*)::int from quarantine q where q.source_id = s.id and q.received_at >= $2) as quarantined
  from source s left join source_activity a on a.source_id = s.id
  left join lateral (
    select last_error, last_error_at from (
      select a.last_error, a.last_error_at where a.last_error_at is not null
      union all (select q.reason, q.received_at from quarantine q where q.source_id = s.id and q.received_at >= $2
        order by q.received_at desc limit 1)) either
    order by last_error_at desc limit 1) e on true
  where s.name = any($1::text[])`;

/** The routes of sources: lists and single ones show their `activity`, and two write what its sender needs. */
export function sourceRoutes(crud: readonly AnyRoute[], parts: SourceParts): AnyRoute[] {
  return [
    ...crud.map((one) => (one.method === 'get' ? withActivity(one, parts) : one)),
    configRoute(parts, forAlertmanager),
    configRoute(parts, forPrometheus),
  ];
}

/** Adds `activity` to what the route answers. */
function withActivity(one: AnyRoute, parts: SourceParts): AnyRoute {
  return {
    ...one,
    async run(raw) {
      const reply = await one.run(raw);
      const body = reply.body as Body & { items?: Body[] };
      const all = await activities(
        parts,
        (body.items ?? [body]).map((b) => String(b['name'])),
      );
      const more = (b: Body): Body => ({ ...b, activity: all.get(String(b['name'])) ?? null });
      if (body.items !== undefined) return { ...reply, body: { ...body, items: body.items.map(more) } };
      const whole = more(body);
      const seen = hash('sha256', JSON.stringify(whole['activity'])).slice(0, 12);
      // What it does changes without an edit: who has read it before must not take that for unchanged.
      return { ...reply, headers: { ...reply.headers, ETag: etag(Number(whole['version']), seen) }, body: whole };
    },
  };
}

async function activities({ db, now, rateOf }: SourceParts, names: readonly string[]): Promise<Map<string, Body>> {
  const { rows } = await db.query<ActivityRow>(activitySql, [names, new Date(now().getTime() - dayMs)]);
  return new Map(rows.map((row) => [row.name, activityOf(row, rateOf(row.id))]));
}

function activityOf(row: ActivityRow, rate: SourceRate): Body {
  return {
    state: row.last_post_at === null ? 'never' : row.state,
    last_post_at: row.last_post_at,
    posts_per_minute: rate.postsPerMinute,
    alerts_per_minute: rate.alertsPerMinute,
    rate_since: rate.since,
    last_error: row.last_error,
    last_error_at: row.last_error_at,
    quarantined_24h: row.quarantined,
  };
}

/** What is pasted elsewhere so that a source of this kind posts here. */
interface Pasted {
  kind: 'alertmanager' | 'prometheus';
  summary: string;
  /** Where it posts to. */
  url: (parts: SourceParts) => string;
  text: (parts: SourceParts, comments: readonly string[]) => string;
  whoever: string;
}

const token = '<token>';
const forAlertmanager: Pasted = {
  kind: 'alertmanager',
  summary: 'The route and the receiver to paste into alertmanager.yml; <token> stands for a token of the source',
  url: (parts) => parts.webhookUrl,
  text: ({ webhookUrl: url }, comments) => alertmanagerConfig({ url, token }, comments),
  whoever: 'On each Alertmanager of its cluster',
};
const forPrometheus: Pasted = {
  kind: 'prometheus',
  summary: 'What to paste into prometheus.yml of a source of kind prometheus; <token> stands for a token of the source',
  url: (parts) => parts.externalUrl,
  text: ({ externalUrl }, comments) => prometheusConfig({ externalUrl, token }, comments),
  whoever: 'On this Prometheus and each of its replicas',
};

function configRoute(parts: SourceParts, pasted: Pasted): AnyRoute {
  return route({
    method: 'get',
    path: `${path}/:key/${pasted.kind}-config`,
    tag: 'sources',
    summary: pasted.summary,
    role: 'viewer',
    params: z.object({ key: z.string().min(1).max(200) }),
    query: z.strictObject({ format: z.enum(['yaml', 'json']).optional().describe('Default: what Accept asks for') }),
    produces: ['application/yaml', 'application/json'],
    responses: { 200: { description: 'The text; as JSON with the address that it names beside it' } },
    handle: async ({ params, query, produce }) => {
      const format = query.format ?? (produce === 'application/json' ? 'json' : 'yaml');
      return configReply(await textFor(parts, params.key, pasted), pasted.url(parts), format);
    },
  });
}

function configReply(text: string, url: string, format: 'yaml' | 'json'): Reply {
  if (format === 'json') return { status: 200, body: { text, url } };
  return { status: 200, body: text, headers: { 'Content-Type': 'application/yaml; charset=utf-8' } };
}

/** @throws HttpProblem 404; 409 when the source is of the other kind */
async function textFor(parts: SourceParts, key: string, pasted: Pasted): Promise<string> {
  const { body } = await find(parts.db, 'sources', key);
  const { kind } = body;
  if (kind !== pasted.kind) throw new HttpProblem(409, `The source is of kind ${kind}: ask for ${kind}-config.`);
  const members = (body['members'] as SourceMember[]).map(memberName);
  const where = members.length > 0 ? `On each of ${members.join(', ')}` : pasted.whoever;
  return pasted.text(parts, [`Source ${key}. ${where}: merge this into ${kind}.yml.`]);
}

/** Keeps why a source was refused, so that its list can show it; of many refusals one now and then. */
export async function recordRefusal(db: Db, sourceId: number, why: string, now: Date): Promise<void> {
  await db.query(
    `insert into source_activity (source_id, last_error, last_error_at) values ($1, $2, $3)
     on conflict (source_id) do update set last_error = excluded.last_error, last_error_at = excluded.last_error_at
       where source_activity.last_error_at is null or source_activity.last_error_at < excluded.last_error_at - interval '10 s'`,
    [sourceId, why, now],
  );
}
