/** A TCP proxy in front of a real server, to make the network bad: slow, cut, or a black hole. */
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** One proxy. Trouble applies to existing and to new connections, until `heal`. */
export interface TcpProxy extends AsyncDisposable {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** How many connections clients have opened so far. */
  readonly connections: number;
  /** The target's URL with the proxy's address in it. */
  urlOf(targetUrl: string): string;
  /** Holds every chunk back by `ms`, in both directions. */
  delay(ms: number): void;
  /** Resets all connections, and each new one as soon as it is accepted. */
  cut(): void;
  /** Connections stay open and new ones are accepted, but no byte passes any more, not even after `heal`. */
  blackhole(): void;
  /** Passes this many bytes of answers (over all connections from now on), then resets that connection; once. */
  cutAfterResponseBytes(bytes: number): void;
  /** New connections work; those that were in the black hole are reset. */
  heal(): void;
  /** Idempotent. */
  stop(): Promise<void>;
}

interface State {
  mode: 'open' | 'cut' | 'blackhole';
  delayMs: number;
  answerBytesLeft: number;
}

/** Starts a proxy for `target`: `host:port` or any URL with a port. @param options.port that of one which was stopped; 0: a free one */
export async function startProxy({ target, port: wanted = 0 }: { target: string; port?: number }): Promise<TcpProxy> {
  const { host, port: targetPort } = address(target);
  const state: State = { mode: 'open', delayMs: 0, answerBytesLeft: Number.POSITIVE_INFINITY };
  const clients = new Map<Socket, Socket>();
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    client.on('error', () => {});
    if (state.mode === 'cut') return void client.resetAndDestroy();
    const upstream = connect(targetPort, host);
    upstream.on('error', () => {});
    clients.set(client, upstream);
    join(client, upstream, state);
    client.once('close', () => clients.delete(client));
  });
  const resetAll = () => {
    for (const [client, upstream] of clients) reset(client, upstream);
  };
  await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      resetAll();
      server.close(() => resolve());
    });
  return {
    host: '127.0.0.1',
    port,
    get connections() {
      return connections;
    },
    urlOf(targetUrl) {
      const url = new URL(targetUrl);
      // Set as a string, because URL drops a port number that is the scheme's default.
      return targetUrl.replace(url.host, `127.0.0.1:${port}`);
    },
    delay(ms) {
      state.delayMs = ms;
    },
    cut() {
      state.mode = 'cut';
      resetAll();
    },
    blackhole() {
      state.mode = 'blackhole';
    },
    cutAfterResponseBytes(bytes) {
      state.answerBytesLeft = bytes;
    },
    heal() {
      if (state.mode === 'blackhole') resetAll();
      Object.assign(state, { mode: 'open', delayMs: 0, answerBytesLeft: Number.POSITIVE_INFINITY });
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function join(client: Socket, upstream: Socket, state: State): void {
  forward(client, upstream, state, (chunk) => chunk);
  forward(upstream, client, state, (chunk) => {
    const passed = chunk.subarray(0, state.answerBytesLeft);
    state.answerBytesLeft -= chunk.length;
    if (state.answerBytesLeft > 0) return passed;
    state.answerBytesLeft = Number.POSITIVE_INFINITY;
    client.write(passed, () => reset(client, upstream));
    return null;
  });
}

/** Passes chunks on in order. `take` answers what may pass, or null when it has dealt with the connection itself. */
function forward(from: Socket, to: Socket, state: State, take: (chunk: Buffer) => Buffer | null): void {
  const later = (work: () => void) => {
    if (state.delayMs === 0) work();
    else setTimeout(work, state.delayMs);
  };
  from.on('data', (chunk) =>
    later(() => {
      if (state.mode === 'blackhole') return;
      const passed = take(chunk);
      if (passed !== null && to.writable) to.write(passed);
    }),
  );
  from.on('end', () => later(() => state.mode !== 'blackhole' && to.end()));
  from.on('close', (failed) => failed && to.resetAndDestroy());
}

function reset(client: Socket, upstream: Socket): void {
  client.resetAndDestroy();
  upstream.destroy();
}

function address(target: string): { host: string; port: number } {
  const url = new URL(target.includes('://') ? target : `tcp://${target}`);
  if (url.port === '') throw new Error(`${target} names no port`);
  return { host: url.hostname, port: Number(url.port) };
}
