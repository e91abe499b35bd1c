import { DurationError, formatDuration, parseDuration } from '../../../src/alert/duration.ts';
import fc from '../../support/fast-check.ts';

describe('parseDuration', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['300ms', 300],
    ['30s', 30_000],
    ['1h30m', 5_400_000],
    ['1d', 86_400_000],
    ['1w', 604_800_000],
    ['1y', 31_536_000_000],
    ['1y2w3d4h5m6s7ms', 31_536_000_000 + 2 * 604_800_000 + 3 * 86_400_000 + 4 * 3_600_000 + 5 * 60_000 + 6_007],
    ['90m', 5_400_000],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    ['', 'must not be empty'],
    [' ', 'must not be empty'],
    ['5', 'needs a unit'],
    ['1.5h', 'whole numbers'],
    ['-1m', 'negative'],
    ['30m1h', 'from large to small'],
    ['1m1m', 'from large to small'],
    ['5 m', 'is written like'],
    ['5M', 'is written like'],
    ['1m\n', 'is written like'],
    ['293y', '292 years'],
    ['9'.repeat(400).concat('s'), '292 years'],
  ])('refuses %j and says why', (text, why) => {
    expect(() => parseDuration(text)).toThrow(DurationError);
    expect(() => parseDuration(text)).toThrow(why);
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [5_400_000, '1h30m'],
    [90 * 86_400_000, '90d'],
    [14 * 86_400_000, '2w'],
    [365 * 86_400_000, '1y'],
    [366 * 86_400_000, '366d'],
    [1_001, '1s1ms'],
  ])('prints %i as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('refuses what is no duration', () => {
    for (const ms of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => formatDuration(ms)).toThrow(RangeError);
  });

  it('is undone by parseDuration', () => {
    fc.assert(
      fc.property(fc.nat({ max: 9_223_372_036_854 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});
