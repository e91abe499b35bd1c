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
  it('take along what came while one was running', async () => {
    const { commits, batcher } = open(1_000);
    const added = [batcher.add(1), batcher.add(2), batcher.add(3)];
    expect(commits.map((c) => c.items)).toEqual([[1]]);
    commits[0]?.end();
    await eventually(() => commits.length === 2);
    expect(commits[1]?.items).toEqual([2, 3]);
    commits[1]?.end();
    await Promise.all(added);
  });

  it('run side by side when enough waits, two at most', () => {
    const { commits, batcher } = open(50);
    for (const size of [1, 20, 30, 90]) void batcher.add(size);
    expect(commits.map((c) => c.items)).toEqual([[1], [20, 30]]);
  });

  it('do not wait for one that is stuck', async () => {
    const { commits, batcher } = open(1_000);
    await eventually(() => {
      void batcher.add(1);
      return commits.length === 2;
    });
  });
});
