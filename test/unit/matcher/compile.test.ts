import { labelsOf } from '../../../src/alert/labels.ts';
import { makeMatcher, matchesAll } from '../../../src/matcher/compile.ts';
import { MatcherError } from '../../../src/matcher/error.ts';
import { compileRegex, maxRegexBytes, re2Test } from '../../../src/matcher/regex.ts';
import fc from '../../support/fast-check.ts';

const matches = (op: '=' | '!=' | '=~' | '!~', value: string, actual: string) =>
  makeMatcher('l', op, value).matches(actual);

describe('makeMatcher', () => {
  it('compares whole texts', () => {
    expect(matches('=', 'a', 'a')).toBe(true);
    expect(matches('=', 'a', 'ab')).toBe(false);
    expect(matches('!=', 'a', 'a')).toBe(false);
    expect(matches('!=', 'a', '')).toBe(true);
  });

  it('anchors regexes at both ends', () => {
    expect(matches('=~', 'b+', 'bb')).toBe(true);
    expect(matches('=~', 'b+', 'abb')).toBe(false);
    expect(matches('=~', 'a|b', 'ab')).toBe(false);
    expect(matches('!~', 'b+', 'abb')).toBe(true);
  });

  it('ends at the very end, and a dot does not match a line break', () => {
    expect(matches('=~', 'a', 'a\n')).toBe(false);
    expect(matches('=~', '.*', 'a\nb')).toBe(false);
    expect(matches('=~', '(?s).*', 'a\nb')).toBe(true);
  });

  it('has RE2 semantics: characters, not UTF-16 units, and no look-around or back references', () => {
    expect(matches('=~', '.', '😀')).toBe(true);
    expect(matches('=~', '\\p{Han}+', '数据库')).toBe(true);
    for (const pattern of ['(?=a)', '(a)\\1', '(?<!a)b', 'a**', '[', '(']) {
      expect(() => makeMatcher('l', '=~', pattern)).toThrow(MatcherError);
    }
  });

  it('joins the anchors to the text as Alertmanager does, even where that is odd', () => {
    expect(matches('=~', 'a)|(?:b', 'a and more')).toBe(true);
  });

  it('refuses an empty name, NUL, halves of surrogate pairs, and regexes that are too large', () => {
    expect(() => makeMatcher('', '=', 'v')).toThrow('label name');
    expect(() => makeMatcher('l', '=', 'a\0')).toThrow('NUL');
    expect(() => makeMatcher('l\ud800', '=', 'a')).toThrow('UTF-8');
    expect(() => makeMatcher('l', '=~', 'a'.repeat(maxRegexBytes + 1))).toThrow('4096 bytes');
    expect(() => makeMatcher('l', '=~', 'a'.repeat(maxRegexBytes))).not.toThrow();
    expect(() => makeMatcher('l', '=~', `${'.*(a{900}b)|'.repeat(20)}x`)).toThrow('too complex');
  });

  it('tells why a regex is not valid', () => {
    expect(() => makeMatcher('l', '=~', 'a{2000}')).toThrow(
      /^The regex is not valid in RE2 syntax: invalid repeat count/,
    );
  });

  it('takes linear time where a backtracking engine would never end', () => {
    const value = 'a'.repeat(65_536);
    const evil = ['(a+)+x', '(a|aa)*x', '(.*)(.*)(.*)(.*)x', '.*foo.*bar.*'].map((p) => makeMatcher('l', '=~', p));
    const before = process.cpuUsage();
    expect(evil.some((matcher) => matcher.matches(value))).toBe(false);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
  });
});

describe('the short cut for literals', () => {
  const atom = fc.constantFrom(
    'a',
    'b',
    'é',
    '数',
    '😀',
    '-',
    '_',
    ' ',
    '/',
    ':',
    '\n',
    '\\.',
    '\\|',
    '\\\\',
    '\\-',
    '\\/',
  );
  const tail = fc.constantFrom('', '', '.*', '.+');
  const branch = fc.tuple(fc.array(atom, { maxLength: 3 }), tail).map(([atoms, end]) => atoms.join('') + end);
  const pattern = fc.array(branch, { minLength: 1, maxLength: 4 }).map((branches) => branches.join('|'));
  const value = fc.array(fc.constantFrom('a', 'b', 'é', '数', '😀', '-', '_', ' ', '/', ':', '\n', '.', '|', '\\'), {
    maxLength: 5,
  });

  it('agrees with the engine', () => {
    fc.assert(
      fc.property(pattern, value, (regex, parts) => {
        const text = parts.join('');
        expect(compileRegex(regex)(text)).toBe(re2Test(regex)(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('agrees with the engine on any text that the engine takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab.*+|\\()[]{}^$?-1d\n') }), value, (regex, parts) => {
        let engine: (value: string) => boolean;
        try {
          engine = re2Test(regex);
        } catch {
          expect(() => compileRegex(regex)).toThrow(MatcherError);
          return;
        }
        expect(compileRegex(regex)(parts.join(''))).toBe(engine(parts.join('')));
        expect(compileRegex(regex)(regex)).toBe(engine(regex));
      }),
      { numRuns: 5000 },
    );
  });
});

describe('compileRegex', () => {
  it('shares one compiled form between equal texts', () => {
    expect(compileRegex('a.c')).toBe(compileRegex('a.c'));
  });

  it('forgets texts that are no longer used', () => {
    const first = compileRegex('once-[0-9]');
    for (let i = 0; i < 1100; i++) compileRegex(`filler-${i}`);
    expect(compileRegex('once-[0-9]')).not.toBe(first);
  });
});

describe('matchesAll', () => {
  it('needs every matcher, and takes an absent label for the empty text', () => {
    const labels = labelsOf([['team', 'db']]);
    expect(matchesAll([], labels)).toBe(true);
    expect(matchesAll([makeMatcher('team', '=', 'db'), makeMatcher('env', '=', '')], labels)).toBe(true);
    expect(matchesAll([makeMatcher('env', '!=', 'x'), makeMatcher('env', '=~', '.*')], labels)).toBe(true);
    expect(matchesAll([makeMatcher('team', '=', 'db'), makeMatcher('env', '=~', '.+')], labels)).toBe(false);
  });

  it('does not take what every object has for labels', () => {
    expect(matchesAll([makeMatcher('constructor', '=', ''), makeMatcher('toString', '=', '')], { a: 'b' })).toBe(true);
  });
});
