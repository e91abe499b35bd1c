/**
 * Alertmanager's API v2 over our own data, so that amtool, karma and Grafana's Alertmanager data source work unchanged:
 * https://github.com/prometheus/alertmanager/blob/v0.25.0/api/v2/openapi.yaml
 */
import { z } from 'zod';
import type { InhibitionRule, Silence, Snapshot } from '../alert/config.ts';
import { HttpProblem, invalid } from '../http/problem.ts';
import { type AnyRoute, type Reply, type RouteInput, route } from '../http/route.ts';
import { MatcherError } from '../matcher/error.ts';
import { compileRegex } from '../matcher/regex.ts';
import type { Db } from '../store/db.ts';
import { alertsIn, type LoadInhibitors, type LoadTexts, readGroups, type SilencedBy } from './alerts.ts';
import { alertmanagerYaml } from './config.ts';
import {
  alertGroup,
  filterQuery,
  filtersOf,
  gettableAlert,
  gettableSilence,
  postableSilence,
  receivers,
} from './fields.ts';
import {
  bySilenceState,
  fromApiSilence,
  keepWhatIsUnsaid,
  ownId,
  type ShownSilence,
  silenceFits,
  toApiSilences,
} from './silences.ts';

/** What these routes need from the rest of the service. */
export interface AlertmanagerParts {
  db: Db;
  now: () => Date;
  snapshot: () => Promise<Snapshot>;
  loadTexts: LoadTexts;
  /** Every silence that hides an alert at a moment. */
  silencedByAt: (silences: readonly Silence[], now: Date) => SilencedBy;
  loadInhibitorsBy: (rules: readonly InhibitionRule[]) => LoadInhibitors;
  /** Our own routes of silences: whoever comes this way is checked, versioned and audited like everybody. */
  silences: Readonly<Record<'list' | 'make' | 'read' | 'replace' | 'end', AnyRoute>>;
  version: string;
  startedAt: Date;
}

/** The version of Alertmanager whose API this is: clients choose by it how they talk. */
const spokenVersion = '0.25.0';
const description = 'Alertmanager';

/** Every route of this feature. */
export function alertmanagerRoutes(parts: AlertmanagerParts): AnyRoute[] {
  return [statusRoute(parts), receiversRoute(parts), ...silenceRoutes(parts), alertsRoute(parts), groupsRoute(parts)];
}

function statusRoute({ snapshot, version, startedAt }: AlertmanagerParts): AnyRoute {
  return route({
    method: 'get',
    path: '/api/v2/status',
    tag: 'alert-groups',
    summary: 'What an Alertmanager says of itself; its configuration has our alert groups',
    role: 'viewer',
    responses: { 200: { description, schema: z.looseObject({}) } },
    handle: async () => ({
      status: 200,
      body: {
        // To its clients all replicas are one.
        cluster: { status: 'disabled', peers: [] },
        config: { original: alertmanagerYaml(await snapshot()) },
        uptime: startedAt.toISOString(),
        versionInfo: {
          ...{ version: spokenVersion, revision: `monitor-manager ${version}`, branch: '' },
          ...{ buildUser: '', buildDate: '', goVersion: '' },
        },
      },
    }),
  });
}

function receiversRoute({ snapshot }: AlertmanagerParts): AnyRoute {
  return route({
    method: 'get',
    path: '/api/v2/receivers',
    tag: 'alert-groups',
    summary: 'The names of the alert groups',
    role: 'viewer',
    responses: { 200: { description, schema: receivers } },
    handle: async () => {
      const { groups, builtin } = await snapshot();
      return { status: 200, body: [...groups, ...Object.values(builtin)].map(({ name }) => ({ name })) };
    },
  });
}

const flag = z.enum(['true', 'false']).default('true');
const receiver = z.string().max(1_000).optional().describe('A regular expression for names of alert groups');
const groupsQuery = filterQuery.extend({ receiver, active: flag, silenced: flag, inhibited: flag });
const alertsQuery = groupsQuery.extend({ unprocessed: flag });

async function readAsked(
  { db, now, snapshot, silencedByAt, loadTexts, loadInhibitorsBy }: AlertmanagerParts,
  query: z.infer<typeof groupsQuery>,
) {
  const asked = {
    filters: filtersOf(query.filter),
    receiver: receiverTest(query.receiver),
    active: query.active === 'true',
    silenced: query.silenced === 'true',
    inhibited: query.inhibited === 'true',
  };
  const at = now();
  const { silences, inhibitionRules } = await snapshot();
  return readGroups(db, asked, {
    ...{ loadTexts, now: at },
    silencedBy: silencedByAt(silences, at),
    loadInhibitors: loadInhibitorsBy(inhibitionRules),
  });
}

function receiverTest(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined || pattern === '') return () => true;
  try {
    return compileRegex(pattern);
  } catch (error) {
    if (!(error instanceof MatcherError)) throw error;
    throw invalid([{ in: 'query', path: 'receiver', message: error.message }]);
  }
}

function alertsRoute(parts: AlertmanagerParts): AnyRoute {
  return route({
    method: 'get',
    path: '/api/v2/alerts',
    tag: 'alerts',
    summary: 'The alerts that fire, as Alertmanager says it',
    role: 'viewer',
    query: alertsQuery,
    responses: { 200: { description, schema: z.array(gettableAlert) } },
    handle: async ({ query }) => ({ status: 200, body: alertsIn(await readAsked(parts, query)) }),
  });
}

function groupsRoute(parts: AlertmanagerParts): AnyRoute {
  return route({
    method: 'get',
    path: '/api/v2/alerts/groups',
    tag: 'incidents',
    summary: 'The open incidents with the alerts that fire in them, as the alert groups of Alertmanager',
    role: 'viewer',
    query: groupsQuery,
    responses: { 200: { description, schema: z.array(alertGroup) } },
    handle: async ({ query }) => ({ status: 200, body: await readAsked(parts, query) }),
  });
}

/** Alertmanager forgets silences so long after their end. */
const endedForMs = 120 * 3_600_000;
const idParam = z.object({ id: z.string().min(1).max(200) });

function silenceRoutes({ silences, now }: AlertmanagerParts): AnyRoute[] {
  /** The silence that an id of the API stands for, in both forms, and its ETag. */
  async function read(raw: Raw, id: string) {
    const { body, headers } = await silences.read.run({
      ...raw,
      params: { key: ownId(id) },
      query: {},
      body: undefined,
    });
    const own = body as ShownSilence;
    const said = toApiSilences(own).find((one) => one.id === id);
    if (said === undefined) throw new HttpProblem(404, `there is no silence ${id}`);
    return { own, said, etag: String(headers?.['ETag']) };
  }
  return [
    route({
      method: 'get',
      path: '/api/v2/silences',
      tag: 'silences',
      summary: 'The silences, as Alertmanager says it',
      role: 'viewer',
      query: filterQuery,
      responses: { 200: { description, schema: z.array(gettableSilence) } },
      handle: async (raw) => {
        const filters = filtersOf(raw.query.filter);
        const since = now().getTime() - endedForMs;
        const all = (await readAll(silences.list, raw)).filter((one) => Date.parse(one.ends_at) > since);
        const said = all.flatMap(toApiSilences).filter((one) => silenceFits(one, filters));
        return { status: 200, body: said.sort(bySilenceState) };
      },
    }),
    route({
      method: 'post',
      path: '/api/v2/silences',
      tag: 'silences',
      summary: 'Make a silence, or change the one with the id that is sent',
      role: 'responder',
      query: z.looseObject({}).describe('`confirm` as in our own API'),
      body: postableSilence,
      responses: { 200: { description, schema: z.object({ silenceID: z.string() }) } },
      handle: async (raw) => {
        const body = fromApiSilence(raw.body, now());
        const plain = { ...raw, params: {}, ifMatch: null };
        if (raw.body.id === undefined || raw.body.id === '') {
          const made = await edited(silences.make.run({ ...plain, body }));
          return { status: 200, body: { silenceID: String((made.body as ShownSilence).id) } };
        }
        const before = await read(raw, raw.body.id);
        const key = String(before.own.id);
        const whole = keepWhatIsUnsaid(body, before.own);
        await edited(silences.replace.run({ ...plain, ifMatch: before.etag, params: { key }, body: whole }));
        return { status: 200, body: { silenceID: key } };
      },
    }),
    route({
      method: 'get',
      path: '/api/v2/silence/:id',
      tag: 'silences',
      summary: 'One silence, as Alertmanager says it',
      role: 'viewer',
      params: idParam,
      responses: { 200: { description, schema: gettableSilence }, 404: { description: 'There is none' } },
      handle: async (raw) => {
        const { said } = await read(raw, raw.params.id);
        return { status: 200, body: said };
      },
    }),
    route({
      method: 'delete',
      path: '/api/v2/silence/:id',
      tag: 'silences',
      summary: 'End a silence',
      role: 'responder',
      params: idParam,
      responses: { 200: { description: 'Done' }, 404: { description: 'There is none' } },
      handle: async (raw) => {
        const { own } = await read(raw, raw.params.id);
        await silences.end.run({ ...raw, params: { key: String(own.id) }, query: {}, body: undefined, ifMatch: null });
        return { status: 200 };
      },
    }),
  ];
}

/** To its clients a conflict is a bad request, also one with somebody else's edit. */
async function edited(done: Promise<Reply>): Promise<Reply> {
  try {
    return await done;
  } catch (error) {
    if (error instanceof HttpProblem && [409, 412].includes(error.status)) throw new HttpProblem(400, error.message);
    throw error;
  }
}

type Raw = RouteInput<unknown, unknown, unknown>;

async function readAll(list: AnyRoute, raw: Raw): Promise<ShownSilence[]> {
  const all: ShownSilence[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const query = { limit: '500', ...(cursor === undefined ? {} : { cursor }) };
    const { body } = await list.run({ ...raw, query, body: undefined });
    const page = body as { items: ShownSilence[]; next_cursor: string | null };
    all.push(...page.items);
    cursor = page.next_cursor;
  }
  return all;
}
