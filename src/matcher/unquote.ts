import { MatcherError } from './error.ts';

/** Go's escapes that stand for one byte (strconv.Unquote of a double-quoted string). */
const simple: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  '"': 34,
};

const escaped = /\\(?:([abfnrtv\\"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;

/**
 * The text of a Go double-quoted string, given with its quotes and known to be terminated.
 *
 * @param at where the string begins in the whole text, for errors
 * @throws MatcherError on an unknown escape, a raw line break, or bytes that are not UTF-8
 */
export function unquote(quoted: string, at: number): string {
  const body = quoted.slice(1, -1);
  if (body.includes('\n')) throw new MatcherError('A quoted text must not contain a line break; write \\n.', at);
  if (!body.includes('\\')) return body;
  const bytes: Buffer[] = [];
  let from = 0;
  for (let slash = body.indexOf('\\'); slash >= 0; slash = body.indexOf('\\', from)) {
    bytes.push(Buffer.from(body.slice(from, slash)), escapedBytes(body, slash, at));
    from = escaped.lastIndex;
  }
  bytes.push(Buffer.from(body.slice(from)));
  return decodeUtf8(Buffer.concat(bytes), at);
}

/** Reads the escape at `slash` and leaves `escaped.lastIndex` behind it. */
function escapedBytes(body: string, slash: number, at: number): Buffer {
  escaped.lastIndex = slash;
  const match = escaped.exec(body);
  const position = at + 1 + slash;
  if (match === null) {
    throw new MatcherError('Unknown escape in a quoted text; write a backslash as \\\\.', position);
  }
  const [, letter, hex, octal, short, long] = match;
  const byte = letter !== undefined ? simple[letter] : hex !== undefined ? Number.parseInt(hex, 16) : undefined;
  if (byte !== undefined) return Buffer.of(byte);
  if (octal !== undefined) return Buffer.of(byteValue(Number.parseInt(octal, 8), position));
  return Buffer.from(runeText(Number.parseInt(short ?? long ?? '', 16), position));
}

function byteValue(value: number, position: number): number {
  if (value > 255) throw new MatcherError('An octal escape must be at most \\377.', position);
  return value;
}

function runeText(rune: number, position: number): string {
  if (rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff)) {
    throw new MatcherError('The escape names no Unicode character.', position);
  }
  return String.fromCodePoint(rune);
}

function decodeUtf8(bytes: Buffer, at: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new MatcherError('The escapes in a quoted text must give valid UTF-8.', at);
  }
}
