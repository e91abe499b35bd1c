/** Matchers in the query of a list. */

import { MatcherError } from '../matcher/error.ts';
import type { Matcher } from '../matcher/matcher.ts';
import { parseMatcher } from '../matcher/parse.ts';
import { invalid } from './problem.ts';

/** @throws HttpProblem 400 that says where a matcher goes wrong */
export function parseFilters(texts: readonly string[]): Matcher[] {
  return texts.map((text, index) => {
    try {
      return parseMatcher(text).matcher;
    } catch (error) {
      if (!(error instanceof MatcherError)) throw error;
      throw invalid([{ in: 'query', path: texts.length > 1 ? `filter[${index}]` : 'filter', message: error.message }]);
    }
  });
}
