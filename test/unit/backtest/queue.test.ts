import { createTimeQueue } from '../../../src/backtest/queue.ts';
import * as fc from '../../support/fast-check.ts';

describe('a queue by time', () => {
  it('gives what waits in the order of the times, and of two for the same time the one that came first', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (times) => {
        const queue = createTimeQueue<{ at: number; order: number }>();
        const all = times.map((at, order) => ({ at, order }));
        for (const one of all) queue.add(one.at, one);
        const taken = all.map(() => queue.take());
        expect(taken).toEqual([...all].sort((a, b) => a.at - b.at || a.order - b.order));
        expect(queue.next()).toBe(Number.POSITIVE_INFINITY);
      }),
    );
  });

  it('goes on in order when something is added in between', () => {
    const queue = createTimeQueue<string>();
    queue.add(3, 'c');
    queue.add(1, 'a');
    expect([queue.next(), queue.take()]).toEqual([1, 'a']);
    queue.add(2, 'b');
    expect([queue.take(), queue.take()]).toEqual(['b', 'c']);
    expect(() => queue.take()).toThrow('nothing waits');
  });
});
