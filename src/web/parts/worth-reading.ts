/** A page that ends before it has so many has cost the service much for little: it stops when it has looked at very much. */
const fewItems = 10;
/** So many of them, one after another, are read without being asked for. */
const patience = 6;

/**
 * Whether the next page of a search is read by itself. Everything that was read is read again whenever something changes: a search that
 * hardly anything fits would read all there is, over and over. Pure.
 * @param pages since somebody last asked for more
 */
export function isWorthReading(pages: readonly { items: readonly unknown[] }[]): boolean {
  return pages.length < patience || pages.slice(-patience).some(({ items }) => items.length >= fewItems);
}
