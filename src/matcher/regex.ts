import { RE2JS } from 're2js';
import { MatcherError } from './error.ts';

/** Longest regex of a matcher, in UTF-8 bytes. Alertmanager has no limit; longer ones are lists that want a label. */
export const maxRegexBytes = 4096;

/**
 * Most instructions that a regex may compile to. Without it `.*a.{900}|.*a.{901}|…` needs a minute for one label
 * value of 64 kB; a list of names that fills {@link maxRegexBytes} needs about 4,200.
 */
export const maxRegexSize = 5000;

const maxCached = 1000;
const cache = new Map<string, (value: string) => boolean>();

/**
 * Compiles an RE2 regex, anchored as Alertmanager does it: `^(?:v)$`, a dot does not match a line break, `$` is the
 * very end. Equal texts share one compiled form while it is in use.
 *
 * @throws MatcherError when the regex is not RE2 or is too large
 */
export function compileRegex(pattern: string): (value: string) => boolean {
  const cached = cache.get(pattern);
  const test = cached ?? literalTest(pattern) ?? re2Test(pattern);
  if (cached !== undefined) cache.delete(pattern);
  cache.set(pattern, test);
  if (cache.size > maxCached) cache.delete(cache.keys().next().value ?? pattern);
  return test;
}

/** The regex engine itself, without short cuts. */
export function re2Test(pattern: string): (value: string) => boolean {
  if (Buffer.byteLength(pattern) > maxRegexBytes) {
    throw new MatcherError(`The regex is longer than ${maxRegexBytes} bytes; use a label that groups these values.`);
  }
  const compiled = compileRe2(pattern);
  if (compiled.programSize() > maxRegexSize) {
    throw new MatcherError('The regex is too complex; use smaller repeat counts or fewer alternatives.');
  }
  return (value) => compiled.test(value);
}

function compileRe2(pattern: string): RE2JS {
  try {
    return RE2JS.compile(`^(?:${pattern})$`);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'unknown error';
    throw new MatcherError(`The regex is not valid in RE2 syntax: ${why.slice(0, 200)}.`);
  }
}

/** One alternative: this exact text, or a text that begins with it and goes on without a line break. */
interface Alternative {
  literal: string;
  tail: '' | '.*' | '.+';
}

/** A test without the engine for `a|b|c`, `db-.*` and the like, or null when the regex is more than that. */
function literalTest(pattern: string): ((value: string) => boolean) | null {
  if (pattern.length > maxRegexBytes) return null;
  const alternatives = splitAlternatives(pattern);
  if (alternatives === null) return null;
  const exact = new Set(alternatives.filter((a) => a.tail === '').map((a) => a.literal));
  const prefixes = alternatives.filter((a) => a.tail !== '');
  return (value) => exact.has(value) || prefixes.some((prefix) => matchesPrefix(prefix, value));
}

function matchesPrefix({ literal, tail }: Alternative, value: string): boolean {
  const shortest = literal.length + (tail === '.+' ? 1 : 0);
  return value.length >= shortest && value.startsWith(literal) && !value.includes('\n', literal.length);
}

const alternative = /((?:[^\\.+*?()|[\]{}^$]|\\[\\.+*?()|[\]{}^$/:-])*)(\.[*+])?(\||$)/y;

function splitAlternatives(pattern: string): Alternative[] | null {
  const found: Alternative[] = [];
  alternative.lastIndex = 0;
  for (;;) {
    const match = alternative.exec(pattern);
    if (match === null) return null;
    const [, escaped = '', tail = '', end] = match;
    found.push({ literal: escaped.replace(/\\(.)/g, '$1'), tail: tail === '.*' || tail === '.+' ? tail : '' });
    if (end === '') return found;
  }
}
