/** Counts attempts by key within a window. In memory: each replica counts for itself. */
import { isIP } from 'node:net';
import { HttpProblem } from './problem.ts';

/** How much is too much. */
export interface Limit {
  max: number;
  windowMs: number;
}

/** Bounds the memory that strangers can fill. */
const maxKeys = 10_000;

/** An address as a key: of IPv6 the network of 64 bits, all of which one customer has. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIP(plain) !== 6) return plain;
  const [head = '', tail] = plain.split('%')[0]?.split('::') ?? [];
  const [left, right] = [head, tail ?? ''].map((half) => half.split(':').filter((part) => part !== ''));
  const zeros = tail === undefined ? 0 : 8 - (left?.length ?? 0) - (right?.length ?? 0);
  const groups = [...(left ?? []), ...Array<string>(zeros).fill('0'), ...(right ?? [])];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

export interface Throttle {
  /** Whether `key` has used up its attempts. @throws HttpProblem 429 with Retry-After when it has */
  refuse(key: string, now: Date): void;
  /** Counts an attempt. */
  count(key: string, now: Date): void;
  /** Takes one back: it was a good one. */
  takeBack(key: string): void;
}

/** A throttle that begins with nothing counted. */
export function createThrottle({ max, windowMs }: Limit, refusal: string): Throttle {
  const seen = new Map<string, { count: number; until: number }>();

  /** What is over; if nothing is, the oldest: who is kept waiting now must not be freed by a flood of other keys. */
  function forget(at: number): void {
    for (const [key, { until }] of seen) if (until <= at) seen.delete(key);
    const [oldest] = seen.keys();
    if (seen.size >= maxKeys && oldest !== undefined) seen.delete(oldest);
  }

  return {
    refuse(key, now) {
      const one = seen.get(key);
      if (one === undefined || one.count < max || one.until <= now.getTime()) return;
      const seconds = Math.ceil((one.until - now.getTime()) / 1000);
      throw new HttpProblem(429, refusal, { headers: { 'Retry-After': String(seconds) } });
    },
    count(key, now) {
      const one = seen.get(key);
      if (one !== undefined && one.until > now.getTime()) {
        one.count += 1;
        return;
      }
      if (seen.size >= maxKeys) forget(now.getTime());
      seen.set(key, { count: 1, until: now.getTime() + windowMs });
    },
    takeBack(key) {
      const one = seen.get(key);
      if (one !== undefined) one.count -= 1;
    },
  };
}
