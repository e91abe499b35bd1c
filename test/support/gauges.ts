/** A tiny metrics endpoint whose gauges a test sets. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The gauges that a Prometheus scrapes from us. */
export interface GaugeServer {
  /** `host:port`, to be scraped at /metrics. */
  readonly address: string;
  set(name: string, value: number, labels?: Record<string, string>): void;
  /** Takes the series away, as when the target disappears. */
  remove(name: string, labels?: Record<string, string>): void;
  stop(): Promise<void>;
}

/** Starts the endpoint on a free port. */
export async function startGauges(): Promise<GaugeServer> {
  const values = new Map<string, number>();
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end([...values].map(([series, value]) => `${series} ${value}\n`).join(''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (name, value, labels) => void values.set(seriesName(name, labels), value),
    remove: (name, labels) => void values.delete(seriesName(name, labels)),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function seriesName(name: string, labels: Record<string, string> = {}): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  // JSON escapes quotes, backslashes and line feeds as the text format wants them.
  return `${name}{${pairs.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}}`;
}
