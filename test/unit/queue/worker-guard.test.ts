import type { Backend, RunJob } from '../../../src/queue/backend.ts';
import { guardWorker } from '../../../src/queue/worker-guard.ts';
import { eventually } from '../../support/wait.ts';

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

describe('the guard of the worker', () => {
  it('replaces a worker that takes no jobs although one is long due', async () => {
    const { guard, workers } = open(new Date(0));
    await eventually(() => workers.length === 2);
    expect(workers[0]?.killed).toBe(true);
    expect(guard.waiting()).toBe(3);
    await guard.stop(100);
  });

  it('keeps a worker when nothing is due', async () => {
    const { guard, workers, state } = open(null);
    await eventually(() => state.looks > 20);
    expect(workers).toHaveLength(1);
    await guard.stop(100);
  });

  it('keeps a worker that is busy taking jobs, however long the queue is', async () => {
    const { guard, workers, state } = open(new Date(0));
    await eventually(() => {
      void workers[0]?.run({ kind: 'decide', id: 'a' });
      return state.looks > 30;
    });
    expect(workers).toHaveLength(1);
    await guard.stop(100);
  });
});
