/** Runs something again and again by its own clock: the schedule of the service knows no time shorter than a second. */
import { setTimeout as pause } from 'node:timers/promises';

export interface Loop {
  /** Ends the wait, and waits for what is under way. */
  stop(): Promise<void>;
}

/** @param run never rejects; begun anew so long after it was begun before, or at once when it took longer */
export function startLoop(everyMs: number, run: () => Promise<void>): Loop {
  const halt = new AbortController();

  async function go(): Promise<void> {
    while (!halt.signal.aborted) {
      const beganMs = performance.now();
      await run();
      const leftMs = Math.max(0, everyMs - (performance.now() - beganMs));
      await pause(leftMs, undefined, { signal: halt.signal, ref: false }).catch(() => {});
    }
  }

  const going = go();
  return {
    async stop() {
      halt.abort();
      await going;
    },
  };
}
