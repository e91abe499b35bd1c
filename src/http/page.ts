/** Cursor pages: `?limit=100&cursor=…` answered with `{ items, next_cursor }`. */
import { z } from 'zod';
import { invalid } from './problem.ts';

/** The query of every list; spread its shape into a list's own query schema. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('How many items at most'),
  cursor: z.string().max(500).optional().describe('next_cursor of the page before'),
});

/** One page of a list. `next_cursor` is null on the last one. */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** The schema of a page of `item`. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}

/** Makes an opaque cursor from the sort key of a page's last item. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

const cursorKey = z.array(z.union([z.string(), z.number()]));

/**
 * Reads a cursor that {@link encodeCursor} made from `length` values; null without a cursor.
 * @throws HttpProblem 400 for anything else.
 */
export function decodeCursor(cursor: string | undefined, length: number): (string | number)[] | null {
  if (cursor === undefined) return null;
  try {
    const key = cursorKey.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (key.length === length) return key;
  } catch {
    // Not ours: the same answer as for a cursor of another list.
  }
  throw notOurs();
}

function notOurs() {
  return invalid([{ in: 'query', path: 'cursor', message: 'not a cursor of this list' }]);
}

/**
 * Reads the cursor of a list that is sorted by one number, such as an id; null without a cursor.
 * @throws HttpProblem 400 for anything else.
 */
export function numberFromCursor(cursor: string | undefined): number | null {
  const key = decodeCursor(cursor, 1)?.[0];
  if (key === undefined) return null;
  if (typeof key === 'number' && Number.isSafeInteger(key)) return key;
  throw notOurs();
}

/** Cuts `rows`, of which one more than `limit` was asked for, into a page. */
export function pageFrom<R, T>(
  rows: readonly R[],
  limit: number,
  by: { item: (row: R) => T; key: (row: R) => readonly (string | number)[] },
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(by.item), next_cursor: more ? encodeCursor(by.key(last)) : null };
}
