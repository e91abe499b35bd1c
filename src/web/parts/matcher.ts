/** Matchers as people type them. The service has the last word on what is one. */
export type Operator = '=' | '!=' | '=~' | '!~';
export const operators: readonly Operator[] = ['=', '!=', '=~', '!~'];

export interface MatcherParts {
  name: string;
  op: Operator;
  value: string;
}

const bare = /^[^\s\u0085{}!=~,\\"'`]+$/;

const quote = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')}"`;

/** `severity="critical"`; a name of unusual characters is quoted too. */
export function matcherText(name: string, op: Operator, value: string): string {
  return `${bare.test(name) ? name : quote(name)}${op}${quote(value)}`;
}

const form = /^\s*("(?:[^"\\]|\\.)*"|[^\s{}!=~,\\"'`]+)\s*(=~|!~|!=|=)\s*([\s\S]*?)\s*$/;

const unquote = (text: string) =>
  /^"[\s\S]*"$/.test(text) && text.length > 1
    ? text.slice(1, -1).replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c))
    : text;

/** Null: it is no matcher, not even nearly. */
export function readMatcher(text: string): MatcherParts | null {
  const [, name, op, value] = form.exec(text) ?? [];
  if (name === undefined || value === undefined || op === undefined) return null;
  return { name: unquote(name), op: op as Operator, value: unquote(value) };
}

/** A word alone, as people type it to find an alert: its name holds the word, in whatever case. Null: it is no word. */
export function wordMatcher(text: string): string | null {
  const word = text.trim();
  if (!bare.test(word)) return null;
  return matcherText('alertname', '=~', `(?i).*${word.replace(/[.*+?^$|()[\]]/g, '\\$&')}.*`);
}

const classicName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const listed =
  /[ \t]*("(?:[^"\\]|\\.)*"|(?:[^\s\u0085{}!=~,\\"'`]|\ufeff)+)[ \t]*(=~|!~|!=|=)[ \t]*("(?:[^"\\]|\\.)*"|[^\s\u0085{}!=~,\\"'`]*)[ \t]*(?:,|$)/y;

/**
 * The matchers of one line, which may hold several: `{team="db", severity!="info"}`. Null: it is none, or says something
 * in a way that cannot be shown as parts without a doubt.
 */
export function readMatchers(line: string): MatcherParts[] | null {
  const text = line.replace(/^[ \t]+|[ \t]+$/g, '').replace(/^\{(.*)\}$/, '$1');
  const found: RegExpExecArray[] = [];
  for (let at = 0; at < text.length; at = listed.lastIndex) {
    listed.lastIndex = at;
    const one = listed.exec(text);
    if (one === null) return null;
    found.push(one);
  }
  // Other escapes mean different things to the two grammars, except where only the classic one can be meant.
  const classic = found.every(([, name = '']) => classicName.test(name));
  const odd = found.some(([whole]) => /\\[^"n]/.test(whole.replaceAll('\\\\', '')));
  if (found.length === 0 || (odd && !classic)) return null;
  return found.map(([, name = '', op, value = '']) => ({
    name: unescaped(name),
    op: op as Operator,
    value: unescaped(value),
  }));
}

function unescaped(text: string): string {
  if (!text.startsWith('"')) return text;
  return text.slice(1, -1).replace(/\\([\\"n])/g, (_, c: string) => (c === 'n' ? '\n' : c));
}
