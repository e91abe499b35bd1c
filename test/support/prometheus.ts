/** A real Prometheus with one-second intervals, and a gauge that the test turns to make alerts fire. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeFolder, temporaryFolder } from './folders.ts';
import type { GaugeServer } from './gauges.ts';
import { startGauges } from './gauges.ts';
import { startProcess, untilReady } from './processes.ts';
import { programPath } from './programs.ts';
import { freePort } from './wait.ts';

/** A Prometheus rule file as an object; it is written as JSON, which is YAML. */
export interface RuleFile {
  groups: readonly { name: string; interval?: string; rules: readonly Record<string, unknown>[] }[];
}

export interface PrometheusOptions {
  /** Base URLs that get its alerts, for example of an Alertmanager. */
  alertmanagers?: readonly string[];
  /** Sent to all of them. */
  bearerToken?: string;
  externalLabels?: Record<string, string>;
  /** Default: `defaultRules`. */
  rules?: RuleFile;
  /** What it scrapes besides its gauges: base URLs by job. */
  scrapes?: Readonly<Record<string, string>>;
  /** How often a firing alert is sent again; its `endsAt` is four times this ahead. */
  resendDelay?: string;
}

/** One Prometheus server. */
export interface PrometheusServer extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** The gauges that it scrapes every second: `gauges.set('switched_alert', 1, { severity: 'critical' })`. */
  readonly gauges: GaugeServer;
  /** Writes other rules and loads them. */
  writeRules(rules: RuleFile): Promise<void>;
  /** Reads configuration and rules again. @throws Error with Prometheus' words when it refuses them. */
  reload(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Stops and removes everything. Idempotent. */
  stop(): Promise<void>;
}

/**
 * `Watchdog` always fires; `SwitchedAlert` fires per series of the gauge `switched_alert` that is 1, with its labels. A
 * scrape that a busy machine misses ends nothing.
 */
export const defaultRules: RuleFile = {
  groups: [
    {
      name: 'test',
      interval: '1s',
      rules: [
        { alert: 'Watchdog', expr: 'vector(1)', labels: { severity: 'none' } },
        {
          alert: 'SwitchedAlert',
          expr: 'last_over_time(switched_alert[30s]) == 1',
          annotations: { summary: 'switched on by a test' },
        },
      ],
    },
  ],
};

/** Starts Prometheus on a free port. */
export async function startPrometheus(options: PrometheusOptions = {}): Promise<PrometheusServer> {
  const gauges = await startGauges();
  const folder = temporaryFolder('prometheus');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const rulesFile = join(folder, 'rules.yml');
  writeFileSync(rulesFile, JSON.stringify(options.rules ?? defaultRules));
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(configuration(options, rulesFile, gauges.address)));
  const server = startProcess({
    name: 'prometheus',
    command: programPath('prometheus'),
    args: commandLine(folder, port, options.resendDelay ?? '5s'),
    logFile: join(folder, 'prometheus.log'),
  });
  const stop = async () => {
    await server.stop('SIGKILL');
    await gauges.stop();
    removeFolder(folder);
  };
  try {
    await untilReady(server, async () => (await fetch(`${url}/-/ready`)).ok);
  } catch (error) {
    await stop();
    throw error;
  }
  const reload = () => postReload(url);
  return {
    url,
    pid: server.pid,
    gauges,
    async writeRules(rules) {
      writeFileSync(rulesFile, JSON.stringify(rules));
      await reload();
    },
    reload,
    freeze: server.freeze,
    thaw: server.thaw,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Asks its API: `query`, `label/job/values`. @throws Error with Prometheus's words when it refuses */
export async function askPrometheus<T>(url: string, path: string, parameters: Record<string, string>): Promise<T> {
  const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
  const answer = (await response.json()) as { status: string; error?: string; data: T };
  if (answer.status !== 'success') throw new Error(`${parameters['query'] ?? path}: ${answer.error}`);
  return answer.data;
}

/** Asks a Prometheus-like server to read its files again. @throws Error with its answer when it refuses. */
export async function postReload(url: string): Promise<void> {
  const response = await fetch(`${url}/-/reload`, { method: 'POST' });
  if (!response.ok) throw new Error(`reload refused: ${await response.text()}`);
}

function configuration(options: PrometheusOptions, rulesFile: string, gaugesAddress: string): unknown {
  return {
    global: {
      scrape_interval: '1s',
      scrape_timeout: '1s',
      evaluation_interval: '1s',
      external_labels: options.externalLabels ?? {},
    },
    rule_files: [rulesFile],
    alerting: {
      alertmanagers: (options.alertmanagers ?? []).map((address) => ({
        api_version: 'v2',
        path_prefix: new URL(address).pathname,
        ...(options.bearerToken === undefined ? {} : { authorization: { credentials: options.bearerToken } }),
        static_configs: [{ targets: [new URL(address).host] }],
      })),
    },
    scrape_configs: Object.entries({ test: `http://${gaugesAddress}`, ...options.scrapes }).map(([job_name, url]) => ({
      job_name,
      static_configs: [{ targets: [new URL(url).host] }],
    })),
  };
}

function commandLine(folder: string, port: number, resendDelay: string): string[] {
  return [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--storage.tsdb.retention.time=1h',
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-lifecycle',
    `--rules.alert.resend-delay=${resendDelay}`,
    '--log.level=warn',
  ];
}
