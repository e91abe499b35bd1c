/** What PostgreSQL's text and jsonb cannot hold: NUL and halves of surrogate pairs. */
const unstorable = /[\0\p{Surrogate}]/u;
const everyUnstorable = /[\0\p{Surrogate}]/gu;

/**
 * The text with U+FFFD for each character that cannot be stored. Go's JSON decoder does the same with lone surrogates,
 * so Alertmanager never sends one; NUL it does send, and label sets that differ in nothing else become one alert.
 */
export function storable(text: string): string {
  return isStorable(text) ? text : text.replace(everyUnstorable, '\ufffd');
}

/** Whether PostgreSQL can hold the text as it is. */
export function isStorable(text: string): boolean {
  return !unstorable.test(text);
}

/** At most `maxBytes` of the text in UTF-8, cut between two characters. */
export function cutToBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const bytes = Buffer.from(text.slice(0, maxBytes));
  let end = Math.max(0, Math.min(maxBytes, bytes.length));
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return storable(bytes.toString('utf8', 0, end));
}
