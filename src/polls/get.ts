/** One bounded request to what admins have named: no redirect, no forbidden address, no more than so many bytes and so long. */
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { errorCode } from '../errors.ts';
import { checkedLookup, checkHost, ForbiddenAddress } from '../forbidden-address.ts';
import { isLate, within } from '../within.ts';

/** What every request to one member shares. */
export interface Asking {
  /** Of the `Authorization` header; null: none. */
  authorization: string | null;
  timeoutMs: number;
  maxBytes: number;
  /** Ends requests when this service stops. */
  stopped: AbortSignal;
}

/** A good answer. */
export interface Answer {
  body: Buffer;
  /** When, by the clock of whoever answered; null: it does not say. */
  date: Date | null;
}

/** Why there is no good answer; its message is for people and has nothing of the body or the credentials. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/** @throws Unanswered */
export function get(address: string, asking: Asking): Promise<Answer> {
  return within(asking, (signal) => answerOf(address, asking, signal));
}

async function answerOf(address: string, asking: Asking, signal: AbortSignal): Promise<Answer> {
  try {
    const url = new URL(address);
    checkHost(url.hostname);
    const answer = await send(url, asking, signal);
    const body = await read(answer, asking.maxBytes);
    return { body, date: dateOf(answer.headers.date) };
  } catch (error) {
    if (isLate(signal)) throw new Unanswered(`no answer within ${asking.timeoutMs / 1_000} s`);
    if (error instanceof Unanswered) throw error;
    if (error instanceof ForbiddenAddress) throw new Unanswered(error.message);
    throw new Unanswered(`no connection (${errorCode(error) ?? 'unknown'})`);
  }
}

function send(url: URL, { authorization }: Asking, signal: AbortSignal): Promise<IncomingMessage> {
  const headers = { accept: 'application/json', ...(authorization === null ? {} : { authorization }) };
  // Without an agent each request has a connection of its own: one that was kept may be half dead.
  const options: RequestOptions = { agent: false, headers, signal, lookup: checkedLookup };
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    request(url, options, resolve).on('error', reject).end();
  });
}

async function read(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const status = answer.statusCode ?? 0;
  if (status < 200 || status >= 300) {
    answer.destroy();
    const redirect = status >= 300 && status < 400;
    throw new Unanswered(`HTTP ${status}${redirect ? ', a redirect, which is not followed' : ''}`);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new Unanswered(`an answer of more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function dateOf(header: string | undefined): Date | null {
  const at = new Date(header ?? '');
  return Number.isNaN(at.getTime()) ? null : at;
}
