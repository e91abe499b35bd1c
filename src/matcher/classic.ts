import { makeMatcher } from './compile.ts';
import { MatcherError, positioned } from './error.ts';
import type { Matcher } from './matcher.ts';

/** A piece of the list and where it begins in the whole text. */
interface Piece {
  text: string;
  start: number;
}

const form = /^[\t\n\f\r ]*([a-zA-Z_:][a-zA-Z0-9_:]*)[\t\n\f\r ]*(=~|=|!=|!~)[\t\n\f\r ]*([\s\S]*)$/;

/**
 * Parses Alertmanager's classic grammar, from before 0.27: one leading and one trailing brace are dropped, and
 * commas outside of double quotes separate the matchers.
 *
 * @throws MatcherError with the position
 */
export function parseClassic(text: string): Matcher[] {
  const pieces = splitAtCommas(text, text.startsWith('{') ? 1 : 0, text.endsWith('}') ? text.length - 1 : text.length);
  if (pieces.at(-1)?.text.trim() === '') pieces.pop();
  return pieces.map(readClassic);
}

/**
 * Parses one matcher of the classic grammar.
 *
 * @throws MatcherError with the position
 */
export function parseClassicMatcher(text: string): Matcher {
  return readClassic({ text, start: 0 });
}

/** Commas inside unescaped double quotes do not separate. A comma does not end an escape: that is Alertmanager's way. */
function splitAtCommas(text: string, from: number, to: number): Piece[] {
  const pieces: Piece[] = [];
  let start = from;
  let quoted = false;
  let escaped = false;
  for (let i = from; i < to; i++) {
    const character = text[i];
    if (character === ',' && !quoted) {
      pieces.push({ text: text.slice(start, i), start });
      start = i + 1;
    } else if (character === '"') {
      if (!escaped) quoted = !quoted;
      escaped = false;
    } else if (character === '\\') {
      escaped = !escaped;
    } else if (character !== ',') {
      escaped = false;
    }
  }
  pieces.push({ text: text.slice(Math.min(start, to), Math.max(start, to)), start });
  return pieces;
}

function readClassic({ text, start }: Piece): Matcher {
  const match = form.exec(text);
  const [, name = '', op, rest = ''] = match ?? [];
  if (op !== '=' && op !== '!=' && op !== '=~' && op !== '!~') {
    throw new MatcherError('Expected a matcher such as name="value", with =, !=, =~ or !~.', start);
  }
  const value = rest.replace(/[\t\n\f\r ]+$/, '');
  return positioned(start, () => makeMatcher(name, op, unescapeValue(value)));
}

function unescapeValue(raw: string): string {
  const opened = raw.startsWith('"');
  const body = opened ? raw.slice(1) : raw;
  const tokens = body.match(/\\[\s\S]|[\s\S]/gu) ?? [];
  const closed = tokens.at(-1) === '"';
  const inner = opened && closed ? tokens.slice(0, -1) : tokens;
  if (inner.includes('"') || opened !== closed) {
    throw new MatcherError('The value has a double quote that is neither escaped nor at both ends.');
  }
  return inner.map(unescapeToken).join('');
}

function unescapeToken(token: string): string {
  if (token === '\\n') return '\n';
  if (token === '\\"' || token === '\\\\') return token.slice(1);
  return token;
}
