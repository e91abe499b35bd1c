import { parseClassic, parseClassicMatcher } from './classic.ts';
import { MatcherError } from './error.ts';
import { formatMatcher } from './format.ts';
import type { Matcher } from './matcher.ts';
import { parseUtf8 } from './utf8.ts';

/** Which grammar counts: `fallback` is Alertmanager's default, the others are its strict switches. */
export type MatcherMode = 'fallback' | 'utf8' | 'classic';

/** What was understood, and what its author should change, if anything. */
export interface ParsedMatchers {
  matchers: Matcher[];
  warning: string | null;
}

/** Longest text that is parsed, in UTF-16 code units: far above any use, far below any harm. */
const maxTextLength = 65_536;

/**
 * Parses a list such as `{severity="critical",team=~"db|web"}`, braces optional. In fallback mode the classic meaning
 * wins where the two grammars differ, with a warning, as in Alertmanager.
 *
 * @throws MatcherError with the position and a sentence that helps
 */
export function parseMatchers(text: string, { mode = 'fallback' }: { mode?: MatcherMode } = {}): ParsedMatchers {
  return parseWith(text, mode, parseUtf8, parseClassic);
}

/**
 * Parses exactly one matcher, such as `team=~"db|web"`; braces are refused outside of the classic mode.
 *
 * @throws MatcherError with the position and a sentence that helps
 */
export function parseMatcher(
  text: string,
  { mode = 'fallback' }: { mode?: MatcherMode } = {},
): {
  matcher: Matcher;
  warning: string | null;
} {
  if (mode !== 'classic') refuseBraces(text);
  const { matchers, warning } = parseWith(text, mode, parseUtf8, (classic) => [parseClassicMatcher(classic)]);
  const [matcher] = matchers;
  if (matcher === undefined || matchers.length > 1) {
    throw new MatcherError(`Expected one matcher, but found ${matchers.length}.`);
  }
  return { matcher, warning };
}

function refuseBraces(text: string): void {
  if (text.startsWith('{')) throw new MatcherError('A single matcher must not have braces around it.', 0);
  if (text.endsWith('}')) throw new MatcherError('A single matcher must not have braces around it.', text.length - 1);
}

type Parser = (text: string) => Matcher[];

function parseWith(text: string, mode: MatcherMode, utf8: Parser, classic: Parser): ParsedMatchers {
  if (text.length > maxTextLength) {
    throw new MatcherError(`The matchers are longer than ${maxTextLength} characters.`, maxTextLength);
  }
  if (mode === 'utf8') return { matchers: utf8(text), warning: null };
  if (mode === 'classic') return { matchers: classic(text), warning: null };
  return chooseGrammar(attempt(utf8, text), attempt(classic, text));
}

function attempt(parser: Parser, text: string): Matcher[] | MatcherError {
  try {
    return parser(text);
  } catch (error) {
    if (error instanceof MatcherError) return error;
    throw error;
  }
}

function chooseGrammar(utf8: Matcher[] | MatcherError, classic: Matcher[] | MatcherError): ParsedMatchers {
  if (utf8 instanceof MatcherError) {
    if (classic instanceof MatcherError) throw bothRefuse(utf8, classic);
    return { matchers: classic, warning: `Put every value in double quotes: ${print(classic)}` };
  }
  if (classic instanceof MatcherError || print(utf8) === print(classic)) return { matchers: utf8, warning: null };
  return {
    matchers: classic,
    warning: `Read in Alertmanager's classic way as ${print(classic)}; newer versions read ${print(utf8)}. Write the one that you mean.`,
  };
}

/** The classic error decides, as in Alertmanager; the UTF-8 grammar knows better where and why. */
function bothRefuse(utf8: MatcherError, classic: MatcherError): MatcherError {
  const message =
    utf8.message === classic.message ? classic.message : `${utf8.message} Write a matcher like name="value".`;
  return new MatcherError(message, utf8.position ?? classic.position);
}

function print(matchers: readonly Matcher[]): string {
  return matchers.map(formatMatcher).join(',');
}
