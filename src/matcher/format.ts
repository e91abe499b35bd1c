import { makeMatcher } from './compile.ts';
import type { Matcher } from './matcher.ts';
import { reservedRunes } from './utf8.ts';

/** A matcher in the JSON of Alertmanager's API v2. */
export interface ApiMatcher {
  name: string;
  value: string;
  isRegex: boolean;
  /** True when left out, as in Alertmanager before 0.22. */
  isEqual?: boolean | undefined;
}

const reserved = new RegExp(`[${reservedRunes}]`, 'u');
const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '"': '\\"' };

/** Alertmanager's print form: `name="value"`, the name in quotes only when it has reserved characters. */
export function formatMatcher({ name, op, value }: Pick<Matcher, 'name' | 'op' | 'value'>): string {
  return `${reserved.test(name) ? quote(name) : name}${op}${quote(value)}`;
}

/** The print form of a list: `{a="1",b=~"2|3"}`. */
export function formatMatchers(matchers: readonly Pick<Matcher, 'name' | 'op' | 'value'>[]): string {
  return `{${matchers.map(formatMatcher).join(',')}}`;
}

function quote(text: string): string {
  return `"${text.replace(/[\\\n"]/g, (character) => escapes[character] ?? character)}"`;
}

/** To the JSON of Alertmanager's API v2. */
export function toApiMatcher({ name, op, value }: Pick<Matcher, 'name' | 'op' | 'value'>): Required<ApiMatcher> {
  return { name, value, isRegex: op === '=~' || op === '!~', isEqual: op === '=' || op === '=~' };
}

/**
 * From the JSON of Alertmanager's API v2.
 *
 * @throws MatcherError as {@link makeMatcher} does
 */
export function fromApiMatcher({ name, value, isRegex, isEqual = true }: ApiMatcher): Matcher {
  if (isRegex) return makeMatcher(name, isEqual ? '=~' : '!~', value);
  return makeMatcher(name, isEqual ? '=' : '!=', value);
}
