/** The ways to run the service, for tests that must hold in each of them. */
import type { EmbeddedDb } from '../../src/store/pglite.ts';
import { freshDb } from './fresh-db.ts';
import { type RedisServer, startRedis } from './redis.ts';
import type { ServiceOptions } from './service.ts';
import { migratedDatabase } from './shared-postgres.ts';

/** Where a service keeps its state: pass it to `startService`, any number of times one after the other. */
export type Store = Pick<ServiceOptions, 'db'> & { env: Record<string, string> };

/** One way to run the service. */
export interface Deployment {
  readonly name: DeploymentName;
  /** An empty, migrated or migratable store. The embedded one is the same each time, so stop what runs on it first. */
  emptyStore(): Promise<Store>;
}

export type DeploymentName = 'embedded' | 'PostgreSQL + Redis' | 'PostgreSQL only';

const usual: readonly DeploymentName[] = ['embedded', 'PostgreSQL + Redis'];

/** Runs `body` in a describe per deployment; its servers live as long as that describe. */
export function eachDeployment(body: (deployment: Deployment) => void, names: readonly DeploymentName[] = usual): void {
  for (const name of names) describe(name, () => body({ name, emptyStore: stores[name]() }));
}

/** Each makes the set-up of the describe that it is called in. */
const stores: Record<DeploymentName, () => () => Promise<Store>> = {
  embedded() {
    let db: EmbeddedDb | undefined;
    afterAll(() => db?.close());
    return async () => {
      await db?.close();
      db = await freshDb();
      return { db, env: {} };
    };
  },
  'PostgreSQL + Redis'() {
    let redis: RedisServer | undefined;
    afterAll(() => redis?.stop());
    return async () => {
      if (redis === undefined) redis = await startRedis();
      else await redis.flushAll();
      return { env: { DATABASE_URL: await migratedDatabase(), REDIS_URL: redis.url } };
    };
  },
  'PostgreSQL only'() {
    return async () => ({ env: { DATABASE_URL: await migratedDatabase() } });
  },
};
