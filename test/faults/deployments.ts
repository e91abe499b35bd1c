/** The deployments that Monitor Manager supports, for tests that must hold on each of them. */
import type { RedisServer } from '../support/redis.ts';
import { startRedis } from '../support/redis.ts';
import { sharedDatabase } from '../support/shared-postgres.ts';

/** What a deployment stands on: settings for the service, and servers of its own. */
export interface Ground extends AsyncDisposable {
  env: Record<string, string>;
  redis: RedisServer | null;
}

/** Every deployment by its name. */
export const deployments = {
  embedded: async () => ground({}, null),
  'PostgreSQL only': async () => ground({ DATABASE_URL: await sharedDatabase() }, null),
  'PostgreSQL and Redis': async () => {
    const redis = await startRedis();
    return ground({ DATABASE_URL: await sharedDatabase(), REDIS_URL: redis.url }, redis);
  },
} as const;

function ground(env: Record<string, string>, redis: RedisServer | null): Ground {
  return { env, redis, [Symbol.asyncDispose]: async () => redis?.stop() };
}

/** Whether the long forms are wanted. */
export const drills = process.env['MM_DRILLS'] === '1';
