/** What is measured: Monitor Manager in its three deployments, and an Alertmanager beside it. */
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { startAlertmanager } from '../support/alertmanager.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { startProcessService } from '../support/process-service.ts';
import { startRedis } from '../support/redis.ts';
import type { Form } from './alerts.ts';

/** One thing under load. */
export interface Subject {
  form: Form;
  url: string;
  path: string;
  headers: Record<string, string>;
  pid: number;
  /** Bytes of write-ahead log so far, over the whole server; null where there is none to ask. */
  walBytes: () => Promise<number | null>;
  /** CPU time used so far by the process and its database server, in seconds. */
  cpuSeconds: () => Promise<number>;
  stop(): Promise<void>;
}

/** Alerts of this job are told at once; those of the bench after the usual waits. */
export const latencyJob = 'latency';
/** Alerts of this job are told an hour later, so that nothing but their intake is measured. */
export const quietJob = 'quiet';

const token = 'source-token-of-the-bench';
const policy = { group_by: ['alertname', 'cluster'], group_wait: '30s', group_interval: '5m', repeat_interval: '4h' };

const config = {
  sources: [{ name: 'bench', token }],
  contacts: [{ name: 'on-call', email: 'on-call@example.org', locale: 'en', timezone: 'UTC' }],
  alert_groups: [
    {
      name: 'at-once',
      matchers: [`job="${latencyJob}"`],
      members: ['on-call'],
      channels: ['email'],
      policy: { ...policy, group_by: ['number'], group_wait: '0s' },
    },
    {
      name: 'quiet',
      matchers: [`job="${quietJob}"`],
      members: ['on-call'],
      channels: ['email'],
      policy: { ...policy, group_wait: '1h' },
    },
    { name: 'bench', matchers: ['job="bench"'], members: ['on-call'], channels: ['email'], policy },
  ],
};

async function serviceSubject(smtpUrl: string, ground: Ground): Promise<Subject> {
  const nodeArgs = (process.env['MM_BENCH_NODE_ARGS'] ?? '').split(' ').filter(Boolean);
  const service = await startProcessService({
    config,
    env: { ...ground.env, SMTP_URL: smtpUrl, MM_MAIL_FROM: 'mm@example.org', MM_LOG_LEVEL: 'warn' },
    nodeArgs,
  });
  return {
    form: 'webhook',
    url: service.url,
    path: '/api/v1/webhooks/alertmanager',
    headers: { authorization: `Bearer ${token}` },
    pid: service.pid,
    walBytes: () => walBytes(ground.env['DATABASE_URL']),
    cpuSeconds: async () => cpuOf(service.pid) + (await databaseCpu(ground.env['DATABASE_URL'])),
    async stop() {
      service.signal('SIGTERM');
      await service.exited();
      const complaints = service.output().trim();
      if (complaints !== '') console.log(complaints.split('\n').slice(-8).join('\n'));
      await service.stop();
      await ground.stop();
    },
  };
}

interface Ground {
  env: Record<string, string>;
  stop: () => Promise<void>;
}

/** PostgreSQL as it is shipped, durable, with one database; the server goes with it. */
async function postgresGround(): Promise<Ground> {
  const server: PostgresServer = await startPostgres();
  return { env: { DATABASE_URL: await server.createDatabase() }, stop: () => server.stop() };
}

async function redisGround(): Promise<Ground> {
  const postgres = await postgresGround();
  const redis = await startRedis();
  return {
    env: { ...postgres.env, REDIS_URL: redis.url },
    async stop() {
      await redis.stop();
      await postgres.stop();
    },
  };
}

/** Alertmanager with the same groups, waits and mail server. */
export async function startAlertmanagerSubject(smtpUrl: string): Promise<Subject> {
  const server = await startAlertmanager({
    config: {
      global: { smtp_smarthost: new URL(smtpUrl).host, smtp_from: 'am@example.org', smtp_require_tls: false },
      route: {
        receiver: 'mail',
        ...policy,
        routes: [
          { matchers: [`job="${latencyJob}"`], group_by: ['number'], group_wait: '0s' },
          { matchers: [`job="${quietJob}"`], group_wait: '1h' },
        ],
      },
      receivers: [{ name: 'mail', email_configs: [{ to: 'on-call@example.org' }] }],
    },
  });
  return {
    form: 'alertmanager',
    url: server.url,
    path: '/api/v2/alerts',
    headers: {},
    pid: server.pid,
    walBytes: () => Promise.resolve(null),
    cpuSeconds: () => Promise.resolve(cpuOf(server.pid)),
    stop: () => server.stop(),
  };
}

/** Every subject, each started when its turn comes. */
export const subjects: readonly { name: string; start: (smtpUrl: string) => Promise<Subject> }[] = [
  { name: 'Alertmanager (memory only)', start: startAlertmanagerSubject },
  { name: 'embedded', start: (smtp) => serviceSubject(smtp, { env: {}, stop: () => Promise.resolve() }) },
  { name: 'PostgreSQL only', start: async (smtp) => serviceSubject(smtp, await postgresGround()) },
  { name: 'PostgreSQL and Redis', start: async (smtp) => serviceSubject(smtp, await redisGround()) },
];

async function walBytes(databaseUrl: string | undefined): Promise<number | null> {
  if (databaseUrl === undefined) return null;
  return ask(databaseUrl, `select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8 as value`, (value) => value);
}

/** The CPU time of a PostgreSQL server: of itself, of its sessions, and of those that have ended. */
async function databaseCpu(databaseUrl: string | undefined): Promise<number> {
  if (databaseUrl === undefined) return 0;
  const server = await ask(databaseUrl, 'select pg_backend_pid() as value', (pid) => statOf(pid)?.parent);
  const all = readdirSync('/proc').flatMap((entry) => (/^\d+$/.test(entry) ? (statOf(Number(entry)) ?? []) : []));
  const ended = all.find((one) => one.pid === server)?.endedChildrenSeconds ?? 0;
  return all.reduce((sum, one) => sum + (one.pid === server || one.parent === server ? one.seconds : 0), ended);
}

/** Asks one question; `read` sees the answer while the session still lives. */
async function ask<T>(databaseUrl: string, question: string, read: (value: number) => T): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return read((await client.query<{ value: number }>(question)).rows[0]?.value ?? 0);
  } finally {
    await client.end();
  }
}

/** What the kernel knows of a process; its clock ticks 100 times a second. */
function statOf(pid: number): { pid: number; parent: number; seconds: number; endedChildrenSeconds: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in parentheses and may hold blanks.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent = 0, user = 0, system = 0, endedUser = 0, endedSystem = 0] = [1, 11, 12, 13, 14].map(
      (i) => fields[i],
    );
    return { pid, parent, seconds: (user + system) / 100, endedChildrenSeconds: (endedUser + endedSystem) / 100 };
  } catch {
    return null;
  }
}

function cpuOf(pid: number): number {
  return statOf(pid)?.seconds ?? 0;
}

/** Resident memory of a process now, in MiB. */
export function residentMiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
