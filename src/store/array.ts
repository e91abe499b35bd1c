/**
 * Array parameters in PostgreSQL's binary form
 * (https://www.postgresql.org/docs/18/protocol-overview.html#PROTOCOL-FORMAT-CODES): the server takes the elements as they
 * are. In the text form it looks at every character, and so does the driver, which is felt with thousands of elements.
 */

/** Of the element types, from the catalogue pg_type. */
const oid = { int4: 23, int8: 20, text: 25, timestamptz: 1184, jsonb: 3802 };

const headBytes = 20;
const absent = -1;
/** For the length of an element. */
const room = '\0\0\0\0';
/** What each value of jsonb begins with. */
const jsonbVersion = '\u0001';

/** At most, in UTF-8, of a unit of UTF-16. */
const bytesPerUnit = 3;

/** PostgreSQL counts its times from here, in microseconds. */
const epochMs = Date.UTC(2000, 0, 1);

/** `text[]`, each element without NUL. */
export function textArray(elements: readonly (string | null)[]): Buffer {
  return stringArray(oid.text, elements, '');
}

/** `jsonb[]`; null is SQL's null. */
export function jsonbArray(elements: readonly unknown[]): Buffer {
  const texts = elements.map((element) => ((element ?? null) === null ? null : JSON.stringify(element)));
  return stringArray(oid.jsonb, texts, jsonbVersion);
}

/** `int[]` */
export function intArray(elements: readonly number[]): Buffer {
  const bytes = begin(oid.int4, elements.length, elements.length * 8);
  let at = headBytes;
  for (const element of elements) {
    at = bytes.writeInt32BE(4, at);
    at = bytes.writeInt32BE(element, at);
  }
  return bytes;
}

/** `bigint[]`, of safe integers. */
export function bigintArray(elements: readonly number[]): Buffer {
  return wideArray(oid.int8, elements);
}

/** `timestamptz[]` */
export function timeArray(elements: readonly (Date | null)[]): Buffer {
  return wideArray(
    oid.timestamptz,
    elements.map((element) => (element === null ? null : (element.getTime() - epochMs) * 1_000)),
  );
}

/** Of whole numbers in 64 bits, in two halves: a BigInt for each would take ten times as long. */
function wideArray(elementOid: number, elements: readonly (number | null)[]): Buffer {
  const bytes = begin(elementOid, elements.length, elements.length * 12);
  let at = headBytes;
  for (const element of elements) {
    at = bytes.writeInt32BE(element === null ? absent : 8, at);
    if (element === null) continue;
    at = bytes.writeInt32BE(Math.floor(element / 2 ** 32), at);
    at = bytes.writeInt32BE(element | 0, at);
  }
  return bytes.subarray(0, at);
}

/**
 * All elements are written at once, with room for their lengths, which are filled in then.
 *
 * @param prefix what each element begins with: nothing, or one byte
 */
function stringArray(elementOid: number, elements: readonly (string | null)[], prefix: string): Buffer {
  const text = elements.map((element) => (typeof element === 'string' ? room + prefix + element : room)).join('');
  const bytes = begin(elementOid, elements.length, bytesPerUnit * text.length);
  const end = headBytes + bytes.write(text, headBytes);
  const plain = end === headBytes + text.length;
  let at = headBytes;
  for (const element of elements) {
    const length =
      typeof element === 'string' ? prefix.length + (plain ? element.length : Buffer.byteLength(element)) : absent;
    at = bytes.writeInt32BE(length, at) + Math.max(0, length);
  }
  return bytes.subarray(0, end);
}

/** One dimension that begins at 1, with or without nulls. */
function begin(elementOid: number, length: number, elementBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(headBytes + elementBytes);
  [1, 1, elementOid, length, 1].forEach((value, i) => {
    bytes.writeInt32BE(value, i * 4);
  });
  return bytes;
}
