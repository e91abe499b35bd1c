/** A site that answers probes, and nothing else. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Peer } from '../../src/alert/peer.ts';
import { createEndpoint } from '../../src/peers/endpoint.ts';
import type { DeepStatus } from '../../src/peers/status.ts';
import { handClock } from './clock.ts';

export const secret = 'a-secret-of-two-sites-0123456789';
/** Of a site that is well. */
export const status: DeepStatus = {
  ...{
    site: 'site-b',
    version: '1',
    instance: 'one',
    started_at: '2026-01-05T08:00:00.000Z',
    ready: true,
    not_ready: [],
  },
  ...{ queue: { due_since: null }, channels: [], sources: [], heartbeats: [], config_hash: null, leaving: null },
  ...{ server_time: '2026-01-05T08:00:00.000Z', peers: [] },
};

/** A site-b that knows site-a, listening. */
export async function listening(answer: () => object = () => status) {
  const clock = handClock();
  const refused: string[] = [];
  const peer: Peer = { id: 1, name: 'site-a', url: '', secret };
  const endpoint = createEndpoint({
    ...{ clock, site: 'site-b', peers: () => [peer], onFault: (error) => refused.push(String(error)) },
    answer: async () => answer(),
    onRefused: (why) => refused.push(why),
  });
  const waiting: (() => void)[] = [];
  const server = createServer((req, res) => {
    for (const heard of waiting.splice(0)) heard();
    if (!endpoint(req, res)) res.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const b: Peer = { id: 2, name: 'site-b', url, secret };
  /** Until the next request has begun. */
  const asked = () => new Promise<void>((resolve) => waiting.push(resolve));
  return { clock, refused, url, b, asked, [Symbol.asyncDispose]: () => closed(server) };
}

/** Ends a server with its connections. */
export function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
