/** Which of some names somebody may have meant. Pure. */

/** The name that is the fewest letters away; null when none is near. */
export function nearestName(given: string, names: readonly string[]): string | null {
  const near = Math.max(2, Math.floor(given.length / 4));
  const [best] = names
    .map((name) => ({ name, away: distance(given, name) }))
    .filter(({ away }) => away <= near)
    .sort((a, b) => a.away - b.away);
  return best?.name ?? null;
}

/** How many letters have to be put in, taken out or changed to make one of the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
