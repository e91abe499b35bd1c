/** Matchers as documents hold them, on their way to compiled ones and back. */
import { makeMatcher } from '../matcher/compile.ts';
import { formatMatcher } from '../matcher/format.ts';
import type { Matcher } from '../matcher/matcher.ts';
import { parseMatchers } from '../matcher/parse.ts';

/** A matcher as it is stored in a silence. */
export type MatcherFacts = Pick<Matcher, 'name' | 'op' | 'value'>;

/** Alertmanager's object form. */
export interface MatcherObject {
  name: string;
  value: string;
  isRegex: boolean;
  isEqual: boolean;
}

/** What matches nothing. A stored matcher that no longer compiles must not take everything else with it. */
export const nothing: Matcher = { name: '', op: '=', value: '', matches: () => false };

/**
 * Compiles matchers; one text may hold several.
 * @throws MatcherError
 */
export function compileMatchers(list: readonly (string | MatcherFacts)[]): Matcher[] {
  return list.flatMap((one) =>
    typeof one === 'string' ? parseMatchers(one).matchers : [makeMatcher(one.name, one.op, one.value)],
  );
}

/**
 * What a text or an object in Alertmanager's form says.
 * @throws MatcherError
 */
export function matcherFacts(one: string | MatcherObject): MatcherFacts[] {
  if (typeof one === 'string') return parseMatchers(one).matchers.map(({ name, op, value }) => ({ name, op, value }));
  const op = one.isRegex ? (one.isEqual ? '=~' : '!~') : one.isEqual ? '=' : '!=';
  return [{ name: one.name, op, value: one.value }];
}

/** The matchers of a silence as people write them: one list, or a list of lists when there are several sets. */
export function matcherTexts(sets: readonly (readonly MatcherFacts[])[]): string[] | string[][] {
  const texts = sets.map((set) => set.map(formatMatcher));
  return texts.length === 1 ? (texts[0] as string[]) : texts;
}
