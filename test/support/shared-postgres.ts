/** One PostgreSQL for all test files of a run; each file works in databases of its own. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inject } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { migrationsDir } from './fresh-db.ts';
import type { PostgresServer } from './postgres.ts';
import { createDatabaseOn, startPostgres } from './postgres.ts';

const paths = { empty: '/empty', migrated: '/migrated' };

/**
 * For test files: a fresh, empty database on the shared PostgreSQL (started by the first call of the run, about 1 s).
 * Resolves with its URL. Tests that stop or kill the server call `startPostgres` instead.
 */
export async function sharedDatabase(): Promise<string> {
  return createDatabaseOn(await offered(paths.empty));
}

/** The same with all migrations: a copy of one that had them takes a tenth of the time that they take. */
export async function migratedDatabase(): Promise<string> {
  const template = new URL(await offered(paths.migrated));
  return createDatabaseOn(template.href, template.pathname.slice(1));
}

async function offered(path: string): Promise<string> {
  const response = await fetch(new URL(path, inject('sharedPostgresOffer')), { method: 'POST' });
  const answer = await response.text();
  if (!response.ok) throw new Error(answer);
  return answer;
}

/** For the global set-up: a small HTTP server that starts PostgreSQL only when a test file asks for it. */
export async function offerSharedPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  let starting: Promise<PostgresServer> | undefined;
  let template: Promise<string> | undefined;
  const offer = createServer(async (request, response) => {
    try {
      starting ??= startPostgres();
      const { url } = await starting;
      template ??= request.url === paths.migrated ? makeTemplate(url) : undefined;
      response.end(request.url === paths.migrated ? await template : url);
    } catch (error) {
      response.writeHead(500).end(`the shared PostgreSQL did not start: ${(error as Error).message}`);
    }
  });
  await new Promise<void>((resolve) => offer.listen(0, '127.0.0.1', resolve));
  // Otherwise an interrupted run would wait for this server.
  offer.unref();
  return {
    url: `http://127.0.0.1:${(offer.address() as AddressInfo).port}/`,
    async stop() {
      offer.closeAllConnections();
      offer.close();
      await (await starting?.catch(() => undefined))?.stop();
    },
  };
}

async function makeTemplate(server: string): Promise<string> {
  const url = await createDatabaseOn(server);
  const db = openPostgres({ url, applicationName: 'test' });
  try {
    await migrate(db, { dir: migrationsDir, now: new Date(0) });
  } finally {
    await db.close();
  }
  return url;
}
