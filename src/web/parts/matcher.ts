/** Matchers as people type them. The service has the last word on what is one. */
export type Operator = '=' | '!=' | '=~' | '!~';
export const operators: readonly Operator[] = ['=', '!=', '=~', '!~'];

export interface MatcherParts {
  name: string;
  op: Operator;
  value: string;
}

const bare = /^[^\s{}!=~,\\"'`]+$/;

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
