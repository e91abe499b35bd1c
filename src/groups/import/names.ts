/** Names of alert groups. Pure. */
import type { Flat } from './flatten.ts';
import type { Route } from './tree.ts';

/** What an address cannot hold, so that no object has such a name. */
export const unusable: readonly string[] = ['.', '..'];

/** Names that mean something of their own: built-in alert groups, and an address of the API. */
const reserved = [...unusable, 'unrouted', 'self', 'watchdog', 'preview'];

const maxBase = 60;
const telling = /^\p{L}[\p{L}\p{N}._-]*$/u;

/**
 * A name for each: that of its receiver. Where several go to one receiver, the one highest in the tree has it, and the
 * others have a value that they match behind it, or a number.
 */
export function groupNames(groups: readonly Flat[]): string[] {
  const taken = new Set(reserved);
  const named = new Set<Route>();
  const names = new Map<Flat, string>();
  for (const group of [...groups].sort((a, b) => a.route.depth - b.route.depth)) {
    const { route } = group;
    const name = freeName(nameFrom(route.receiver), named.has(route) ? null : tellingValue(route), taken);
    named.add(route);
    taken.add(name);
    names.set(group, name);
  }
  return groups.map((group) => names.get(group) as string);
}

/** Any text as a name of an object. */
export function nameFrom(text: string): string {
  const start = text
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, maxBase);
  // The cut may have gone through a character.
  const visible = start.replace(/\p{Surrogate}/gu, '').trim();
  return visible === '' ? 'unnamed' : visible;
}

function freeName(base: string, value: string | null, taken: ReadonlySet<string>): string {
  const wanted = value === null ? [base] : [base, `${base}-${value}`];
  const free = wanted.find((name) => !taken.has(name));
  return free ?? numbered(base, taken);
}

/** The name with the first number that is free, from 2 on. */
export function numbered(base: string, taken: ReadonlySet<string>): string {
  for (let i = 2; ; i++) if (!taken.has(`${base}-${i}`)) return `${base}-${i}`;
}

/** The value that says best which alerts of the receiver these are. */
function tellingValue({ own, receiver }: Route): string | null {
  return (
    own.findLast(({ op, value }) => op === '=' && value.length <= 30 && telling.test(value) && value !== receiver)
      ?.value ?? null
  );
}
