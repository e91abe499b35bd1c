import { setImmediate as breathe } from 'node:timers/promises';

/** Other requests and the pipeline get a turn this often. */
const turnMs = 10;

/** A function that gives others their turn whenever this work has gone on for long enough. */
export function createTurns(): () => Promise<void> | undefined {
  let began = performance.now();
  return () => {
    if (performance.now() - began < turnMs) return undefined;
    return breathe().then(() => {
      began = performance.now();
    });
  };
}
