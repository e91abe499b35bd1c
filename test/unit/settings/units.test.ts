import { parseSize } from '../../../src/settings/units.ts';

describe('sizes', () => {
  it.each([
    ['32MB', 32_000_000],
    ['512KiB', 524_288],
    ['1000', 1000],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', 'MB', '1TB', '-1MB', '1.5MB'])('"%s" is none', (text) => {
    expect(parseSize(text)).toBeNull();
  });
});
