import { type Labels, labelValue } from '../alert/labels.ts';
import { MatcherError } from './error.ts';
import type { Matcher } from './matcher.ts';
import { compileRegex } from './regex.ts';

/** NUL cannot be stored, and no label that was received holds one; half a surrogate pair is no text at all. */
const impossible = /[\0\p{Surrogate}]/u;

/**
 * Makes a matcher with Alertmanager's meaning.
 *
 * @throws MatcherError when the name is empty, the text is not storable UTF-8, or the regex is not RE2 or too large
 */
export function makeMatcher(name: string, op: Matcher['op'], value: string): Matcher {
  if (name === '') throw new MatcherError('A matcher needs a label name before the operator.');
  if (impossible.test(name) || impossible.test(value)) {
    throw new MatcherError('A matcher must be valid UTF-8 text without NUL characters.');
  }
  return { name, op, value, matches: testOf(op, value) };
}

function testOf(op: Matcher['op'], value: string): Matcher['matches'] {
  if (op === '=') return (actual) => actual === value;
  if (op === '!=') return (actual) => actual !== value;
  const test = compileRegex(value);
  return op === '=~' ? test : (actual) => !test(actual);
}

/** Whether every matcher is satisfied; an empty list is, by anything. An absent label is the empty string. */
export function matchesAll(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every((matcher) => matcher.matches(labelValue(labels, matcher.name)));
}

/** The matchers that are not satisfied: why a label set is not matched. */
export function missesOf(matchers: readonly Matcher[], labels: Labels): Matcher[] {
  return matchers.filter((matcher) => !matcher.matches(labelValue(labels, matcher.name)));
}
