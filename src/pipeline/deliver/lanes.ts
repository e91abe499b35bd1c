/** Runs work side by side, at most so much of it at once for each key; the rest waits in order. */
export type Lanes = (key: string, work: () => Promise<void>) => Promise<void>;

/** A channel that hangs fills its own lanes only: the others go on (rule 4). */
export function createLanes(width: number): Lanes {
  const running = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();

  async function enter(key: string): Promise<void> {
    const count = running.get(key) ?? 0;
    if (count < width) {
      running.set(key, count + 1);
      return;
    }
    const queue = waiting.get(key) ?? [];
    waiting.set(key, queue);
    await new Promise<void>((resolve) => queue.push(resolve));
  }

  /** Whoever waits takes over the place of the one that leaves. */
  function leave(key: string): void {
    const next = waiting.get(key)?.shift();
    if (next === undefined) running.set(key, (running.get(key) ?? 1) - 1);
    else next();
  }

  return async (key, work) => {
    await enter(key);
    try {
      await work();
    } finally {
      leave(key);
    }
  };
}
