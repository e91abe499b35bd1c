/**
 * Runs `work` for whoever asks, one run at a time: who asks during a run shares the next one, because the run under way
 * may have passed by what they ask for.
 */
export function createRunner(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  return function run(): Promise<void> {
    if (running === null) {
      running = work().finally(() => {
        running = null;
      });
      return running;
    }
    next ??= running
      .catch(() => {})
      .then(() => {
        next = null;
        return run();
      });
    return next;
  };
}

/** One runner per key; a key that nobody runs is forgotten. */
export function createRunners<K>(work: (key: K) => Promise<void>): (key: K) => Promise<void> {
  const runners = new Map<K, { run: () => Promise<void>; users: number }>();
  return async (key) => {
    const entry = runners.get(key) ?? { run: createRunner(() => work(key)), users: 0 };
    runners.set(key, entry);
    entry.users++;
    try {
      await entry.run();
    } finally {
      entry.users--;
      if (entry.users === 0) runners.delete(key);
    }
  };
}
