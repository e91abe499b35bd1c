/** A real Redis on a free port. */
import { connect } from 'node:net';
import { join } from 'node:path';
import { removeFolder, temporaryFolder } from './folders.ts';
import type { ServerProcess } from './processes.ts';
import { startProcess, untilReady } from './processes.ts';
import { programPath } from './programs.ts';
import { freePort } from './wait.ts';

/** One Redis server. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Of the process that runs now; changes with `restart`. */
  readonly pid: number;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  freeze(): void;
  thaw(): void;
  flushAll(): Promise<void>;
  /** Ends it if it still runs, and starts it on the same port. Keeps data only with `persistent`. */
  restart(): Promise<void>;
  /** Stops and removes everything. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts Redis with `maxmemory-policy noeviction`.
 * `persistent` writes every change to disk (appendfsync always); `args` are more redis-server arguments.
 */
export async function startRedis({
  persistent = false,
  args = [],
}: {
  persistent?: boolean;
  args?: string[];
} = {}): Promise<RedisServer> {
  const folder = temporaryFolder('redis');
  const port = await freePort();
  const start = () => startServerProcess(folder, port, [...(persistent ? durable : volatile), ...args]);
  let server = await start();
  const stop = async () => {
    await server.stop('SIGKILL');
    removeFolder(folder);
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return server.pid;
    },
    kill: () => server.stop('SIGKILL'),
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
    async flushAll() {
      await command(port, 'FLUSHALL');
    },
    async restart() {
      await server.stop('SIGTERM');
      server = await start();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

const volatile = ['--save', '', '--appendonly', 'no'];
const durable = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];

async function startServerProcess(folder: string, port: number, args: string[]): Promise<ServerProcess> {
  const server = startProcess({
    name: 'redis-server',
    command: programPath('redis'),
    args: ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--maxmemory-policy', 'noeviction', ...args],
    logFile: join(folder, 'redis.log'),
  });
  await untilReady(server, async () => (await command(port, 'PING')) === '+PONG');
  return server;
}

/** Redis takes a plain line as a command; resolves with the first line of the answer. */
function command(port: number, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${line}\r\n`));
    socket.setTimeout(20_000, () => socket.destroy(new Error('Redis does not answer')));
    socket.once('error', reject);
    socket.once('data', (data) => {
      resolve(data.toString().split('\r\n')[0] ?? '');
      socket.destroy();
    });
  });
}
