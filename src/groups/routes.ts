/** The routes of what admins edit. */
import { randomBytes } from 'node:crypto';
import { stringify } from 'yaml';
import { z } from 'zod';
import type { Snapshot } from '../alert/config.ts';
import { hashToken } from '../http/auth.ts';
import { editQuery } from '../http/edit-query.ts';
import { HttpProblem } from '../http/problem.ts';
import { type AnyRoute, etag, type Reply, route } from '../http/route.ts';
import { applyDocument, exportDocument, readDocument } from './apply.ts';
import { auditRoute } from './audit.ts';
import { crudRoutes, type Resource } from './crud.ts';
import { dailyView } from './daily.ts';
import { dailyMessageSchema } from './daily-fields.ts';
import { type EditParts, edit, findUnchanged } from './edit.ts';
import { timeIntervalSchema } from './interval-fields.ts';
import {
  alertGroupSchema,
  type Body,
  contactSchema,
  heartbeatSchema,
  inhibitionRuleSchema,
  peerSchema,
  robotSchema,
  silenceSchema,
  sourceSchema,
} from './kinds.ts';
import { tokenHashes } from './objects.ts';
import { orderRoutes } from './order.ts';
import type { Plan } from './plan.ts';
import { type PreviewParts, previewRoutes } from './preview.ts';
import { intervalView, silenceView } from './recurrence.ts';
import { touchChange } from './revise.ts';
import { scheduleSchema } from './schedule-fields.ts';
import { scheduleRoutes } from './schedule-routes.ts';
import { scheduleView } from './schedules.ts';
import { silenceRoutes } from './silences.ts';
import { type SourceParts, sourceRoutes } from './sources.ts';
import { versionRoutes } from './versions.ts';

/** What the routes need. */
export interface GroupParts extends EditParts, PreviewParts, SourceParts {
  /** The newest configuration. */
  snapshot: () => Promise<Snapshot>;
  /** What is known of each peer: what answers say beside its body, and the schema of that. */
  peers: { shows: z.ZodObject; show: () => Promise<(name: string) => Body> };
  /** What the watchdog knows of each stream, for the list of heartbeats. */
  streams: () => Promise<readonly Body[]>;
}

const resources: readonly Resource[] = [
  { section: 'contacts', path: '/api/v1/contacts', schema: contactSchema },
  { section: 'robots', path: '/api/v1/robots', schema: robotSchema },
  { section: 'alert_groups', path: '/api/v1/alert-groups', schema: alertGroupSchema },
  { section: 'inhibition_rules', path: '/api/v1/inhibition-rules', schema: inhibitionRuleSchema },
];

function timeIntervals({ snapshot }: GroupParts): Resource {
  return {
    section: 'time_intervals',
    path: '/api/v1/time-intervals',
    schema: timeIntervalSchema,
    show: async () => intervalView(await snapshot()),
  };
}

function schedules({ snapshot }: GroupParts): Resource {
  return {
    section: 'schedules',
    path: '/api/v1/schedules',
    schema: scheduleSchema,
    show: async () => scheduleView(await snapshot()),
  };
}

function dailyMessages({ snapshot }: GroupParts): Resource {
  return {
    section: 'daily_messages',
    path: '/api/v1/daily-messages',
    schema: dailyMessageSchema,
    show: async () => dailyView(await snapshot()),
  };
}

const sources: Resource = {
  section: 'sources',
  path: '/api/v1/sources',
  schema: sourceSchema,
  show:
    async () =>
    ({ secrets }) => ({ token_count: secrets.length }),
};

function silences({ snapshot }: GroupParts): Resource {
  return {
    section: 'silences',
    path: '/api/v1/silences',
    schema: silenceSchema,
    show: async () => silenceView(await snapshot()),
  };
}

/** Declared heartbeats; beside them every stream of beats, declared and discovered, with its state and last beat. */
function heartbeats({ streams }: GroupParts): Resource {
  return {
    section: 'heartbeats',
    path: '/api/v1/heartbeats',
    schema: heartbeatSchema,
    beside: async () => ({ streams: await streams() }),
  };
}

function peers({ peers: { shows, show } }: GroupParts): Resource {
  return {
    ...{ section: 'peers', path: '/api/v1/peers', schema: peerSchema, shows },
    show: async () => {
      const viewOf = await show();
      return ({ key }) => viewOf(key);
    },
  };
}

/** Every route of this feature. */
export function groupRoutes(parts: GroupParts): AnyRoute[] {
  const plain = [...resources, ...[schedules, timeIntervals, heartbeats, dailyMessages, peers].map((of) => of(parts))];
  const silence = silences(parts);
  return [
    ...plain.flatMap((resource) => crudRoutes(resource, parts)),
    ...sourceRoutes(crudRoutes(sources, parts), parts),
    ...silenceRoutes(crudRoutes(silence, parts), versionRoutes(silence, parts), parts),
    ...[...plain, sources].flatMap((resource) => versionRoutes(resource, parts)),
    ...scheduleRoutes(parts),
    ...previewRoutes(parts),
    ...orderRoutes(parts),
    auditRoute(parts),
    addTokenRoute(parts),
    removeTokensRoute(parts),
    applyRoute(parts),
    exportRoute(parts),
  ];
}

const sourceParam = z.object({ key: z.string().min(1).max(200) });

function addTokenRoute(parts: GroupParts): AnyRoute {
  return route({
    method: 'post',
    path: '/api/v1/sources/:key/tokens',
    tag: 'sources',
    summary: 'Add a token to a source, beside those that it has; it is shown this once',
    role: 'editor',
    params: sourceParam,
    query: editQuery,
    responses: { 201: { description: 'The token', schema: z.object({ token: z.string() }) } },
    handle: async ({ params, query, ifMatch, caller }) => {
      const token = randomBytes(24).toString('base64url');
      await edit(parts, { section: 'sources', by: caller, comment: query.comment }, async (one) => {
        const stored = await findUnchanged(one.tx, 'sources', { key: params.key, ifMatch });
        await one.tx.query('insert into source_token (source_id, hash, created_at) values ($1, $2, $3)', [
          stored.id,
          hashToken(token),
          one.now,
        ]);
        await touchChange(one, { section: 'sources', stored, action: 'update' });
      });
      return { status: 201, body: { token } };
    },
  });
}

function removeTokensRoute(parts: GroupParts): AnyRoute {
  return route({
    method: 'delete',
    path: '/api/v1/sources/:key/tokens',
    tag: 'sources',
    summary: 'Remove all tokens of a source but the newest: the end of a rotation',
    role: 'editor',
    params: sourceParam,
    query: editQuery,
    responses: { 204: { description: 'Done' } },
    handle: async ({ params, query, ifMatch, caller }) => {
      await edit(parts, { section: 'sources', by: caller, comment: query.comment }, async (one) => {
        const stored = await findUnchanged(one.tx, 'sources', { key: params.key, ifMatch });
        await one.tx.query(
          `delete from source_token where source_id = $1
             and id < (select max(id) from source_token where source_id = $1)`,
          [stored.id],
        );
        await touchChange(one, { section: 'sources', stored, action: 'update' });
      });
      return { status: 204 };
    },
  });
}

function applyRoute(parts: GroupParts): AnyRoute {
  return route({
    method: 'post',
    path: '/api/v1/apply',
    tag: 'configuration',
    summary: 'Make sources, contacts, alert groups and so on look like the document. Idempotent',
    role: 'admin',
    consumes: ['application/json', 'application/yaml'],
    bodyLimit: 16 * 1024 * 1024,
    query: editQuery.extend({ dry_run: z.enum(['true', 'false']).default('false') }),
    body: z.unknown(),
    responses: {
      200: {
        description: 'What was changed, or would be',
        schema: z.looseObject({ changes: z.array(z.looseObject({})) }),
      },
      409: { description: 'The document and what is stored do not fit together' },
      412: { description: 'Something was edited since the export whose ETag If-Match names' },
    },
    handle: async ({ query, body, ifMatch, caller }) => {
      if (typeof body !== 'object' || Array.isArray(body))
        throw new HttpProblem(400, 'The document must be an object.');
      const dryRun = query.dry_run === 'true';
      const facts = { now: parts.now(), dryRun, by: caller, comment: query.comment, ifMatch };
      const plan = await applyDocument(parts.db, readDocument(body), facts);
      if (!dryRun && plan.changes.length > 0) parts.onChange();
      return { status: 200, body: planBody(plan, dryRun) };
    },
  });
}

function planBody(plan: Plan, dryRun: boolean): Body {
  return {
    dry_run: dryRun,
    changes: plan.changes.map(({ action, section, name, fields }) => ({ action, kind: section, name, fields })),
    unchanged: plan.unchanged,
    warnings: [...plan.warnings, ...plan.changes.flatMap(warningsOf)],
  };
}

function warningsOf({ action, section, name, body }: Plan['changes'][number]): string[] {
  if (section !== 'sources') return [];
  if (action === 'delete') return [`sources/${name} goes: an Alertmanager that posts with its token will be refused`];
  const mute = action === 'create' && body !== null && tokenHashes(body) === null;
  return mute
    ? [`sources/${name} has no token: nobody can post as it; POST /api/v1/sources/${name}/tokens makes one`]
    : [];
}

function exportRoute(parts: GroupParts): AnyRoute {
  return route({
    method: 'get',
    path: '/api/v1/export',
    tag: 'configuration',
    summary: 'The document that apply would read back without a change; secrets stand as <secret>',
    role: 'admin',
    produces: ['application/json', 'application/yaml'],
    responses: { 200: { description: 'The document', schema: z.looseObject({}) } },
    handle: async ({ produce }) => {
      // Read before the document: what is edited in between makes the tag too old, never too new.
      const { rows } = await parts.db.query<{ version: string }>('select version::text from config_version');
      const document = await exportDocument(parts.db, parts.now());
      // Silences drop out of it when they end, without an edit.
      const form = produce === 'application/yaml' ? 'yaml' : 'json';
      const ETag = etag(rows[0]?.version ?? '', `silences${document['silences']?.length ?? 0}_${form}`);
      const reply: Reply = { status: 200, body: document, headers: { ETag, Vary: 'Accept' } };
      if (produce !== 'application/yaml') return reply;
      return { ...reply, body: stringify(document), headers: { ...reply.headers, 'Content-Type': 'application/yaml' } };
    },
  });
}
