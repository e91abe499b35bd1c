/** A real Alertmanager that posts to a webhook, alone or in a cluster on this machine. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeFolder, temporaryFolder } from './folders.ts';
import type { ServerProcess } from './processes.ts';
import { startProcess, untilReady } from './processes.ts';
import { programPath } from './programs.ts';
import { postReload } from './prometheus.ts';
import { freePort } from './wait.ts';

/** An alert as `POST /api/v2/alerts` takes it. */
export interface PostableAlert {
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  startsAt?: string;
  endsAt?: string;
  generatorURL?: string;
}

export interface AlertmanagerOptions {
  /** The receiver `monitor-manager`: where webhooks go. */
  webhook?: { url: string; bearerToken?: string };
  /** Changes to the root route (defaults: group_by alertname, group_wait 1s, group_interval 2s, repeat_interval 1m). */
  route?: Record<string, unknown>;
  /** A whole configuration instead of the one made from `webhook` and `route`. */
  config?: Record<string, unknown>;
  /** `clusterAddress` of the others; an empty list starts the first member of a cluster. Left out: no cluster. */
  peers?: readonly string[];
  /** More arguments, for example `--cluster.peer-timeout=1s`. */
  args?: readonly string[];
}

/** One Alertmanager. */
export interface AlertmanagerServer extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** Where other members reach it; null outside of a cluster. */
  readonly clusterAddress: string | null;
  /** @throws Error with Alertmanager's words when it refuses them. */
  post(alerts: readonly PostableAlert[]): Promise<void>;
  /** Writes another configuration and loads it. */
  writeConfig(config: Record<string, unknown>): Promise<void>;
  reload(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** SIGKILL; the data stays for `restart`. */
  kill(): Promise<void>;
  /** Starts again on the same port with the same data. */
  restart(): Promise<void>;
  /** Stops and removes everything. Idempotent. */
  stop(): Promise<void>;
}

/** Starts an Alertmanager on a free port. */
export async function startAlertmanager(options: AlertmanagerOptions = {}): Promise<AlertmanagerServer> {
  const folder = temporaryFolder('alertmanager');
  const url = `http://127.0.0.1:${await freePort()}`;
  const clusterAddress = options.peers === undefined ? null : `127.0.0.1:${await freePort()}`;
  const configFile = join(folder, 'alertmanager.yml');
  writeFileSync(configFile, JSON.stringify(options.config ?? configuration(options)));
  const start = () => startServerProcess({ folder, url, clusterAddress, options });
  let server: ServerProcess;
  try {
    server = await start();
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
  const stop = async () => {
    await server.stop('SIGKILL');
    removeFolder(folder);
  };
  return {
    url,
    get pid() {
      return server.pid;
    },
    clusterAddress,
    post: (alerts) => postAlerts(url, alerts),
    async writeConfig(config) {
      writeFileSync(configFile, JSON.stringify(config));
      await postReload(url);
    },
    reload: () => postReload(url),
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
    kill: () => server.stop('SIGKILL'),
    async restart() {
      await server.stop('SIGTERM');
      server = await start();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Resolves with the state of the cluster (`ready`, `settling`, `disabled`) and how many members this one sees. */
export async function clusterStatus(url: string): Promise<{ status: string; members: number }> {
  const answer = (await (await fetch(`${url}/api/v2/status`)).json()) as {
    cluster: { status: string; peers?: unknown[] };
  };
  return { status: answer.cluster.status, members: answer.cluster.peers?.length ?? 0 };
}

async function postAlerts(url: string, alerts: readonly PostableAlert[]): Promise<void> {
  const response = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });
  if (!response.ok) throw new Error(`Alertmanager refused the alerts: ${await response.text()}`);
}

function configuration({ webhook, route }: AlertmanagerOptions): Record<string, unknown> {
  const authorization = webhook?.bearerToken && { authorization: { credentials: webhook.bearerToken } };
  const target = webhook && { url: webhook.url, send_resolved: true, http_config: authorization || {} };
  return {
    route: {
      receiver: 'monitor-manager',
      group_by: ['alertname'],
      group_wait: '1s',
      group_interval: '2s',
      repeat_interval: '1m',
      ...route,
    },
    receivers: [{ name: 'monitor-manager', webhook_configs: target ? [target] : [] }],
  };
}

interface ServerFacts {
  folder: string;
  url: string;
  clusterAddress: string | null;
  options: AlertmanagerOptions;
}

async function startServerProcess({ folder, url, clusterAddress, options }: ServerFacts): Promise<ServerProcess> {
  const server = startProcess({
    name: 'prometheus-alertmanager',
    command: programPath('alertmanager'),
    args: [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${new URL(url).host}`,
      `--cluster.listen-address=${clusterAddress ?? ''}`,
      ...(options.peers ?? []).map((peer) => `--cluster.peer=${peer}`),
      ...(options.args ?? []),
    ],
    logFile: join(folder, 'alertmanager.log'),
  });
  // "/-/ready" waits until a cluster has settled (at least 10 s); posting works before that.
  await untilReady(server, async () => (await fetch(`${url}/-/healthy`)).ok);
  return server;
}
