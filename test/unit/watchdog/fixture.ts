import { fileURLToPath } from 'node:url';
import type { Report } from '../../../src/alert/alert.ts';
import type { AlertGroup, Heartbeat, Snapshot, Source } from '../../../src/alert/config.ts';
import { type Labels, labelsOf } from '../../../src/alert/labels.ts';
import { makeMatcher } from '../../../src/matcher/compile.ts';
import type { Matcher } from '../../../src/matcher/matcher.ts';
import type { Db } from '../../../src/store/db.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { openPglite } from '../../../src/store/pglite.ts';
import { defaultHeartbeatPattern } from '../../../src/watchdog/beats.ts';
import { usualPolicy } from '../../support/policy.ts';

export const start = new Date('2026-01-05T08:00:00.000Z');

/** The time so many seconds after the start of the test. */
export function at(second: number): Date {
  return new Date(start.getTime() + second * 1_000);
}

export async function openDb(): Promise<Db> {
  const db = await openPglite({ dataDir: null });
  await migrate(db, { dir: fileURLToPath(new URL('../../../migrations', import.meta.url)), now: start });
  return db;
}

/** Two sources, `az-a` and `az-b`, and no heartbeats. */
export async function emptyDb(db: Db): Promise<void> {
  await db.query('truncate heartbeat, heartbeat_stream, tick, outage, source restart identity cascade');
  await db.query('update config_version set version = 1');
  await db.query(
    `insert into source (name, site, labels, updated_at) values ('az-a', 'site-a', '{}', $1), ('az-b', 'site-b', '{}', $1)`,
    [start],
  );
}

export const is = (name: string, value: string): Matcher => makeMatcher(name, '=', value);

export const discover = makeMatcher('alertname', '=~', defaultHeartbeatPattern);

function source(id: number, name: string, site: string): Source {
  return { id, name, site, kind: 'alertmanager', labels: {} };
}

export function heartbeat(change: Partial<Heartbeat> = {}): Heartbeat {
  const matchers = [is('alertname', 'Watchdog')];
  return { id: 1, name: 'prom-a', sourceId: 1, matchers, timeoutMs: 120_000, alertGroup: null, ...change };
}

export function snapshot(heartbeats: readonly Heartbeat[] = [], version = 1): Snapshot {
  const group: AlertGroup = {
    id: 1,
    name: 'watchdog',
    builtin: 'watchdog',
    matchers: [],
    continue: false,
    members: [],
    schedules: [],
    escalation: [],
    channels: [],
    robots: [],
    policy: { ...usualPolicy, groupBy: [], groupWaitMs: 0, groupIntervalMs: 0, repeatIntervalMs: 0 },
    version: 1,
  };
  return {
    version,
    routingVersion: version,
    sources: new Map([
      [1, source(1, 'az-a', 'site-a')],
      [2, source(2, 'az-b', 'site-b')],
    ]),
    sourceByTokenHash: new Map(),
    groups: [],
    groupsById: new Map(),
    builtin: { unrouted: group, self: group, watchdog: group },
    silences: [],
    timeIntervals: new Map(),
    schedules: new Map(),
    inhibitionRules: [],
    heartbeats,
    dailyMessages: [],
  };
}

/** Stores a declared heartbeat, so that rows can refer to it. */
export async function declare(db: Db, declared: Heartbeat): Promise<void> {
  await db.query(
    `insert into heartbeat (id, name, source, matchers, timeout_ms, alert_group, updated_at)
     overriding system value
     values ($1, $2, (select name from source where id = $3), '{}', $4, null, $5)`,
    [declared.id, declared.name, declared.sourceId, declared.timeoutMs, start],
  );
}

export function report(labels: Record<string, string>, change: Partial<Report> = {}): Report {
  const all: Labels = labelsOf(Object.entries({ ...labels, ...change.replicaLabels }));
  return {
    sourceId: 1,
    fingerprint: JSON.stringify(all),
    alertFingerprint: JSON.stringify(labels),
    labels: labelsOf(Object.entries(labels)),
    replicaLabels: null,
    annotations: {},
    generatorUrl: null,
    status: 'firing',
    startsAt: new Date(0),
    endsAt: null,
    expiresAt: null,
    groupKey: 'g',
    lane: 'normal',
    pinnedGroup: null,
    ...change,
  };
}
