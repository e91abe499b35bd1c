/** The matchers of one route, or of one side of an inhibition rule, in each of the forms that Alertmanager reads. */
import { errorMessage } from '../../errors.ts';
import { makeMatcher } from '../../matcher/compile.ts';
import { formatMatcher } from '../../matcher/format.ts';
import type { Matcher } from '../../matcher/matcher.ts';
import { parseMatchers } from '../../matcher/parse.ts';
import { distinct } from './logic.ts';
import { ImportError, mapOf, type Note, type Raw, textOf, textsOf } from './raw.ts';

/** What a document takes as one entry. */
const maxLength = 4096;

/**
 * The matchers of `match`, `match_re` and `matchers`, all of which must match.
 * @param prefix of these keys
 * @throws ImportError with the place of a bad one
 */
export function matchersOf(raw: Raw, place: string, note: Note, prefix = ''): Matcher[] {
  const at = (key: string) => ({ value: raw[`${prefix}${key}`], place: `${place}.${prefix}${key}` });
  const [equal, regex, texts] = [at('match'), at('match_re'), at('matchers')];
  return distinct([
    ...oldOnes(equal.value, '=', equal.place),
    ...oldOnes(regex.value, '=~', regex.place),
    ...textsOf(texts.value, texts.place).flatMap((text, i) =>
      readAt(`${texts.place}[${i}]`, () => {
        const { matchers, warning } = parseMatchers(text);
        if (warning !== null) note(`${texts.place}[${i}]`, `it can be read in two ways. ${warning}`);
        return matchers;
      }),
    ),
  ]);
}

function oldOnes(value: unknown, op: Matcher['op'], place: string): Matcher[] {
  if (value === undefined || value === null) return [];
  return Object.entries(mapOf(value, place)).flatMap(([name, given]) =>
    readAt(`${place}.${name}`, () => [makeMatcher(name, op, textOf(given, place) ?? '')]),
  );
}

function readAt(place: string, read: () => Matcher[]): Matcher[] {
  const matchers = attempt(place, read);
  if (matchers.some((matcher) => formatMatcher(matcher).length > maxLength))
    throw new ImportError(`${place}: the matcher is longer than ${maxLength} characters`);
  return matchers;
}

function attempt(place: string, read: () => Matcher[]): Matcher[] {
  try {
    return read();
  } catch (error) {
    throw error instanceof ImportError ? error : new ImportError(`${place}: ${errorMessage(error)}`);
  }
}
