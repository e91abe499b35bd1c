import { once } from 'node:events';
import { type ConnectionOptions, createRedisBackend } from 'bullmq';
import { Redis } from 'ioredis';
import { type Backend, bullBackend, type Connection } from './backend.ts';
import type { Log } from './nudge.ts';

/** How long a command of the producer may take: Redis may be frozen, and then answers nothing at all. */
const COMMAND_TIMEOUT_MS = 1_000;
/** A worker's connection that is silent for longer than its blocking commands (10 s at most) is broken. */
const SOCKET_TIMEOUT_MS = 20_000;
const RECONNECT_MAX_MS = 2_000;

/** How long the start waits for Redis, so that the first nudges are not lost; after that it goes on without. */
const READY_MS = 1_000;

/** BullMQ on Redis. When Redis is away it connects in the background, for as long as it takes. */
export async function openRedisBackend(options: {
  url: string;
  prefix: string;
  concurrency: number;
  onError: (error: Error) => void;
  log: Log;
}): Promise<Backend> {
  const { url, prefix, concurrency, onError, log } = options;

  let ready: Promise<unknown> = Promise.resolve();

  function connect(role: 'producer' | 'worker'): Connection<ConnectionOptions> {
    const redis = new Redis(url, {
      retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 10), RECONNECT_MAX_MS),
      connectTimeout: 2_000,
      maxRetriesPerRequest: null,
      ...(role === 'producer'
        ? { enableOfflineQueue: false, autoResendUnfulfilledCommands: false, commandTimeout: COMMAND_TIMEOUT_MS }
        : { socketTimeout: SOCKET_TIMEOUT_MS }),
    });
    redis.on('error', onError);
    if (role === 'producer') {
      redis.on('ready', () => void warnAboutEviction(redis, log));
      ready = once(redis, 'ready', { signal: AbortSignal.timeout(READY_MS) }).catch(() => {});
    }
    return { connection: redis, close: () => redis.disconnect() };
  }

  const backend = bullBackend({ name: 'redis', factory: createRedisBackend, connect, prefix, concurrency, onError });
  await ready;
  return backend;
}

/** Redis must not throw jobs away when its memory is full; the sweep would find them, but late. */
async function warnAboutEviction(redis: Redis, log: Log): Promise<void> {
  const memory = await redis.info('memory').catch(() => '');
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
  if (policy !== undefined && policy !== 'noeviction') {
    log('warn', 'Redis may drop nudges when its memory is full: set maxmemory-policy to noeviction', { policy });
  }
}
