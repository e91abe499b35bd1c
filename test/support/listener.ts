/** An HTTP server that notes what it is asked, and answers as it is told: whoever watches us from outside. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that arrived. */
export interface Heard {
  method: string;
  path: string;
  authorization: string | null;
}

export interface ListenerServer extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  url: string;
  heard: Heard[];
  /** From now on it answers so; `location` makes it a redirect to there. */
  answer(status: number, location?: string): void;
  /** From now on it answers nothing. */
  hang(): void;
}

export async function startListener(): Promise<ListenerServer> {
  const heard: Heard[] = [];
  let next: { status: number; headers: Record<string, string> } | null = { status: 200, headers: {} };
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    heard.push({ method, path: url, authorization: headers.authorization ?? null });
    if (next === null) return;
    response.writeHead(next.status, next.headers);
    response.end('OK');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    answer: (status, location) => {
      next = { status, headers: location === undefined ? {} : { location } };
    },
    hang: () => {
      next = null;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
