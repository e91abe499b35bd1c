import type * as fc from 'fast-check';

/** How many histories over SQL one property tries; a night's run sets `MM_PROPERTY_RUNS=2000`. */
const histories = Number(process.env['MM_PROPERTY_RUNS'] ?? 20);

/**
 * Parameters of one property: `share` times the number of histories. fast-check prints seed and path of a failure;
 * `MM_PROPERTY_SEED` runs that seed again.
 */
export function runs(share: number): fc.Parameters<unknown> {
  return {
    numRuns: Math.max(1, Math.round(histories * share)),
    interruptAfterTimeLimit: timeoutMs / 2,
  };
}

/**
 * What tries one history, held to its end: fast-check lets go of the one under way when the time is up, and that would go on in
 * the database in which the next property tries its own. Whether it holds counts as for the others.
 */
export function toItsEnd<Values extends unknown[]>(tries: (...values: Values) => Promise<void>): typeof tries {
  let underWay = Promise.resolve();
  onTestFinished(() => underWay);
  return (...values) => {
    underWay = tries(...values);
    return underWay;
  };
}

/** How long a property may take, ms. Its runs and its search for the smallest failing example end by themselves at half of that. */
export const timeoutMs = 60_000 + histories * 3_000;

/** Numbers in [0, 1) that follow from a seed (mulberry32): what fast-check gives a run to shuffle by. */
export function dice(start: number): () => number {
  let state = start | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
