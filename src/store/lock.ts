/**
 * One process per data directory: two on one embedded database destroy it without any error.
 *
 * The lock is a Unix socket that its holder listens on. The kernel answers for the holder as long as it lives, even when
 * it is stopped or busy, and no longer: neither a reused pid nor a restarted container, where every process has pid 1,
 * can look like the holder. Sockets are numbered. Who finds the newest one dead takes the next number, which exactly one
 * process can create; the newest is never removed, so a number is never used twice.
 */
import { once } from 'node:events';
import { closeSync, existsSync, linkSync, openSync, readdirSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** Another process (or another part of this one) has the data directory. */
export class DirectoryLocked extends Error {
  override readonly name = 'DirectoryLocked';
}

const NAME = /^lock-(\d+)$/;
/** How long to wait for the holder to say its pid, which a busy machine delays; it is alive in any case. */
const ASK_MS = 2_000;

/**
 * Takes the exclusive lock on an existing directory. The answer gives it back; a process that dies gives it back too.
 *
 * @throws DirectoryLocked within a few seconds, naming the pid of the process that has it
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const handle = openSync(directory, 'r');
  // A socket's path may have 107 bytes at most; through the open directory it is always short.
  const short = existsSync(`/proc/self/fd/${handle}`) ? `/proc/self/fd/${handle}` : directory;
  try {
    const server = await takeNext(directory, short);
    return async () => {
      server.close();
      await once(server, 'close');
      closeSync(handle);
    };
  } catch (error) {
    closeSync(handle);
    throw error;
  }
}

async function takeNext(directory: string, short: string): Promise<Server> {
  for (;;) {
    const newest = newestNumber(directory);
    if (newest > 0) await mustBeDead(directory, join(short, `lock-${newest}`));
    const server = await listen(join(short, `lock-${process.pid}-${Math.random().toString(36).slice(2)}.tmp`));
    const mine = newest + 1;
    if (publish(server, directory, short, mine)) return server;
    server.close();
  }
}

/** Gives the listening socket its number; false when another process was faster. */
function publish(server: Server, directory: string, short: string, mine: number): boolean {
  const temporary = server.address();
  if (typeof temporary !== 'string') return false;
  const path = join(short, `lock-${mine}`);
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  // Somebody may have taken this number, died, and lost the next one, while we were looking.
  if (newestNumber(directory) > mine) {
    rmSync(path, { force: true });
    return false;
  }
  for (const number of numbers(directory)) {
    if (number < mine) rmSync(join(short, `lock-${number}`), { force: true });
  }
  return true;
}

/** A server that tells who connects this process's pid. */
async function listen(path: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(String(process.pid));
  });
  server.listen(path);
  await once(server, 'listening');
  server.unref();
  return server;
}

async function mustBeDead(directory: string, path: string): Promise<void> {
  const holder = await ask(path);
  if (holder === null) return;
  const who = holder === '' ? 'another process' : `process ${holder}`;
  throw new DirectoryLocked(
    `the data directory ${directory} is in use by ${who}; only one Monitor Manager may use it at a time`,
  );
}

/** The pid that listens on this socket, empty when it does not say; null when nobody does. */
function ask(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    let pid = '';
    const socket = createConnection(path);
    const finish = (answer: string | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(pid), ASK_MS);
    socket.on('data', (data) => {
      pid += data.toString();
    });
    socket.on('end', () => finish(pid));
    socket.on('error', (error) => {
      // Any other trouble (no permission, a full backlog) does not prove that the holder is dead.
      const dead = ['ECONNREFUSED', 'ENOENT'].includes(errorCode(error) ?? '');
      finish(dead ? null : pid);
    });
  });
}

function numbers(directory: string): number[] {
  return readdirSync(directory).flatMap((name) => {
    const match = NAME.exec(name);
    return match ? [Number(match[1])] : [];
  });
}

function newestNumber(directory: string): number {
  return Math.max(0, ...numbers(directory));
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
