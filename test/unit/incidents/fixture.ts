import type { Server } from 'node:http';
import request from 'supertest';
import type { Silence, Snapshot } from '../../../src/alert/config.ts';
import type { TestTarget } from '../../../src/alert/test-message.ts';
import type { Role } from '../../../src/http/route.ts';
import { createHttpServer } from '../../../src/http/server.ts';
import { incidentRoutes } from '../../../src/incidents/routes.ts';
import { makeMatcher } from '../../../src/matcher/compile.ts';
import { suppressAt } from '../../../src/pipeline/converge/suppress.ts';
import type { Db } from '../../../src/store/db.ts';
import { handClock } from '../../support/clock.ts';
import { freshDb } from '../../support/fresh-db.ts';
import { nobodys, usualPolicy } from '../../support/policy.ts';

const start = new Date('2026-01-05T08:00:00.000Z');

/** The time so many seconds after the start of the test. */
export function at(second: number): Date {
  return new Date(start.getTime() + second * 1_000);
}

export function iso(second: number): string {
  return at(second).toISOString();
}

/** What {@link useApi} makes for each test of a file. */
export let db: Db;
export let api: Api;

/** Gives every test of a file a filled database and the API over it. */
export function useApi(): void {
  let server: Server;
  beforeAll(async () => {
    db = await freshDb();
  });
  beforeEach(async () => {
    await fill();
    ({ api, server } = serve());
  });
  afterEach(() => server.close());
  afterAll(() => db.close());
}

/** The API over one database, with everything that it called noted down. */
export interface Api {
  clock: ReturnType<typeof handClock>;
  due: string[];
  delivers: number[];
  tests: TestTarget[];
  /** What the snapshot has; empty until a test adds some. */
  silences: Silence[];
  get(path: string): Promise<request.Response>;
  post(path: string, body?: object, role?: Role): Promise<request.Response>;
  delete(path: string, role?: Role): Promise<request.Response>;
}

/** Alert groups `database` (1) and `unrouted` (2), source `az-a` (1), destinations 1 (mail), 2 (outbox), 3 (robot). */
async function fill(): Promise<void> {
  await db.query(`truncate source, contact, robot, alert_group, alert, reporter, incident, incident_alert, destination,
    thread, receipt, notification, attempt, step, quarantine, audit restart identity cascade`);
  await db.query(
    `insert into alert_group (name, builtin, position, updated_at) values ('database', null, 1, $1), ('unrouted', 'unrouted', 2, $1)`,
    [start],
  );
  await db.query(`insert into source (name, site, updated_at) values ('az-a', 'a', $1), ('az-b', 'b', $1)`, [start]);
  await db.query(
    `insert into contact (name, email, locale, timezone, updated_at) values ('li.wei', 'li.wei@example.org', 'zh-CN', 'UTC', $1)`,
    [start],
  );
  await db.query(
    `insert into destination (channel, address, name, locale, timezone, created_at) values
       ('email', 'li.wei@example.org', 'li.wei', 'zh-CN', 'UTC', $1),
       ('outbox', 'wecom-app:LiWei', 'li.wei', 'zh-CN', 'UTC', $1),
       ('wecom-robot', 'ops', 'ops', 'en', 'UTC', $1)`,
    [start],
  );
}

/** A row of any table; columns of type jsonb take objects. Returns its id, if it has one. */
export async function insert(db: Db, table: string, row: Record<string, unknown>): Promise<string> {
  const names = Object.keys(row);
  const values = Object.values(row).map((v) =>
    v !== null && typeof v === 'object' && !(v instanceof Date) ? JSON.stringify(v) : v,
  );
  const places = names.map((_, i) => `$${i + 1}`);
  const rows = await db.query<Record<string, unknown>>(
    `insert into ${table} (${names.join(', ')}) values (${places.join(', ')}) returning *`,
    values,
  );
  return String(rows.rows[0]?.['id'] ?? '');
}

/** An alert that has fired since the start; its fingerprint is `name`. */
export async function insertAlert(db: Db, name: string, change: Record<string, unknown> = {}): Promise<void> {
  await insert(db, 'alert', {
    fingerprint: name,
    labels: { alertname: name, severity: 'warning' },
    lane: 'normal',
    state: 'firing',
    episode: 1,
    since: start,
    changed_at: start,
    first_seen: start,
    routed_version: 1,
    ...change,
  });
}

/** An open incident of `database` that holds these alerts. */
export async function insertIncident(
  db: Db,
  alerts: readonly string[],
  change: Record<string, unknown> = {},
): Promise<string> {
  const id = await insert(db, 'incident', {
    group_id: 1,
    group_key: alerts.join(' '),
    group_labels: { alertname: alerts[0] ?? '' },
    lane: 'normal',
    opened_at: start,
    decided_version: 1,
    ...change,
  });
  for (const alert of alerts) {
    await insert(db, 'incident_alert', { incident_id: id, alert_fingerprint: alert, joined_at: start });
  }
  return id;
}

/** An accepted mail to li.wei that told what `told` says. */
export function insertNotification(db: Db, incidentId: string | null, change: Record<string, unknown> = {}) {
  return insert(db, 'notification', {
    destination_id: 1,
    incident_id: incidentId,
    sequence: 1,
    state: 'accepted',
    reason: 'opened',
    created_at: start,
    ...change,
  });
}

const snapshot: Snapshot = {
  version: 7,
  routingVersion: 7,
  sources: new Map(),
  sourceByTokenHash: new Map(),
  groups: [],
  groupsById: new Map(),
  builtin: { unrouted: noGroup(2), self: noGroup(3), watchdog: noGroup(4) },
  silences: [],
  timeIntervals: new Map(),
  schedules: new Map(),
  inhibitionRules: [],
  heartbeats: [],
  dailyMessages: [],
};

function noGroup(id: number): Snapshot['builtin']['self'] {
  const policy = { ...usualPolicy, groupBy: [], groupWaitMs: 0, groupIntervalMs: 0 };
  const none = { matchers: [], members: [], schedules: [], channels: [], robots: [], escalation: [] };
  return { id, name: '', builtin: null, continue: false, version: 1, policy, ...none };
}

/** Serves the routes; the bearer token is the role. */
function serve(): { api: Api; server: Server } {
  const clock = handClock(at(600));
  const [due, delivers, tests, silences]: [string[], number[], TestTarget[], Silence[]] = [[], [], [], []];
  const groupsById = new Map([[1, { ...noGroup(1), name: 'database' }]]);
  const routes = incidentRoutes({
    db,
    now: () => clock.now(),
    snapshot: async () => ({ ...snapshot, groupsById, silences: silences.map(nobodys) }),
    critical: [makeMatcher('severity', '=', 'critical')],
    suppressAt,
    onDue: (ids) => due.push(...ids),
    onDeliver: (ids) => delivers.push(...ids),
    sendTest: async (target) => {
      tests.push(target);
      const result = { destination: 'li.wei@example.org', channel: 'email', ok: true, answer: '250 ok' };
      return target.channel === 'wecom-app' ? [] : [{ ...result, reason: 'accepted', remedy: null }];
    },
    rateLeft: ({ tokens }) => [
      { name: 'minute', shared: false, burst: 5, perMinute: 15, left: Math.floor(tokens ?? 5) },
    ],
    outgoing: async () => ({ lastSentAt: at(540), withheld: [], failingChannels: [], failure: null }),
    inChinese: (remedy) => `中文：${remedy}`,
    past: async () => ({ groups: [], schedules: [], person: [] }),
    status: () => ({
      site: 'hq',
      version: '0.1.0',
      queue: 'postgres',
      startedAt: start,
      emergencyContacts: 1,
      channels: [
        { name: 'email', configured: true },
        { name: 'wecom-app', configured: false },
      ],
    }),
  });
  const server = createHttpServer({
    routes,
    authenticate: async (req) => {
      const role = req.headers.authorization?.replace('Bearer ', '') as Role | undefined;
      return role === undefined ? null : { name: `${role}-person`, role };
    },
    info: { title: 'Monitor Manager', version: '0' },
    log: { debug: () => {}, error: () => {} },
  });
  const bearer = (role: Role) => ({ Authorization: `Bearer ${role}` });
  const api: Api = {
    clock,
    due,
    delivers,
    tests,
    silences,
    get: (path) => request(server).get(path).set(bearer('viewer')),
    post: (path, body, role = 'editor') => request(server).post(path).set(bearer(role)).send(body),
    delete: (path, role = 'editor') => request(server).delete(path).set(bearer(role)),
  };
  return { api, server };
}
