/** One signed request to a peer, and what came of it. */
import { randomBytes } from 'node:crypto';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Peer } from '../alert/peer.ts';
import type { Clock } from '../clock.ts';
import { errorCode } from '../errors.ts';
import { checkedLookup, checkHost, ForbiddenAddress } from '../forbidden-address.ts';
import { within } from '../within.ts';
import { type Answer, answerSchemas, type Question } from './questions.ts';
import { headers, isSame, nameInHeader, probePath, signAnswer, signRequest } from './sign.ts';
import { answerLimit } from './status.ts';

/** What an answer, or its absence, comes to. */
export type Asked<A extends Question['ask']> =
  | { ok: true; answer: Answer<A>; offsetMs: number; tookMs: number }
  /**
   * `why`: in words, without the address. offsetMs: from an answer that was signed, though it is a refusal or not understood.
   * heard: that answer shows that the peer runs, and that the road to it works.
   */
  | { ok: false; why: string; offsetMs: number | null; heard: boolean; tookMs: number };

/** Whether the peer has answered, be it that it refuses us or that we do not understand it. */
export function isHeard(asked: Asked<Question['ask']>): boolean {
  return asked.ok || asked.heard;
}

export interface AskParts {
  clock: Clock;
  /** Name of our own site. */
  site: string;
  /** Ends what is under way: a stop waits for nobody. Missing: nothing does. */
  stopped?: AbortSignal;
}

export interface AskOptions {
  timeoutMs: number;
  /** How far the peer's clock is known to be ahead of ours: requests are signed by its clock. */
  offsetMs: number;
}

interface RawAnswer {
  status: number;
  text: string;
  time: number;
  signature: string;
}

/**
 * Asks a peer one thing. A connection of its own each time: one that is kept open would say nothing about whether a new one
 * can be made. No redirect is followed. Never rejects.
 */
export async function ask<Q extends Question>(
  { clock, site, stopped }: AskParts,
  peer: Peer,
  question: Q,
  { timeoutMs, offsetMs }: AskOptions,
): Promise<Asked<Q['ask']>> {
  const [beganMs, sentAt] = [clock.monotonicMs(), clock.now().getTime()];
  const took = () => clock.monotonicMs() - beganMs;
  const body = JSON.stringify(question);
  const head = {
    from: site,
    to: peer.name,
    time: Math.max(0, sentAt + offsetMs),
    nonce: randomBytes(16).toString('hex'),
  };
  const signed = {
    [headers.from]: nameInHeader(head.from),
    [headers.to]: nameInHeader(head.to),
    [headers.time]: String(head.time),
    [headers.nonce]: head.nonce,
    [headers.signature]: signRequest(peer.secret, head, body),
  };
  try {
    const raw = await within({ timeoutMs, stopped }, (signal) =>
      post(`${peer.url}${probePath}`, { body, signed, signal }),
    );
    const tookMs = took();
    const facts = { nonce: head.nonce, status: raw.status, time: raw.time };
    if (!isSame(raw.signature, signAnswer(peer.secret, facts, raw.text)))
      return { ok: false, why: unsignedWords(raw), offsetMs: null, heard: false, tookMs };
    const offset = Math.round(raw.time - (sentAt + tookMs / 2));
    const answered = { offsetMs: offset, tookMs };
    if (raw.status !== 200) {
      const reason = reasonIn(raw.text);
      // Somebody else with the same secret answers then.
      return { ok: false, why: `it refuses us: ${reason}`, heard: reason !== 'wrong_site', ...answered };
    }
    const answer = answerSchemas[question.ask as Q['ask']].safeParse(parsed(raw.text));
    if (!answer.success) return { ok: false, why: 'its answer is not understood', heard: true, ...answered };
    return { ok: true, answer: answer.data as Answer<Q['ask']>, ...answered };
  } catch (error) {
    return { ok: false, why: failureOf(error, timeoutMs), offsetMs: null, heard: false, tookMs: took() };
  }
}

/** What is no JSON is none of the answers that there are. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function post(
  address: string,
  { body, signed, signal }: { body: string; signed: Record<string, string>; signal: AbortSignal },
): Promise<RawAnswer> {
  const url = new URL(address);
  checkHost(url.hostname);
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const options = {
    ...{ method: 'POST', agent: false, lookup: checkedLookup, signal },
    headers: { ...signed, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  };
  return new Promise((resolve, reject) => {
    const req = request(url, options, (res) => {
      readAnswer(res).then(resolve, reject);
    });
    req.on('error', reject);
    req.end(body);
  });
}

async function readAnswer(res: IncomingMessage): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of res as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > answerLimit) {
      res.destroy();
      throw new TooLarge();
    }
    chunks.push(chunk);
  }
  const header = (name: string) => String(res.headers[name] ?? '');
  return {
    status: res.statusCode ?? 0,
    text: Buffer.concat(chunks, size).toString('utf8'),
    time: Number(header(headers.time)),
    signature: header(headers.signature),
  };
}

class TooLarge extends Error {}

/** What is not signed by the peer may come from anybody, so no word of it is believed but the reason of a refusal. */
function unsignedWords({ status, text }: RawAnswer): string {
  if (status >= 300 && status < 400) return `HTTP ${status}, a redirect, which is not followed`;
  const reason = reasonIn(text);
  const known = reason === 'unknown' ? '' : ` (${reason})`;
  return status === 200 ? 'its answer is not signed with our secret' : `HTTP ${status}${known}`;
}

function reasonIn(text: string): string {
  const found = /^\{"reason":"([a-z_]{1,20})"\}$/.exec(text);
  return found?.[1] ?? 'unknown';
}

/** Of the error only its code: its words may have the address in them. */
function failureOf(error: unknown, timeoutMs: number): string {
  if (error instanceof TooLarge) return `its answer is larger than ${answerLimit} bytes`;
  const code = errorCode(error);
  if (code === 'ABORT_ERR' || (error instanceof Error && ['AbortError', 'TimeoutError'].includes(error.name)))
    return `no answer within ${timeoutMs} ms`;
  if (error instanceof ForbiddenAddress) return 'an address at which no peer may be';
  return `no connection (${code ?? 'unknown'})`;
}
