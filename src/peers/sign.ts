/**
 * Signatures between two sites: HMAC-SHA256 (RFC 2104) with the secret that they share, over everything that a request or an
 * answer says. Pure.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Where probes go, below the address of a peer. Signed as it stands here: a proxy may know it by another path. */
export const probePath = '/api/v1/peers/probe';

/** The headers, in lower case as node has them. */
export const headers = {
  from: 'mm-peer-from',
  to: 'mm-peer-to',
  time: 'mm-peer-time',
  nonce: 'mm-peer-nonce',
  signature: 'mm-peer-signature',
} as const;

/** How far the signed time of a request may be from our own. */
export const acceptedMs = 60_000;

/** What is signed of a request beside its body. */
export interface SignedHead {
  /** Names of the two sites: a request that is sent back to its sender, or on to a third site, is good for nothing there. */
  from: string;
  to: string;
  /** Milliseconds since 1970. */
  time: number;
  /** 128 random bits in hex: good once. */
  nonce: string;
}

/** What the names of sites are in headers, which hold ASCII only. */
export const nameInHeader = (name: string): string => encodeURIComponent(name);

export function signRequest(secret: string, { from, to, time, nonce }: SignedHead, body: Buffer | string): string {
  return hmac(secret, ['mm-peer-1', 'POST', probePath, nameInHeader(from), nameInHeader(to), time, nonce, hash(body)]);
}

/** What is signed of an answer beside its body: that it is the one to this request, and when it was given. */
export interface SignedAnswer {
  nonce: string;
  status: number;
  time: number;
}

export function signAnswer(secret: string, { nonce, status, time }: SignedAnswer, body: Buffer | string): string {
  return hmac(secret, ['mm-peer-1', 'answer', nonce, status, time, hash(body)]);
}

/** Compares in constant time. */
export function isSame(signature: string, expected: string): boolean {
  const [a, b] = [signature, expected].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a as Buffer, b as Buffer);
}

function hmac(secret: string, lines: readonly (string | number)[]): string {
  return createHmac('sha256', secret).update(lines.join('\n')).digest('hex');
}

function hash(body: Buffer | string): string {
  return createHash('sha256').update(body).digest('hex');
}
