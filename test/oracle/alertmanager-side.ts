/** A real Alertmanager, and a server that hears what it tells its receivers. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startAlertmanager } from '../support/alertmanager.ts';
import type { Company } from './cases.ts';
import { alertmanagerFile } from './configs.ts';
import { type Said, withoutEndsOfTheUntold } from './intended.ts';
import type { Side } from './side.ts';

/** Alertmanager as one of the sides. */
export interface AlertmanagerSide extends Side, AsyncDisposable {
  /** How many times the sentinel has been told of. */
  sentinels: () => number;
}

/** Starts one with the routes of all these companies. */
export async function startAlertmanagerSide(companies: readonly Company[]): Promise<AlertmanagerSide> {
  const words = new Map<string, string>();
  let sentinels = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const receiver = (request.url ?? '').slice(1);
      const { alerts } = JSON.parse(Buffer.concat(chunks).toString()) as { alerts: Said };
      if (receiver === 'sentinel') sentinels++;
      else withoutEndsOfTheUntold(words, receiver, alerts);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const alertmanager = await startAlertmanager({ config: alertmanagerFile(companies, webhookUrl) });
  return {
    ...{ url: alertmanager.url, headers: {}, postHeaders: {} },
    now: () => new Date(),
    receiverOf: (name) => name,
    lastWords: async () => words,
    sentinels: () => sentinels,
    async [Symbol.asyncDispose]() {
      await alertmanager.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
