/**
 * Stalls of the machine that are no fault of the service: a test of how long the service makes others wait allows for
 * those, and for nothing else.
 */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** What to watch besides this process. */
export interface StallOptions {
  /** A process that may be ready to run while the machine runs something else; on Linux the kernel counts that time. */
  pid?: number;
  /** Work on something that the service stands on, without the service. */
  probe?: () => Promise<unknown>;
}

/** A watch that runs until it is stopped. */
export interface StallWatch extends AsyncDisposable {
  /** How long, ms, the machine may have held somebody up between two values of `performance.now()`. */
  during(from: number, to: number): number;
  /** Afterwards every stall is known. Idempotent. */
  stop(): Promise<void>;
}

const everyMs = 10;

/** Watches how late this process is, how long `probe` takes, and how long process `pid` waits for a processor. */
export function watchStalls({ pid, probe = async () => {} }: StallOptions = {}): StallWatch {
  const looks: { from: number; to: number; queuedMs: number }[] = [];
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      const from = performance.now();
      const queuedBefore = queuedMs(pid);
      await pause(everyMs);
      await probe();
      looks.push({ from, to: performance.now(), queuedMs: queuedMs(pid) - queuedBefore });
    }
  })();
  const stop = async () => {
    stopped = true;
    await watching;
  };
  return {
    during(from, to) {
      const touched = looks.filter((look) => look.from < to && look.to > from);
      const longest = Math.max(0, ...touched.map((look) => look.to - look.from - everyMs));
      return longest + touched.reduce((sum, look) => sum + look.queuedMs, 0);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** How long the main thread of a process has been ready to run and did not, since it began. */
function queuedMs(pid: number | undefined): number {
  const path = `/proc/${pid}/schedstat`;
  if (pid === undefined || !existsSync(path)) return 0;
  return Number(readFileSync(path, 'utf8').split(' ')[1]) / 1_000_000;
}
