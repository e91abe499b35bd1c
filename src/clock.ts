/** Where the effects get the time. Pure decisions take `now` as an argument instead. */
export interface Clock {
  /** The wall-clock time now. */
  now(): Date;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => new Date() };
