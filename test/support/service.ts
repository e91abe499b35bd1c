/** Starts the real service in this process: port 0, a database of its own, a clock that the test drives by hand. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApp, type Service } from '../../src/app.ts';
import { createLogger } from '../../src/log.ts';
import { loadSettings } from '../../src/settings.ts';
import type { EmbeddedDb } from '../../src/store/pglite.ts';
import { type HandClock, handClock } from './clock.ts';
import { freshDb, migrationsDir } from './fresh-db.ts';

const pageDir = fileURLToPath(new URL('../../dist/web', import.meta.url));

/** What a test wants of its service. */
export interface ServiceOptions {
  /** Settings by their environment names. */
  env?: Record<string, string>;
  clock?: HandClock;
  /** True: the schedule and the queue work by themselves, as in production. */
  scheduled?: boolean;
  /** Runs before the service starts, for example to look at it with an older database. */
  db?: EmbeddedDb;
  /** Lines of the log, JSON. */
  logLines?: string[];
  /** Which it says it is. */
  version?: string;
  /** Shifts the database's clock for leases. */
  leaseOffsetMs?: () => number;
}

/** A service under test, with short words for what tests do. */
export interface TestService extends AsyncDisposable {
  service: Service;
  clock: HandClock;
  url: string;
  logLines: string[];
  /** Calls the API as admin; throws on an answer that is not 2xx, with its body. */
  api<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>;
  /** Applies a document in the form that `apply` reads. */
  apply(document: unknown): Promise<void>;
  /** Posts as an Alertmanager does; returns the response. */
  post(token: string, payload: unknown): Promise<Response>;
  /** Moves the clock and runs everything that is due, in steps of at most `stepMs`. */
  advance(ms: number, stepMs?: number): Promise<void>;
  stop(): Promise<void>;
}

export const adminToken = 'admin-token-for-tests';

/** Starts a service; embedded in memory unless `env` names a DATABASE_URL. */
export async function startService(options: ServiceOptions = {}): Promise<TestService> {
  const clock = options.clock ?? handClock();
  const dataDir = await mkdtemp(join(tmpdir(), 'mm-service-'));
  const logLines = options.logLines ?? [];
  const env = {
    MM_LISTEN: '127.0.0.1:0',
    MM_DATA_DIR: dataDir,
    MM_ADMIN_TOKEN: adminToken,
    MM_SITE: 'test',
    ...options.env,
  };
  const settings = loadSettings({
    env,
    configPath: null,
    hostname: 'test',
    readFile: (path) => readFileSync(path, 'utf8'),
  });
  const ownDb = options.db === undefined && settings.databaseUrl === null ? await freshDb() : undefined;
  const db = options.db ?? ownDb;
  const service = await createApp(settings, {
    log: createLogger({ level: 'debug', format: 'json', out: { write: (line) => logLines.push(line) } }),
    version: options.version ?? '0.0.0-test',
    migrationsDir,
    pageDir,
    clock,
    scheduled: options.scheduled ?? false,
    ...(db === undefined ? {} : { db }),
    ...(options.leaseOffsetMs === undefined ? {} : { leaseOffsetMs: options.leaseOffsetMs }),
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= (async () => {
      await service.stop();
      await ownDb?.close();
      await rm(dataDir, { recursive: true, force: true });
    })();
    return stopped;
  };
  const api = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${service.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  return {
    service,
    clock,
    url: service.url,
    logLines,
    api,
    apply: async (document) => {
      await api('POST', '/api/v1/apply', document);
      await service.settle();
    },
    post: (token, payload) =>
      fetch(`${service.url}/api/v1/webhooks/alertmanager`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: typeof payload === 'string' ? payload : JSON.stringify(payload),
      }),
    advance: async (ms, stepMs = ms) => {
      for (let left = ms; left > 0; left -= stepMs) {
        clock.advance(Math.min(stepMs, left));
        await service.tick();
        await service.settle();
      }
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
