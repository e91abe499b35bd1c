import { makeMatcher } from '../../../src/matcher/compile.ts';
import { MatcherError } from '../../../src/matcher/error.ts';
import { formatMatcher, formatMatchers, fromApiMatcher, toApiMatcher } from '../../../src/matcher/format.ts';
import { type MatcherMode, parseMatcher, parseMatchers } from '../../../src/matcher/parse.ts';
import fc from '../../support/fast-check.ts';

const read = (text: string, mode: MatcherMode = 'fallback') =>
  parseMatchers(text, { mode }).matchers.map(({ name, op, value }) => [name, op, value].join('␟'));

function errorOf(run: () => unknown): MatcherError {
  try {
    run();
  } catch (error) {
    if (error instanceof MatcherError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the UTF-8 grammar', () => {
  it.each([
    ['', []],
    ['{}', []],
    [' { } ', []],
    ['foo=bar', ['foo␟=␟bar']],
    ['{foo="bar",}', ['foo␟=␟bar']],
    ['foo!=bar,baz=~"a|b", qux !~ c', ['foo␟!=␟bar', 'baz␟=~␟a|b', 'qux␟!~␟c']],
    ['数据库=主库', ['数据库␟=␟主库']],
    ['"foo bar"="{,}"', ['foo bar␟=␟{,}']],
    ['foo=""', ['foo␟=␟']],
    ['foo=a.b/c:d*', ['foo␟=␟a.b/c:d*']],
    ['foo\u00a0=\u3000bar', ['foo␟=␟bar']],
    ['foo="a\\"b\\\\c\\nd\\te"', ['foo␟=␟a"b\\c\nd\te']],
    ['foo="\\xe4\\xbd\\xa0\\u597d\\U0001F600\\101\\a\\v"', ['foo␟=␟你好😀A\u0007\u000b']],
    ['{"__proto__"="x"}', ['__proto__␟=␟x']],
  ])('reads %j', (text, expected) => {
    expect(read(text, 'utf8')).toEqual(expected);
  });

  it.each([
    ['foo=', 4, 'a value'],
    ['foo', 3, 'an operator'],
    ['foo!bar', 3, 'an operator'],
    ['=bar', 0, 'a label name'],
    ['foo="bar', 4, 'no closing quote'],
    ['{foo=bar', 8, 'closing brace'],
    ['foo=bar}', 7, 'without a "{"'],
    ['{foo=bar}x', 9, 'the end'],
    ['{foo=bar}}', 9, 'the end'],
    ['foo=bar baz=qux', 8, 'a comma'],
    ['foo=bar,,baz=qux', 8, 'a label name'],
    [',', 0, 'a label name'],
    ["foo='bar'", 4, 'a value'],
    ['foo=a\\b', 5, 'a comma'],
    ['foo=~[a-z]{3}', 10, 'a comma'],
    ['foo="\\q"', 5, 'Unknown escape'],
    ['foo="\\\'"', 5, 'Unknown escape'],
    ['foo="\\xff"', 4, 'valid UTF-8'],
    ['foo="\\ud800"', 5, 'no Unicode character'],
    ['foo="\\400"', 5, 'at most'],
    ['foo="a\nb"', 4, 'line break'],
    ['foo=~"("', 0, 'not valid in RE2'],
    ['ok=1,""=x', 5, 'label name'],
  ])('refuses %j at %i', (text, position, message) => {
    const error = errorOf(() => parseMatchers(text, { mode: 'utf8' }));
    expect(error.message).toContain(message);
    expect(error.position).toBe(position);
  });
});

describe('the classic grammar', () => {
  it.each([
    ['', []],
    ['{foo = "bar", dings != "bums", }', ['foo␟=␟bar', 'dings␟!=␟bums']],
    ['foo=', ['foo␟=␟']],
    ['{foo=bar', ['foo␟=␟bar']],
    ['foo=bar}', ['foo␟=␟bar']],
    ['foo==x', ['foo␟=␟=x']],
    ['foo=a b  ', ['foo␟=␟a b']],
    ['foo=~[a-z]{3}', ['foo␟=~␟[a-z]{3']],
    ['{foo=~[a-z]{3}}', ['foo␟=~␟[a-z]{3}']],
    ['q="She said: \\"Hi, ladies!\\""', ['q␟=␟She said: "Hi, ladies!"']],
    ['foo="a\\tb\\nc\\\\d"', ['foo␟=␟a\\tb\nc\\d']],
    ['foo=bar\\', ['foo␟=␟bar\\']],
    ['foo="a\nb"', ['foo␟=␟a\nb']],
    ['a:b_1=x', ['a:b_1␟=␟x']],
  ])('reads %j', (text, expected) => {
    expect(read(text, 'classic')).toEqual(expected);
  });

  it.each([
    ['foo=b"ar', 0],
    ['foo="bar', 0],
    ['foo=bar"', 0],
    ['foo="a"b"', 0],
    ['foo="\\"', 0],
    ['foo="', 0],
    ['1foo=bar', 0],
    ['数据=x', 0],
    ['a=b,,c=d', 4],
    ['a=b,foo', 4],
    ['{}}', 1],
  ])('refuses %j at %i', (text, position) => {
    expect(errorOf(() => parseMatchers(text, { mode: 'classic' })).position).toBe(position);
  });
});

describe('the fallback mode', () => {
  it('takes what only the UTF-8 grammar reads without a warning', () => {
    expect(parseMatchers('数据库="a"')).toMatchObject({ warning: null, matchers: [{ name: '数据库' }] });
  });

  it('takes what only the classic grammar reads, and says how to write it', () => {
    const { matchers, warning } = parseMatchers('foo=,bar=~a{2}b');
    expect(matchers.map(formatMatcher)).toEqual(['foo=""', 'bar=~"a{2}b"']);
    expect(warning).toBe('Put every value in double quotes: foo="",bar=~"a{2}b"');
  });

  it('prefers the classic meaning where the grammars differ, and warns', () => {
    const { matchers, warning } = parseMatchers('foo="\\x41"');
    expect(matchers[0]?.value).toBe('\\x41');
    expect(warning).toContain('foo="A"');
  });

  it('has nothing to say when both agree', () => {
    expect(parseMatchers('{a="b",c!~"d|e"}').warning).toBeNull();
    expect(parseMatchers('').warning).toBeNull();
  });

  it('tells both reasons when neither grammar reads it, with the place', () => {
    const error = errorOf(() => parseMatchers('föö="bar'));
    expect(error.message).toBe('A quoted text has no closing quote. Write a matcher like name="value".');
    expect(error.position).toBe(4);
  });

  it('refuses texts without end', () => {
    expect(() => parseMatchers('a=b,'.repeat(20_000))).toThrow('longer than');
  });
});

describe('parseMatcher', () => {
  it('reads exactly one', () => {
    expect(parseMatcher('a=~"b|c"').matcher).toMatchObject({ name: 'a', op: '=~', value: 'b|c' });
    expect(() => parseMatcher('')).toThrow(MatcherError);
    expect(() => parseMatcher('a="b",c="d"', { mode: 'utf8' })).toThrow('found 2');
  });

  it('refuses braces around it', () => {
    expect(errorOf(() => parseMatcher('{a="b"}')).position).toBe(0);
    expect(errorOf(() => parseMatcher('a="b"}')).position).toBe(5);
  });
});

describe('print form and API form', () => {
  it('quotes the name only when it must, and escapes the value', () => {
    expect(formatMatcher(makeMatcher('a', '=', 'x"\\\ny'))).toBe('a="x\\"\\\\\\ny"');
    expect(formatMatcher(makeMatcher('a b', '!~', ''))).toBe('"a b"!~""');
    expect(formatMatchers([makeMatcher('a', '=', '1'), makeMatcher('数', '=~', '2')])).toBe('{a="1",数=~"2"}');
  });

  it('takes a missing isEqual for true', () => {
    expect(fromApiMatcher({ name: 'a', value: 'b', isRegex: true }).op).toBe('=~');
    expect(fromApiMatcher({ name: 'a', value: 'b', isRegex: false, isEqual: false }).op).toBe('!=');
  });

  const anyMatcher = fc
    .tuple(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.constantFrom('=', '!=', '=~', '!~'),
      fc.string({ unit: 'binary' }),
    )
    .map(([name, op, value]) => {
      const safe = op === '=' || op === '!=' ? value : value.replace(/[^\p{L}\p{N}\n" ]/gu, '');
      return makeMatcher(name.replaceAll('\0', '_'), op as '=', safe.replace(/[\0\p{Surrogate}]/gu, '_'));
    });

  it('survives printing and parsing', () => {
    fc.assert(
      fc.property(fc.array(anyMatcher, { maxLength: 4 }), (list) => {
        const again = parseMatchers(formatMatchers(list), { mode: 'utf8' }).matchers;
        expect(again.map(toApiMatcher)).toEqual(list.map(toApiMatcher));
        expect(again.map(toApiMatcher).map((api) => fromApiMatcher(api).op)).toEqual(list.map((m) => m.op));
      }),
      { numRuns: 2000 },
    );
  });

  it('means the same in both grammars when the name is a classic one', () => {
    fc.assert(
      fc.property(anyMatcher, (matcher) => {
        const text = formatMatcher({ ...matcher, name: 'name' });
        expect(parseMatchers(text, { mode: 'classic' }).matchers[0]?.value).toBe(matcher.value);
        expect(parseMatchers(text)).toMatchObject({ warning: null, matchers: [{ value: matcher.value }] });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(...'{}=!~,"\\\'` \nab1数😀\0', '\ud800', '=~', '!=', '\\x', '\\u', '[', '(');
  it('is either read or refused with a MatcherError that points into it', () => {
    fc.assert(
      fc.property(fc.string({ unit: pieces }), fc.constantFrom('fallback', 'utf8', 'classic'), (text, mode) => {
        try {
          parseMatchers(text, { mode: mode as MatcherMode });
        } catch (error) {
          expect(error).toBeInstanceOf(MatcherError);
          const { position } = error as MatcherError;
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});
