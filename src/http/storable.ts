/** JSON in the database can hold neither NUL nor half a surrogate pair. */
const impossible = /[\0\p{Surrogate}]/u;

/** Whether a text can be kept. */
export function isStorable(text: string): boolean {
  return !impossible.test(text);
}
