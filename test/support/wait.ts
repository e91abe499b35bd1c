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
 * @throws Error that shows the last value, or the last error, once `timeoutMs` (default 10 s) are over.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 20, describe = 'a condition' }: EventuallyOptions = {},
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

/** A TCP port on 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** Resolves once `url` answers 2xx. */
export async function untilOk(url: string, options: EventuallyOptions = {}): Promise<void> {
  await eventually(async () => (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok, {
    describe: `${url} to answer 2xx`,
    ...options,
  });
}
