/** Moves within a list of names. Pure. */

/** The list with the name at `from` put at `to`. */
export function moved(names: readonly string[], from: number, to: number): string[] {
  const rest = names.toSpliced(from, 1);
  return rest.toSpliced(to, 0, ...names.slice(from, from + 1));
}

/** The one name whose move makes all the difference; null: there is none, or more than one was moved. */
export function onlyMoved(
  before: readonly string[],
  after: readonly string[],
  preferred: string | null,
): string | null {
  if (same(before, after)) return null;
  const explains = (name: string) =>
    same(
      before.filter((one) => one !== name),
      after.filter((one) => one !== name),
    );
  if (preferred !== null && explains(preferred)) return preferred;
  return after.find(explains) ?? null;
}

export function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}
