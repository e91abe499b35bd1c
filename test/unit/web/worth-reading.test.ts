/** When a search goes on by itself. */
import { isWorthReading } from '../../../src/web/parts/worth-reading.ts';

describe('the next page of a search', () => {
  const past = (...sizes: number[]) => isWorthReading(sizes.map((length) => ({ items: Array.from({ length }) })));

  it('is read by itself at first, and while something fits', () => {
    expect([past(), past(0), past(0, 0, 0, 0, 0), past(0, 0, 0, 0, 0, 50)]).toEqual([true, true, true, true]);
    expect(past(0, 50, 0, 0, 0, 0, 0)).toBe(true);
  });

  it('is left to whoever asks after six with hardly anything', () => {
    expect([past(0, 0, 0, 0, 0, 0), past(3, 0, 9, 0, 0, 1)]).toEqual([false, false]);
    expect(past(50, 50, 2, 0, 1, 0, 0, 0)).toBe(false);
    expect(past(0, 0, 0, 0, 0, 10)).toBe(true);
  });
});
