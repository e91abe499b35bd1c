/** Counts attempts by key within a window. In memory: each replica counts for itself. */
import { HttpProblem } from './problem.ts';

/** How much is too much. */
export interface Limit {
  max: number;
  windowMs: number;
}

/** Bounds the memory that strangers can fill. */
const maxKeys = 10_000;

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
      if (seen.size >= maxKeys) seen.clear();
      seen.set(key, { count: 1, until: now.getTime() + windowMs });
    },
    takeBack(key) {
      const one = seen.get(key);
      if (one !== undefined) one.count -= 1;
    },
  };
}
