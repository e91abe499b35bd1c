import { setImmediate as turn } from 'node:timers/promises';
import { createBatcher } from '../../../src/pipeline/receive/batch.ts';
import { eventually } from '../../support/wait.ts';

/** A batcher whose commits end when the test says so. */
function open(besideSize: number) {
  const commits: { items: readonly number[]; end: () => void }[] = [];
  const commit = (items: readonly number[]) => new Promise<void>((end) => void commits.push({ items, end }));
  const limits = { inFlight: 2, besideSize, batchSize: 100, queuedSize: 1_000 };
  return { commits, batcher: createBatcher(commit, (size) => size, limits) };
}

describe('commits', () => {
  it('hold what has come by then, and what came while one was running', async () => {
    const { commits, batcher } = open(1_000);
    const added = [batcher.add(1), batcher.add(2)];
    await turn();
    expect(commits.map((c) => c.items)).toEqual([[1, 2]]);
    added.push(batcher.add(3), batcher.add(4));
    await turn();
    expect(commits).toHaveLength(1);
    commits[0]?.end();
    await eventually(() => commits.length === 2);
    expect(commits[1]?.items).toEqual([3, 4]);
    commits[1]?.end();
    await Promise.all(added);
  });

  it('run side by side when enough waits, two at most', async () => {
    const { commits, batcher } = open(50);
    for (const size of [90, 20, 30, 90]) void batcher.add(size);
    await turn();
    expect(commits.map((c) => c.items)).toEqual([[90], [20, 30]]);
  });

  it('are waited for, the one that has not begun too', async () => {
    const { commits, batcher } = open(50);
    const added = batcher.add(1);
    const drained = batcher.drain();
    expect(commits).toHaveLength(1);
    commits[0]?.end();
    await Promise.all([added, drained]);
  });

  it('do not wait for one that is stuck, however little waits and whatever else has come and gone', async () => {
    const { commits, batcher } = open(50);
    for (const size of [90, 60]) void batcher.add(size);
    await turn();
    expect(commits).toHaveLength(2);
    void batcher.add(2);
    commits[1]?.end();
    await eventually(() => commits.length === 3);
    expect(commits[2]?.items).toEqual([2]);
  });
});
