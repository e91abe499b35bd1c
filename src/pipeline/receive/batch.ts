/** Raised when there is more waiting than the service wants to hold; the sender should come again. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
}

/** Collects what comes in while a commit is running, so that concurrent requests share the next one. */
export interface Batcher<T> {
  /**
   * Resolves when the item is committed.
   * @throws Overloaded when too much is waiting, or what the commit threw
   */
  add(item: T): Promise<void>;
  /** Waits for everything that is on its way. */
  drain(): Promise<void>;
}

/** Bounds of a batcher; `size` of an item is its number of alerts. */
export interface BatchLimits {
  /** Commits that may run side by side … */
  inFlight: number;
  /** … where this much waits: less is cheaper together with what comes until the commit that runs has ended. */
  besideSize: number;
  /** A batch is closed when it holds this much; a single larger item is a batch of its own. */
  batchSize: number;
  /** More than this is never held. */
  queuedSize: number;
}

interface Waiting<T> {
  item: T;
  size: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** A commit that takes this long waits for something; others need not wait with it. */
const stuckAfterMs = 50;

/**
 * Self-clocking: an item is committed at once while no commit runs, together with what has arrived already, else it waits for
 * one to end and goes with all that came meanwhile. So nothing waits when it is quiet, and a crowd shares its commits.
 */
export function createBatcher<T>(
  commit: (items: readonly T[]) => Promise<void>,
  sizeOf: (item: T) => number,
  limits: BatchLimits,
): Batcher<T> {
  const waiting: Waiting<T>[] = [];
  /** When each commit began, the oldest first. */
  const running = new Map<Promise<void>, number>();
  let queued = 0;
  let timer: NodeJS.Timeout | undefined;
  let soon: NodeJS.Immediate | undefined;

  /** For how long the oldest commit may still keep others from starting beside it; 0 = no longer. */
  function patienceMs(): number {
    const [oldest] = running.values();
    return oldest === undefined ? 0 : Math.max(0, oldest + stuckAfterMs - performance.now());
  }

  function mayStart(): boolean {
    if (running.size === 0 || running.size >= limits.inFlight) return running.size === 0;
    return queued >= limits.besideSize || patienceMs() === 0;
  }

  function take(): Waiting<T>[] {
    const batch: Waiting<T>[] = [];
    let size = 0;
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (batch.length > 0 && size + next.size > limits.batchSize) break;
      batch.push(next);
      size += next.size;
      waiting.shift();
    }
    queued -= size;
    return batch;
  }

  function pump(): void {
    while (waiting.length > 0 && mayStart()) {
      const run: Promise<void> = commitBatch(commit, take()).finally(() => {
        running.delete(run);
        pump();
      });
      running.set(run, performance.now());
    }
    clearTimeout(timer);
    if (waiting.length > 0 && running.size < limits.inFlight) timer = setTimeout(pump, Math.ceil(patienceMs())).unref();
  }

  function start(): void {
    clearImmediate(soon);
    soon = undefined;
    pump();
  }

  return {
    add(item) {
      const size = sizeOf(item);
      if (queued > 0 && queued + size > limits.queuedSize) {
        return Promise.reject(new Overloaded('too many alerts are waiting to be stored'));
      }
      queued += size;
      return new Promise((resolve, reject) => {
        waiting.push({ item, size, resolve, reject });
        soon ??= setImmediate(start);
      });
    },
    async drain() {
      if (soon !== undefined) start();
      while (running.size > 0) await Promise.allSettled(running.keys());
    },
  };
}

/** One bad item must not take its neighbours with it: a batch that fails is tried again item by item. */
async function commitBatch<T>(
  commit: (items: readonly T[]) => Promise<void>,
  batch: readonly Waiting<T>[],
): Promise<void> {
  try {
    await commit(batch.map((w) => w.item));
    for (const w of batch) w.resolve();
  } catch (error) {
    const [only] = batch;
    if (batch.length === 1) return only?.reject(error);
    for (const w of batch) await commitBatch(commit, [w]);
  }
}
