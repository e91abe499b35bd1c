/** A clock that only moves when a test moves it. */
import type { Clock } from '../../src/clock.ts';

/** What `handClock` makes. */
export interface HandClock extends Clock {
  /** The time it shows; a fresh Date each time, so nobody can change it from outside. */
  readonly at: Date;
  set(to: Date | string): void;
  /** Moves on by `ms`; a negative number steps back, like a corrected system clock. */
  advance(ms: number): void;
  /** Sets the wall clock on or back by `ms`, while no time passes. */
  step(ms: number): void;
}

/** Starts a clock that stands still at `start` (a Date or an ISO time). */
export function handClock(start: Date | string = '2026-01-05T08:00:00.000Z'): HandClock {
  let atMs = milliseconds(start);
  let passedMs = 0;
  return {
    now: () => new Date(atMs),
    get at() {
      return new Date(atMs);
    },
    monotonicMs: () => passedMs,
    set(to) {
      passedMs += Math.max(0, milliseconds(to) - atMs);
      atMs = milliseconds(to);
    },
    advance(ms) {
      passedMs += Math.max(0, ms);
      atMs += ms;
    },
    step(ms) {
      atMs += ms;
    },
  };
}

function milliseconds(time: Date | string): number {
  const ms = new Date(time).getTime();
  if (Number.isNaN(ms)) throw new Error(`not a time: ${String(time)}`);
  return ms;
}
