/** Collects nudges and adds them in bulk, off the path of the request that makes them. */
import type { NudgeJob } from './backend.ts';
import type { Log, Nudge } from './nudge.ts';

export interface NudgeBuffer {
  nudge(nudges: readonly Nudge[]): void;
  counts(): { added: number; failedAdds: number };
  /** Adds what is left, as far as the backend takes it within a moment; later nudges are ignored. */
  stop(): Promise<void>;
}

/** A nudge for later than this is not queued: the sweep nudges its row when it is due, and edits leave no stale jobs behind. */
export const HORIZON_MS = 600_000;
/** As many jobs as BullMQ adds well at once. */
const BATCH = 500;
/** The least time between two batches: a row that is nudged by every request costs 50 jobs a second at most. */
const SPACING_MS = 20;
/** A backend that takes longer than this for one batch counts as away. */
const ADD_TIMEOUT_MS = 5_000;
/** More than this is not worth keeping while the backend is slow: the sweep finds the rows. */
const MAX_PENDING = 50_000;

/** `add` is the backend's; it may reject or hang. */
export function createNudgeBuffer(options: {
  add: (jobs: readonly NudgeJob[]) => Promise<void>;
  now: () => Date;
  log: Log;
}): NudgeBuffer {
  const pending = new Map<string, Nudge>();
  /** The jobs for later seconds that were added and are not due yet, with their times in ms. */
  const queued = new Map<string, number>();
  const counts = { added: 0, failedAdds: 0 };
  let flushing: Promise<void> | undefined;
  let stopped = false;

  function nudge(nudges: readonly Nudge[]): void {
    const present = options.now().getTime();
    for (const one of nudges) {
      if (stopped || one.at.getTime() > present + HORIZON_MS || isQueued(one, present)) continue;
      if (pending.size >= MAX_PENDING) counts.failedAdds += 1;
      else keepEarliest(pending, one);
    }
    if (pending.size > 0) flushing ??= flush();
  }

  /**
   * The backend would find out itself that it has the job, but it takes 10 ms for that, and in a storm every batch of
   * reports makes the same incidents due in the same second.
   */
  function isQueued(nudge: Nudge, present: number): boolean {
    return nudge.at.getTime() > present && (queued.get(jobIdOf(nudge)) ?? 0) > present;
  }

  function remember(batch: readonly NudgeJob[], present: number): void {
    for (const [id, at] of queued) if (at <= present) queued.delete(id);
    for (const { jobId, delayMs } of batch) {
      if (jobId !== undefined && queued.size < MAX_PENDING) queued.set(jobId, present + delayMs);
    }
  }

  async function flush(): Promise<void> {
    // Lets the nudges of the requests that are handled in this turn of the event loop share the batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (pending.size > 0) {
      await Promise.all([addBatch(), stopped ? undefined : pause(SPACING_MS)]);
    }
    flushing = undefined;
  }

  async function addBatch(): Promise<void> {
    const batch = [...pending].slice(0, BATCH);
    for (const [key] of batch) pending.delete(key);
    const now = options.now();
    const jobs = batch.map(([key, one]) => toJob(key, one, now));
    try {
      await withTimeout(options.add(jobs));
      counts.added += batch.length;
      remember(jobs, now.getTime());
    } catch (error) {
      counts.failedAdds += batch.length;
      options.log('warn', 'nudges were not queued, the sweep will find their rows', { error: String(error) });
    }
  }

  return {
    nudge,
    counts: () => ({ ...counts }),
    stop: async () => {
      stopped = true;
      if (flushing !== undefined) await Promise.race([flushing, pause(ADD_TIMEOUT_MS)]);
    },
  };
}

function keepEarliest(pending: Map<string, Nudge>, nudge: Nudge): void {
  const key = jobIdOf(nudge);
  const other = pending.get(key);
  if (other === undefined || nudge.at < other.at) pending.set(key, nudge);
}

/** One per row and second. BullMQ allows no colons in a job id, and the kind keeps it from being a number. */
function jobIdOf(nudge: Nudge): string {
  return `${nudge.kind}-${nudge.id.replaceAll(':', '_')}-${Math.floor(nudge.at.getTime() / 1000)}`;
}

/**
 * Nudges for the same later second are one job, whichever replica adds it. A nudge for now is always a job of its own: a job
 * with its id may be running at this moment, and may have read the row before the change that this nudge tells about.
 */
function toJob(jobId: string, { kind, id, at }: Nudge, now: Date): NudgeJob {
  const delayMs = Math.max(0, at.getTime() - now.getTime());
  return delayMs === 0 ? { kind, id, delayMs } : { kind, id, delayMs, jobId };
}

async function withTimeout(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the queue took longer than ${ADD_TIMEOUT_MS} ms`)), ADD_TIMEOUT_MS);
  });
  try {
    await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
