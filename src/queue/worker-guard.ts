/** Keeps a worker at work: BullMQ's has been seen to stop taking jobs, silently, after its connection came back. */
import type { Backend, RunJob, RunningWorker } from './backend.ts';
import type { Log } from './nudge.ts';

export interface WorkerGuard {
  /** Jobs that waited at the last look. */
  waiting(): number;
  stop(graceMs: number): Promise<void>;
}

/** How long a worker that is dropped may take to close its connections before we stop waiting for it. */
const KILL_MS = 1_000;

/**
 * Starts a worker, and replaces it when a job has been due for `stuckAfterMs` while this worker ran none and took none for
 * as long.
 */
export function guardWorker(options: {
  backend: Backend;
  run: RunJob;
  log: Log;
  intervalMs: number;
  stuckAfterMs: number;
}): WorkerGuard {
  const { backend, log } = options;
  const running = new Set<Promise<void>>();
  let lastTaken = performance.now();
  let waiting = 0;
  let looking = false;
  let worker = start();
  const timer = setInterval(() => void look(), options.intervalMs);
  timer.unref();

  function start(): RunningWorker {
    lastTaken = performance.now();
    return backend.startWorker(async (nudge) => {
      lastTaken = performance.now();
      const run = options.run(nudge);
      running.add(run);
      await run.finally(() => running.delete(run));
    });
  }

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    try {
      const backlog = await backend.backlog();
      waiting = backlog.waiting;
      if (isStuck(backlog.oldestDue)) await replace();
    } catch (error) {
      log('warn', 'the queue does not answer', { error: String(error) });
    }
    looking = false;
  }

  function isStuck(oldestDue: Date | null): boolean {
    const idle = running.size === 0 && performance.now() - lastTaken > options.stuckAfterMs;
    return idle && oldestDue !== null && Date.now() - oldestDue.getTime() > options.stuckAfterMs;
  }

  async function replace(): Promise<void> {
    log('warn', 'the worker takes no jobs although some are due: starting a new one', { waiting });
    const old = worker;
    worker = start();
    await within(KILL_MS, old.kill());
  }

  return {
    waiting: () => waiting,
    async stop(graceMs) {
      clearInterval(timer);
      const drained = await within(graceMs, worker.drain());
      if (!drained) await within(KILL_MS, worker.kill());
    },
  };
}

/** Whether `work` ended in time; what it rejects with does not matter to somebody who is leaving. */
async function within(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = work.then(
    () => true,
    () => true,
  );
  const result = await Promise.race([done, timeout]);
  clearTimeout(timer);
  return result;
}
