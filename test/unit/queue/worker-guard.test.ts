import type { Backend, RunJob } from '../../../src/queue/backend.ts';
import { guardWorker } from '../../../src/queue/worker-guard.ts';

/** A backend whose workers take jobs only when the test hands them one. */
function open(oldestDue: Date | null) {
  const workers: { run: RunJob; killed: boolean }[] = [];
  const state = { oldestDue, looks: 0 };
  const backend: Backend = {
    name: 'redis',
    add: async () => {},
    backlog: async () => {
      state.looks += 1;
      return { waiting: 3, oldestDue: state.oldestDue };
    },
    startWorker: (run) => {
      const worker = { run, killed: false };
      workers.push(worker);
      return {
        drain: async () => {},
        kill: async () => {
          worker.killed = true;
        },
      };
    },
    close: async () => {},
  };
  const guard = guardWorker({ backend, run: async () => {}, log: () => {}, intervalMs: 5, stuckAfterMs: 50 });
  return { guard, workers, state };
}

// The guard judges by times, which a busy machine would stretch.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the guard of the worker', () => {
  it('replaces a worker that takes no jobs although one is long due', async () => {
    const { guard, workers } = open(new Date(0));
    await vi.advanceTimersByTimeAsync(60);
    expect(workers).toHaveLength(2);
    expect(workers[0]?.killed).toBe(true);
    expect(guard.waiting()).toBe(3);
    await guard.stop(100);
  });

  it('keeps a worker when nothing is due', async () => {
    const { guard, workers, state } = open(null);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(state.looks).toBeGreaterThan(20);
    expect(workers).toHaveLength(1);
    await guard.stop(100);
  });

  it('keeps a worker that is busy taking jobs, however long the queue is', async () => {
    const { guard, workers, state } = open(new Date(0));
    for (let job = 0; job < 30; job++) {
      await workers[0]?.run({ kind: 'decide', id: 'a' });
      await vi.advanceTimersByTimeAsync(40);
    }
    expect(state.looks).toBeGreaterThan(30);
    expect(workers).toHaveLength(1);
    await guard.stop(100);
  });
});
