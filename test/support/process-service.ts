/** The built service as a process of its own: what an operator runs, with `kill -9` and everything. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeFolder, temporaryFolder } from './folders.ts';
import type { ServerProcess } from './processes.ts';
import { startProcess } from './processes.ts';
import { eventually, freePort } from './wait.ts';

/** What a test wants of its process. */
export interface ProcessServiceOptions {
  /** Settings by their environment names; they win over the usual ones. */
  env?: Record<string, string>;
  /** A document in the form that `apply` reads: provisioned at every start. */
  config?: unknown;
  /** More arguments of node, for example `--cpu-prof`. */
  nodeArgs?: readonly string[];
}

/** One service process, and its successors on the same port and data. */
export interface ProcessService extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Of the process that runs now; changes with `start`. */
  readonly pid: number;
  /** Everything that its processes have written to stdout and stderr so far. */
  output(): string;
  isRunning(): boolean;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when the process that runs now has ended. */
  exited(): Promise<void>;
  /** Starts the next process once the last has ended; resolves when it is ready. */
  start(): Promise<void>;
  /** Posts as an Alertmanager does. */
  post(token: string, payload: unknown, signal?: AbortSignal): Promise<Response>;
  /** Calls the API as admin. @throws Error with the answer's body when it is not 2xx */
  api<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>;
  /** Stops and removes everything. Idempotent. */
  stop(): Promise<void>;
}

/** The admin token of every process service. */
export const processAdminToken = 'admin-token-of-the-process';

const root = fileURLToPath(new URL('../..', import.meta.url));

const ready = () => import('../../scripts/ready.mjs');

/** The built entry file; `MM_BUILT` names another one, for example of an unpacked release. Builds what is stale. */
export async function builtMain(): Promise<string> {
  const other = process.env['MM_BUILT'];
  if (other !== undefined) return other;
  (await ready()).ensureBuild();
  return join(root, 'dist', 'main.js');
}

/** Starts `node dist/main.js serve` on a free port, and waits until it is ready. */
export async function startProcessService(options: ProcessServiceOptions = {}): Promise<ProcessService> {
  const main = await builtMain();
  const { nodeFlags } = await ready();
  const folder = temporaryFolder('process');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const dataDir = join(folder, 'data');
  const logFile = join(folder, 'service.log');
  mkdirSync(dataDir);
  const env = environment({ folder, port, url, dataDir }, options);
  const spawn = () =>
    startProcess({
      name: 'monitor-manager',
      command: '/usr/bin/env',
      args: ['-i', ...env, process.execPath, ...nodeFlags, ...(options.nodeArgs ?? []), main, 'serve'],
      logFile,
    });
  let server = spawn();
  const stop = async () => {
    await server.stop('SIGKILL');
    removeFolder(folder);
  };
  try {
    await untilServing(server, url);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    port,
    dataDir,
    get pid() {
      return server.pid;
    },
    output: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''),
    isRunning: () => server.isRunning(),
    kill: () => server.stop('SIGKILL'),
    signal: (signal) => server.signal(signal),
    exited: () => server.exited,
    async start() {
      await server.exited;
      server = spawn();
      await untilServing(server, url);
    },
    post: (token, payload, signal) => postWebhook(url, { token, payload, signal }),
    api: (method, path, body) => callApi(url, { method, path, body }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function environment(
  facts: { folder: string; port: number; url: string; dataDir: string },
  { env = {}, config }: ProcessServiceOptions,
): string[] {
  const provision = join(facts.folder, 'provision.yaml');
  if (config !== undefined) writeFileSync(provision, JSON.stringify(config));
  const all = {
    PATH: process.env['PATH'] ?? '',
    MM_LISTEN: `127.0.0.1:${facts.port}`,
    MM_EXTERNAL_URL: facts.url,
    MM_DATA_DIR: facts.dataDir,
    MM_SITE: 'test',
    MM_ADMIN_TOKEN: processAdminToken,
    ...(config === undefined ? {} : { MM_PROVISION: provision }),
    ...env,
  };
  return Object.entries(all).map(([name, value]) => `${name}=${value}`);
}

/** A first start makes the embedded database, which takes half a minute on a busy machine. */
async function untilServing(server: ServerProcess, url: string): Promise<void> {
  try {
    await eventually(async () => !server.isRunning() || (await fetch(`${url}/-/ready`)).ok, {
      timeoutMs: 150_000,
      everyMs: 25,
      describe: 'the service to be ready',
    });
    if (!server.isRunning()) throw new Error('it ended at once');
  } catch (error) {
    throw new Error(`the service did not start: ${(error as Error).message}\n${server.logTail()}`, { cause: error });
  }
}

function postWebhook(
  url: string,
  { token, payload, signal }: { token: string; payload: unknown; signal: AbortSignal | undefined },
): Promise<Response> {
  return fetch(`${url}/api/v1/webhooks/alertmanager`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: typeof payload === 'string' ? payload : JSON.stringify(payload),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function callApi<T>(
  url: string,
  { method, path, body }: { method: string; path: string; body: unknown },
): Promise<T> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${processAdminToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
