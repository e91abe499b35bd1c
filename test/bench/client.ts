/** A load generator that costs little: bare sockets, kept open, one request at a time on each. */
import { connect, type Socket } from 'node:net';

/** What to send, for how long, and to whom. */
export interface Run {
  url: string;
  path: string;
  /** Header lines besides the usual ones. */
  headers: Record<string, string>;
  connections: number;
  /** Ends the run when the time is over … */
  durationMs: number;
  /** … or when there is no body any more (null). */
  nextBody: () => Body | null;
}

/** What one request carries. */
export interface Body {
  text: string;
  alerts: number;
}

/** What came of a run. */
export interface RunResult {
  requests: number;
  /** Alerts in requests that were answered 2xx. */
  alerts: number;
  /** Answers that were not 2xx. */
  refused: number;
  alertsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

/** Runs the load to its end. @throws Error when a connection breaks */
export async function runLoad(run: Run): Promise<RunResult> {
  const times: number[] = [];
  let refused = 0;
  let alerts = 0;
  const startedAt = performance.now();
  const deadline = startedAt + run.durationMs;
  const lane = async () => {
    const connection = await openConnection(run);
    while (performance.now() < deadline) {
      const body = run.nextBody();
      if (body === null) break;
      const sentAt = performance.now();
      const status = await connection.exchange(body.text);
      times.push(performance.now() - sentAt);
      if (status < 200 || status > 299) refused += 1;
      else alerts += body.alerts;
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: run.connections }, lane));
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    requests: times.length,
    alerts,
    refused,
    alertsPerSecond: alerts / seconds,
    ...percentiles(times),
  };
}

/** Median, 99th percentile and maximum; 0 of nothing. */
export function percentiles(times: readonly number[]): { p50Ms: number; p99Ms: number; maxMs: number } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}

interface Connection {
  /** Sends one body, resolves with the status of the answer. */
  exchange(body: string): Promise<number>;
  close(): void;
}

async function openConnection({ url, path, headers }: Run): Promise<Connection> {
  const { hostname, port, host } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const lines = Object.entries({ host, 'content-type': 'application/json', ...headers }).map(([k, v]) => `${k}: ${v}`);
  const head = `POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\ncontent-length: `;
  const answers = answersOf(socket);
  return {
    exchange(body) {
      socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
      return answers.next();
    },
    close: () => socket.destroy(),
  };
}

/** Reads answers one after the other; an answer ends with its content-length, or with the last chunk. */
function answersOf(socket: Socket): { next: () => Promise<number> } {
  let text = '';
  let waiting: { resolve: (status: number) => void; reject: (error: Error) => void } | null = null;
  const fail = (error: Error) => waiting?.reject(error);
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the connection was closed')));
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    if (!isComplete(text)) return;
    const status = Number(text.slice(9, 12));
    text = '';
    waiting?.resolve(status);
  });
  return {
    next: () =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      }),
  };
}

function isComplete(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1];
  if (length !== undefined) return text.length >= end + 4 + Number(length);
  return /\r\ntransfer-encoding: chunked/i.test(text.slice(0, end)) ? text.endsWith('0\r\n\r\n') : true;
}
