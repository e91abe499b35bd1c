import { makeMatcher } from './compile.ts';
import { MatcherError, positioned } from './error.ts';
import type { Matcher } from './matcher.ts';
import { unquote } from './unquote.ts';

/** Go's unicode.IsSpace, for a character class; JavaScript's `\s` differs at U+0085 and U+FEFF. */
const spaces = '\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** What an unquoted name or value must not contain, for a character class. */
export const reservedRunes = `${spaces}{}!=~,\\\\"'\``;

const space = new RegExp(`[${spaces}]*`, 'uy');
const bare = new RegExp(`[^${reservedRunes}]+`, 'uy');
const quoted = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/uy;
const operator = /=~|=|!=|!~/y;

/** Reads tokens from left to right. */
interface Cursor {
  readonly text: string;
  at: number;
}

/**
 * Parses Alertmanager's UTF-8 grammar, the default since 0.27:
 * `'{' [list] '}' | [list]`, `list := matcher (',' matcher)* [',']`, `matcher := name op value`.
 *
 * @throws MatcherError with the position
 */
export function parseUtf8(text: string): Matcher[] {
  const cursor: Cursor = { text, at: 0 };
  const braces = accept(cursor, '{');
  const matchers = readList(cursor);
  if (braces && !accept(cursor, '}')) throw expected(cursor, 'a comma or a closing brace "}"');
  skipSpace(cursor);
  if (cursor.at < text.length) {
    if (!braces && text[cursor.at] === '}') throw new MatcherError('A "}" without a "{" before it.', cursor.at);
    throw expected(cursor, braces ? 'the end of the text' : 'a comma');
  }
  return matchers;
}

function readList(cursor: Cursor): Matcher[] {
  const matchers: Matcher[] = [];
  while (!atEnd(cursor)) {
    matchers.push(readMatcher(cursor));
    if (!accept(cursor, ',')) break;
  }
  return matchers;
}

function readMatcher(cursor: Cursor): Matcher {
  skipSpace(cursor);
  const start = cursor.at;
  const name = readText(cursor, 'a label name');
  const op = readOperator(cursor);
  const value = readText(cursor, 'a value; write "" for the empty text');
  return positioned(start, () => makeMatcher(name, op, value));
}

function readText(cursor: Cursor, what: string): string {
  skipSpace(cursor);
  const start = cursor.at;
  const unquoted = take(cursor, bare);
  if (unquoted !== null) return unquoted;
  if (cursor.text[start] !== '"') throw expected(cursor, what);
  const token = take(cursor, quoted);
  if (token === null) throw new MatcherError('A quoted text has no closing quote.', start);
  return unquote(token, start);
}

function readOperator(cursor: Cursor): Matcher['op'] {
  skipSpace(cursor);
  const op = take(cursor, operator);
  if (op === '=' || op === '!=' || op === '=~' || op === '!~') return op;
  throw expected(cursor, 'an operator: =, !=, =~ or !~');
}

function atEnd(cursor: Cursor): boolean {
  skipSpace(cursor);
  return cursor.at === cursor.text.length || cursor.text[cursor.at] === '}';
}

function accept(cursor: Cursor, character: string): boolean {
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at += 1;
  return true;
}

function skipSpace(cursor: Cursor): void {
  take(cursor, space);
}

function take(cursor: Cursor, token: RegExp): string | null {
  token.lastIndex = cursor.at;
  const match = token.exec(cursor.text);
  if (match === null) return null;
  cursor.at = token.lastIndex;
  return match[0];
}

function expected({ text, at }: Cursor, what: string): MatcherError {
  const found = at < text.length ? JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0)) : 'the end';
  return new MatcherError(`Expected ${what}, but found ${found}.`, at);
}
