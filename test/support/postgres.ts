/** A real, durable PostgreSQL in a temporary folder. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { removeFolder, temporaryFolder } from './folders.ts';
import type { ServerProcess } from './processes.ts';
import { startProcess, untilReady } from './processes.ts';
import { programPath } from './programs.ts';
import { eventually, freePort } from './wait.ts';

/** One PostgreSQL server; every database of it needs no password. */
export interface PostgresServer extends AsyncDisposable {
  /** Of the maintenance database `postgres`, as superuser. */
  readonly url: string;
  readonly port: number;
  /** Makes a fresh, empty database and resolves with its URL. */
  createDatabase(): Promise<string>;
  /** Shuts down: `fast` ends sessions in order, `immediate` is like a crash. The data stays. */
  stopServer(mode: 'fast' | 'immediate'): Promise<void>;
  /** SIGKILL to the server and all its sessions. The data stays. */
  kill(): Promise<void>;
  /** Starts again on the same port and data; recovers first where necessary. */
  startServer(): Promise<void>;
  /** Stops and removes everything. Idempotent. */
  stop(): Promise<void>;
}

const run = promisify(execFile);
const user = 'postgres';

/** Starts PostgreSQL with its own fsync defaults, so that a crash test means something. */
export async function startPostgres({
  settings = {},
}: {
  settings?: Record<string, string>;
} = {}): Promise<PostgresServer> {
  const owner = unprivilegedUser();
  const folder = temporaryFolder('postgres', owner);
  const port = await freePort();
  const url = `postgres://${user}@127.0.0.1:${port}/postgres`;
  const start = async () => startServerProcess({ folder, port, owner, settings });
  let server: ServerProcess | undefined;
  try {
    await createCluster(folder, owner);
    server = await start();
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
  const stop = async () => {
    await server?.stop('SIGQUIT');
    removeFolder(folder);
  };
  return {
    url,
    port,
    createDatabase: () => createDatabaseOn(url),
    stopServer: async (mode) => server?.stop(mode === 'fast' ? 'SIGINT' : 'SIGQUIT'),
    kill: async () => server && killWithSessions(server),
    async startServer() {
      if (!server?.isRunning()) server = await start();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/**
 * Makes a fresh database on the server behind `url` and resolves with the new database's URL.
 * @param template name of the database that it is a copy of, while nobody uses that; without it: empty
 */
export async function createDatabaseOn(url: string, template = 'template1'): Promise<string> {
  const name = `mm_${randomBytes(6).toString('hex')}`;
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const client = new pg.Client({ connectionString: maintenance.href });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  } finally {
    await client.end();
  }
  const fresh = new URL(url);
  fresh.pathname = `/${name}`;
  return fresh.href;
}

interface ServerFacts {
  folder: string;
  port: number;
  owner: { uid: number; gid: number } | undefined;
  settings: Record<string, string>;
}

async function createCluster(folder: string, owner: ServerFacts['owner']): Promise<void> {
  const args = ['-D', join(folder, 'data'), '-U', user, '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8'];
  // Only the creation skips the sync: it saves a second, and the server itself stays durable.
  await run(programPath('postgres'), [...args, '--no-sync'], { cwd: folder, ...owner });
}

async function startServerProcess({ folder, port, owner, settings }: ServerFacts): Promise<ServerProcess> {
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    max_connections: '200',
    ...settings,
  };
  const args = ['-D', join(folder, 'data'), '-p', String(port)];
  for (const [key, value] of Object.entries(all)) args.push('-c', `${key}=${value}`);
  const server = startProcess({
    name: 'postgres',
    command: join(dirname(programPath('postgres')), 'postgres'),
    args,
    logFile: join(folder, 'postgres.log'),
    user: owner,
  });
  await untilReady(server, () => answers(port));
  return server;
}

async function answers(port: number): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, user, database: 'postgres', connectionTimeoutMillis: 1_000 });
  try {
    await client.connect();
    return true;
  } finally {
    await client.end();
  }
}

/** PostgreSQL refuses to run as root, so root hands it to the user that Debian's package made. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${user}:`));
  if (line === undefined) throw new Error(`there is no user "${user}" to run PostgreSQL as`);
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/**
 * Each session is a process of its own, in its own process group, so the children are found by their parent; a frozen one
 * makes no more of them meanwhile. As long as one lives, the next server refuses to start.
 */
async function killWithSessions(server: ServerProcess): Promise<void> {
  server.freeze();
  const sessions = childrenOf(server.pid);
  server.signal('SIGKILL');
  for (const pid of sessions) killQuietly(pid);
  await server.exited;
  await eventually(() => sessions.every(hasEnded), { describe: 'the sessions of PostgreSQL to end' });
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | null {
  const parent = statOf(pid)?.[1];
  return parent === undefined ? null : Number(parent);
}

/** A zombie has given back its memory, and waits for its parent only. */
function hasEnded(pid: number): boolean {
  return ['Z', 'X', undefined].includes(statOf(pid)?.[0]);
}

/** State, parent and so on, or null when there is no such process. */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in parentheses and may hold blanks.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in between.
  }
}
