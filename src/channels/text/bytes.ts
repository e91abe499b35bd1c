/** Limits of providers count UTF-8 bytes, and a message must never be lost for being too long. */

/** Length in UTF-8 bytes. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** At most `max` bytes of `text`, cut with an ellipsis and never inside a character. */
export function cutBytes(text: string, max: number): string {
  if (byteLength(text) <= max) return text;
  let kept = '';
  let bytes = byteLength('…');
  for (const character of text) {
    bytes += byteLength(character);
    if (bytes > max) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Renders with ever tighter limits until the result fits; the last result when none does. */
export function firstThatFits<L, T>(levels: readonly L[], render: (level: L) => T, fits: (result: T) => boolean): T {
  for (const level of levels.slice(0, -1)) {
    const result = render(level);
    if (fits(result)) return result;
  }
  return render(levels.at(-1)!);
}
