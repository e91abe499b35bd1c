/** Waiting for real servers: a condition with a deadline instead of a sleep. */
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';

/** How long to wait, how often to look, and what to call it in the error. */
export interface EventuallyOptions {
  timeoutMs?: number;
  everyMs?: number;
  /** Completes "waited for …"; a function is asked when the time is over. */
  describe?: string | (() => string);
}

type Truthy<T> = Exclude<T, false | null | undefined | 0 | ''>;

/**
 * Calls `check` again and again until it answers something truthy, and resolves with that. A check that throws or
 * hangs counts as "not yet".
 * @throws Error that shows the last value, or the last error, once `timeoutMs` (default 30 s) are over.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 30_000, everyMs = 20, describe = 'a condition' }: EventuallyOptions = {},
): Promise<Truthy<T>> {
  const deadline = performance.now() + timeoutMs;
  let last: { value?: unknown; error?: unknown } = {};
  for (;;) {
    last = await attempt(check, deadline - performance.now(), last);
    if ('value' in last && last.value) return last.value as Truthy<T>;
    if (performance.now() + everyMs >= deadline)
      throw timedOut(typeof describe === 'string' ? describe : describe(), timeoutMs, last);
    await pause(everyMs);
  }
}

async function attempt(
  check: () => unknown,
  timeLeftMs: number,
  last: { value?: unknown; error?: unknown },
): Promise<{ value?: unknown; error?: unknown }> {
  const stop = new AbortController();
  try {
    const hung = pause(Math.max(0, timeLeftMs), last, { signal: stop.signal });
    hung.catch(() => {});
    return await Promise.race([Promise.resolve(check()).then((value) => ({ value })), hung]);
  } catch (error) {
    return { error };
  } finally {
    stop.abort();
  }
}

function timedOut(what: string, timeoutMs: number, last: { value?: unknown; error?: unknown }): Error {
  const seen =
    'error' in last
      ? `the last try failed: ${last.error instanceof Error ? last.error.message : inspect(last.error)}`
      : `the last value was ${inspect(last.value, { depth: 4 })}`;
  return new Error(`waited ${timeoutMs} ms for ${what}; ${seen}`, { cause: last.error });
}

/**
 * Linux gives ports from 32768 up to outgoing connections and to whoever listens on port 0. One of those could be gone
 * before the server that it is meant for listens on it, or while that server is being restarted.
 */
const ports = { first: 11_000, count: 21_000 };
/**
 * Test files that run side by side look at ports of their own: to look is to listen for a moment, and in just that
 * moment another file's server may come back to its port.
 */
const lanes = 8;
const lane = { size: ports.count / lanes, first: ports.first + (ports.count / lanes) * (workerNumber() % lanes) };
let place = process.pid * 131;

/** vitest numbers its workers from 1; in other programs there is but one. */
function workerNumber(): number {
  return Number(process.env['VITEST_POOL_ID'] ?? 0);
}

/** A TCP port on 127.0.0.1 that is free, stays so while nobody asks for just this one, and is handed out once. */
export async function freePort(): Promise<number> {
  for (let looked = 0; looked < lane.size; looked++) {
    const port = lane.first + (place++ % lane.size);
    if (await isFree(port)) return port;
  }
  throw new Error('no free port');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Resolves once `url` answers 2xx. */
export async function untilOk(url: string, options: EventuallyOptions = {}): Promise<void> {
  await eventually(async () => (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok, {
    describe: `${url} to answer 2xx`,
    ...options,
  });
}
