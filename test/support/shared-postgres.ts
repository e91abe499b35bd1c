/** One PostgreSQL for all test files of a run; each file works in databases of its own. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inject } from 'vitest';
import type { PostgresServer } from './postgres.ts';
import { createDatabaseOn, startPostgres } from './postgres.ts';

/**
 * For test files: a fresh, empty database on the shared PostgreSQL (started by the first call of the run, about 1 s).
 * Resolves with its URL. Tests that stop or kill the server call `startPostgres` instead.
 */
export async function sharedDatabase(): Promise<string> {
  const response = await fetch(inject('sharedPostgresOffer'), { method: 'POST' });
  const answer = await response.text();
  if (!response.ok) throw new Error(answer);
  return createDatabaseOn(answer);
}

/** For the global set-up: a small HTTP server that starts PostgreSQL only when a test file asks for it. */
export async function offerSharedPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  let starting: Promise<PostgresServer> | undefined;
  const offer = createServer(async (_request, response) => {
    try {
      starting ??= startPostgres();
      response.end((await starting).url);
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
