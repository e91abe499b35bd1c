/** What can be said about lists of matchers, all of which must match, without looking at an alert. Pure. */
import { makeMatcher } from '../../matcher/compile.ts';
import type { Matcher } from '../../matcher/matcher.ts';

/** Matchers, all of which must match. */
export type Matchers = readonly Matcher[];

const opposite = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' } as const;

/** Matches exactly the values that the other one does not. */
export function negated({ name, op, value }: Matcher): Matcher {
  return makeMatcher(name, opposite[op], value);
}

/** Each matcher once. */
export function distinct(list: Matchers): Matcher[] {
  return [...new Map(list.map((matcher) => [keyOf(matcher), matcher])).values()];
}

function keyOf({ name, op, value }: Matcher): string {
  return `${name}\0${op}\0${value}`;
}

/** More values than that are not tried one by one. */
const maxTried = 100;

const known = new WeakMap<Matcher, readonly string[] | null>();

/** The only values that can match: of `a="x"` and of `a=~"x|y"`. Null: it cannot be told. */
export function valuesOf(matcher: Matcher): readonly string[] | null {
  const before = known.get(matcher);
  if (before !== undefined) return before;
  const values = matcher.op === '=' ? [matcher.value] : matcher.op === '=~' ? alternatives(matcher.value) : null;
  known.set(matcher, values);
  return values;
}

function alternatives(regex: string): string[] | null {
  if (/[\\.+*?()[\]{}^$]/.test(regex)) return null;
  const values = regex.split('|');
  return values.length > maxTried ? null : values;
}

/** Whether no alert can match all of them. False may also mean: it cannot be told. */
export function impossible(list: Matchers): boolean {
  const byName = new Map<string, Matcher[]>();
  for (const matcher of list) {
    const same = byName.get(matcher.name);
    if (same === undefined) byName.set(matcher.name, [matcher]);
    else same.push(matcher);
  }
  return [...byName.values()].some(impossibleForOne);
}

/** The same for matchers of one label. */
function impossibleForOne(same: Matchers): boolean {
  for (const matcher of same) {
    const values = valuesOf(matcher);
    if (values !== null) return !values.some((value) => same.every((other) => other.matches(value)));
  }
  const there = new Set(same.map(({ op, value }) => `${op}${value}`));
  return same.some(({ op, value }) => there.has(`${opposite[op]}${value}`));
}

/** Those that are not certain to match when `given` does. */
export function notImplied(list: Matchers, given: Matchers): Matcher[] {
  return list.filter((matcher) => !impossible([...given, negated(matcher)]));
}

/** Lists of which at most one matches: together they match what `list` does and `taken` does not. */
function subtract(list: Matchers, taken: Matchers): Matchers[] {
  if (impossible([...list, ...taken])) return [list];
  const rest = notImplied(taken, list);
  return rest
    .map((matcher, i) => [...list, ...rest.slice(0, i), negated(matcher)])
    .filter((piece) => !impossible(piece));
}

/** What {@link without} made. */
export interface Pieces<T> {
  /** Lists of which at most one matches an alert. */
  pieces: readonly Matchers[];
  /** What could not be taken away within the limit. */
  left: readonly T[];
}

/** Takes away from a list what other lists match, as long as that makes no more than `most` lists of it. */
export function without<T extends { own: Matchers }>(list: Matchers, taken: readonly T[], most: number): Pieces<T> {
  const sharedFirst = bySharing(taken.map((one) => one.own));
  const shortestFirst = [...taken].sort((a, b) => a.own.length - b.own.length);
  let pieces: readonly Matchers[] = [list];
  const left: T[] = [];
  for (const one of shortestFirst) {
    const next = pieces.flatMap((piece) => subtract(piece, sharedFirst(one.own)));
    if (next.length > most) left.push(one);
    else pieces = next;
  }
  return { pieces, left };
}

/** Puts first what many lists have: `severity="critical"` of all of them then makes one piece, and not one for each. */
function bySharing(lists: readonly Matchers[]): (list: Matchers) => Matchers {
  const counts = new Map<string, number>();
  for (const matcher of lists.flat()) counts.set(keyOf(matcher), (counts.get(keyOf(matcher)) ?? 0) + 1);
  const count = (matcher: Matcher) => counts.get(keyOf(matcher)) ?? 0;
  return (list) => [...list].sort((a, b) => count(b) - count(a));
}
