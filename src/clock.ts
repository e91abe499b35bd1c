/** Where the effects get the time. Pure decisions take `now` as an argument instead. */
export interface Clock {
  /** The wall-clock time now. */
  now(): Date;
  /** Milliseconds that only ever grow, however the wall clock is set: for how long something took, never for when. */
  monotonicMs(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => new Date(), monotonicMs: () => performance.now() };
