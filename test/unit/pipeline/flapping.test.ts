import { flappingUntil, spellsOf } from '../../../src/pipeline/converge/flapping.ts';

const minute = 60_000;
const start = Date.UTC(2026, 0, 5, 8);
const at = (minutes: number) => new Date(start + minutes * minute);
const policy = { changes: 4, withinMs: 60 * minute };
/** An alert with these firing periods, in minutes; the last one without an end still lasts. */
const times = (...periods: [from: number, to?: number][]) => {
  const over = periods.filter(([, to]) => to !== undefined);
  const last = periods.at(-1);
  const fires = last?.[1] === undefined;
  return {
    state: fires ? ('firing' as const) : ('resolved' as const),
    episode: periods.length,
    since: at(last?.[0] ?? 0),
    periods: over.map(([from, to]) => [at(from).getTime(), at(to as number).getTime()] as const),
  };
};
const until = (now: number, ...periods: [from: number, to?: number][]) =>
  flappingUntil(spellsOf(times(...periods), 0), policy, at(now));

describe('flapping', () => {
  it.each([
    [
      'as many changes as are allowed',
      30,
      [
        [0, 5],
        [10, 15],
      ],
      null,
    ],
    ['one more than that', 30, [[0, 5], [10, 15], [20]], at(70)],
    ['the same, but not within the time', 200, [[0, 5], [60, 65], [120, 125], [180]], null],
    ['changes that have not happened yet', 12, [[0, 5], [10, 15], [20]], null],
  ] as [string, number, [number, number?][], Date | null][])('%s', (_, now, periods, expected) => {
    expect(until(now, ...periods)).toEqual(expected);
  });

  it('goes on until at most half as many changes lie within the time', () => {
    const periods: [number, number?][] = [[0, 5], [10, 15], [20]];
    expect(until(69, ...periods)).toEqual(at(70));
    expect(until(70, ...periods)).toBeNull();
  });

  it('begins anew when it changes too often again', () => {
    expect(until(130, [0, 5], [10, 15], [20, 90], [100, 101], [102, 103], [104])).toEqual(at(162));
  });
});

describe('spells', () => {
  const spells = (keep: number, ...periods: [number, number?][]) =>
    spellsOf(times(...periods), keep * minute).map((s) => [
      s.episode,
      (s.since - start) / minute,
      s.end === null ? null : (s.end - start) / minute,
    ]);

  it('join firing periods whose pause is short enough, and keep the first episode', () => {
    expect(spells(5, [0, 5], [10, 20], [26])).toEqual([
      [1, 0, 20],
      [3, 26, null],
    ]);
    expect(spells(6, [0, 5], [10, 20], [26])).toEqual([[1, 0, null]]);
  });

  it('are the firing periods themselves where no pause is to be left out', () => {
    expect(spells(0, [0, 5], [5, 20])).toEqual([
      [1, 0, 5],
      [2, 5, 20],
    ]);
  });
});
