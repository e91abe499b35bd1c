/**
 * An array parameter as PostgreSQL writes one, for elements that need no quotes: numbers, times, hex, words of ours. The
 * driver would look at every character of every element, which is felt with thousands of them.
 */
export function plainArray(elements: readonly (string | number | null)[]): string {
  return `{${elements.map((element) => element ?? 'NULL').join(',')}}`;
}
