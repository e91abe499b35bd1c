import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Snapshot, Source } from '../../alert/config.ts';
import { authenticate } from './authenticate.ts';
import { Overloaded } from './batch.ts';
import { type Entrance, entranceOf, wrongWay } from './entrances.ts';
import type { Delivery } from './intake.ts';
import { BadPayload, type ParsedPost } from './parse.ts';

/** What takes in posts needs from the rest of the service. */
export interface WebhookParts {
  snapshot: () => Snapshot;
  now: () => Date;
  ignoreLabels: ReadonlySet<string>;
  /** Resolves when the delivery is committed. */
  take: (delivery: Delivery) => Promise<void>;
  limits: { bodyBytes: number; requestsInFlight: number; answerWithinMs: number };
  /** Called once per request that was answered. */
  onAnswer: (answer: {
    status: number;
    source: Source | null;
    ms: number;
    parsed: ParsedPost | null;
    why: string;
  }) => void;
  /** A body of a known source was refused: one of our own troubles (rule 14). */
  onRefused: (source: Source, why: string) => void;
  onFault: (error: unknown) => void;
}

class Refusal extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;
  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** What is known of a request that is being handled. */
interface Seen {
  source: Source | null;
  parsed: ParsedPost | null;
}

/** These say that what is posted is lost until somebody changes something; a trouble of ours (rule 14). */
const lasting: readonly number[] = [400, 403, 413];

/**
 * Handles posts of Alertmanagers and Prometheuses without express, which costs five times as much per request. Answers 200 only after the
 * commit. What is temporary is 503: Alertmanager tries 5xx again, and gives up on 4xx, 429 included. The text of a
 * refusal is one line that helps, because it ends up in the sender's log.
 *
 * @returns a function that says whether the request was for it
 */
export function createWebhook(parts: WebhookParts): (req: IncomingMessage, res: ServerResponse) => boolean {
  let inFlight = 0;
  return (req, res) => {
    const entrance = entranceOf(req);
    if (entrance === null) return false;
    inFlight++;
    handle(parts, { entrance, req, res, busy: inFlight > parts.limits.requestsInFlight }).finally(() => {
      inFlight--;
    });
    return true;
  };
}

async function handle(
  parts: WebhookParts,
  { entrance, req, res, busy }: { entrance: Entrance; req: IncomingMessage; res: ServerResponse; busy: boolean },
): Promise<void> {
  const startedAt = performance.now();
  const seen: Seen = { source: null, parsed: null };
  let refusal: Refusal | null = null;
  try {
    if (busy) throw new Refusal(503, 'too many requests at once; try again', { 'retry-after': '1' });
    await receive(parts, req, entrance, seen);
  } catch (error) {
    refusal = refusalOf(parts, error);
  }
  const status = refusal?.status ?? 200;
  const why = refusal?.message ?? '';
  if (seen.source !== null && lasting.includes(status)) parts.onRefused(seen.source, why);
  answer(req, res, refusal, seen.parsed);
  parts.onAnswer({ status, ...seen, ms: performance.now() - startedAt, why });
}

async function receive(parts: WebhookParts, req: IncomingMessage, entrance: Entrance, seen: Seen): Promise<void> {
  if (req.method !== 'POST') throw new Refusal(405, 'use POST', { allow: 'POST' });
  seen.source = authenticate(req, parts.snapshot());
  if (seen.source === null) {
    throw new Refusal(401, `unknown token: send the token of a source ${entrance.tokenHint}`, {
      'www-authenticate': 'Bearer realm="monitor-manager"',
    });
  }
  const astray = wrongWay(seen.source, entrance);
  if (astray !== null) throw new Refusal(403, astray);
  const body = await readBody(req, parts.limits.bodyBytes, entrance.sizeHint);
  const arrivedAt = parts.now();
  seen.parsed = entrance.parse(body, { source: seen.source, ignoreLabels: parts.ignoreLabels, arrivedAt });
  const { reports, quarantined } = seen.parsed;
  const taken = parts.take({ sourceId: seen.source.id, reports, quarantined });
  await within(taken, parts.limits.answerWithinMs);
}

/** A commit that takes too long goes on; the sender is told to come again, and repeats do no harm. */
function within(taken: Promise<void>, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Refusal(503, 'storing takes too long; try again')), ms);
    taken.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function readBody(req: IncomingMessage, limit: number, sizeHint: string): Promise<Buffer> {
  const encoding = req.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw new Refusal(415, `content-encoding ${encoding.slice(0, 20)} is not supported`);
  const tooLarge = () => new Refusal(413, `body over ${limit} bytes; ${sizeHint}`);
  if (Number(req.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) reject(tooLarge());
      else chunks.push(chunk);
    });
    req.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)));
    req.on('error', reject);
  });
}

function refusalOf(parts: WebhookParts, error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof BadPayload) return new Refusal(400, error.message);
  if (error instanceof Overloaded) return new Refusal(503, `${error.message}; try again`, { 'retry-after': '1' });
  parts.onFault(error);
  return new Refusal(503, 'the alerts could not be stored just now; try again');
}

function answer(req: IncomingMessage, res: ServerResponse, refusal: Refusal | null, parsed: ParsedPost | null): void {
  if (res.destroyed) return;
  if (refusal === null) accept(res, parsed);
  else refuse(req, res, refusal);
}

function refuse(req: IncomingMessage, res: ServerResponse, refusal: Refusal): void {
  const body = `${refusal.message}\n`;
  res.writeHead(refusal.status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...refusal.headers,
    // A body that is not read to its end would be taken for the next request.
    ...(req.complete ? {} : { connection: 'close' }),
  });
  res.end(body);
}

/** With its length known and nothing but ASCII, node sends the answer with one call to the system instead of three chunks. */
function accept(res: ServerResponse, parsed: ParsedPost | null): void {
  const counts = { alerts: parsed?.reports.length ?? 0, quarantined: parsed?.quarantined.length ?? 0 };
  const body = JSON.stringify({ status: 'ok', ...counts });
  res.writeHead(200, ['content-type', 'application/json', 'content-length', String(body.length)]);
  res.end(body, 'latin1');
}
