import type { Matcher } from '../../matcher/matcher.ts';

/** Values that nobody uses: a matcher that takes all of them leaves out a few named values at most. */
const unheardOf = ['zq-7f3a0c', '0', '未知 x.y/z'];

/**
 * Whether a silence would hide practically every critical alert that can ever fire: some set of its matchers says no
 * more than that an alert is critical, that it has a name, or that it is not one of a few.
 *
 * @param critical what makes an alert critical
 */
export function hidesEveryCritical(sets: readonly (readonly Matcher[])[], critical: readonly Matcher[]): boolean {
  return sets.some((set) => set.length > 0 && set.every((m) => takesEvery(m, critical)));
}

function takesEvery(matcher: Matcher, critical: readonly Matcher[]): boolean {
  const values = critical.filter((c) => c.name === matcher.name).flatMap(valuesOf);
  if (values.length > 0) return values.every((v) => matcher.matches(v));
  // Every alert has a name; any other label may be absent.
  const always = matcher.name === 'alertname' || matcher.matches('');
  return always && unheardOf.every((v) => matcher.matches(v));
}

/** The values that a critical alert may have there, as far as the matcher names them. */
function valuesOf({ op, value }: Matcher): string[] {
  if (op === '=') return [value];
  return op === '=~' && /^[\w |-]+$/.test(value) ? value.split('|') : [];
}
