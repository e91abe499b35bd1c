/** Schemas and small conversions that the resources of this feature share. */
import { z } from 'zod';
import { decodeCursor } from '../http/page.ts';
import { invalid } from '../http/problem.ts';

/** Ids are 64 bit in the database, so they are strings here. */
export const id = z.string().regex(/^\d{1,18}$/, 'must be a number');
export const idParams = z.strictObject({ id });

/** ISO 8601, UTC. */
export const time = z.iso.datetime();
export const labels = z.record(z.string(), z.string());

/** A destination as other resources name it. */
export const destinationRef = z.object({
  id,
  channel: z.string(),
  address: z.string(),
  name: z.string().describe('Of the contact or robot'),
});
export type DestinationRef = z.infer<typeof destinationRef>;

/** Columns of a joined destination row `d`; {@link destinationOf} reads them. */
export const destinationColumns = 'd.id as destination_id, d.channel, d.address, d.name as destination_name';

/** What {@link destinationColumns} selects. */
export interface DestinationColumns {
  destination_id: number;
  channel: string;
  address: string;
  destination_name: string;
}

export function destinationOf(row: DestinationColumns): DestinationRef {
  return { id: String(row.destination_id), channel: row.channel, address: row.address, name: row.destination_name };
}

/** A query parameter that may be given several times. */
export function repeatable<T extends z.ZodType>(one: T) {
  return z.union([z.array(one).max(100), one]).optional();
}

/** The values of a {@link repeatable} parameter. */
export function listOf<T>(value: T | T[] | undefined): T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

export function isoOrNull(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

/**
 * The id that a page begins after; null on the first page.
 * @throws HttpProblem 400 for a cursor that no list of ids has made
 */
export function idFromCursor(cursor: string | undefined): string | null {
  const key = decodeCursor(cursor, 1);
  if (key === null) return null;
  const text = String(key[0]);
  if (id.safeParse(text).success) return text;
  throw invalid([{ in: 'query', path: 'cursor', message: 'not a cursor of this list' }]);
}

/** What a person can do about a failure, in every language that the page speaks. */
export const remedies = z.object({ en: z.string(), 'zh-CN': z.string() }).nullable();

/** @param inChinese null for a remedy that it does not know */
export function remediesOf(
  remedy: string | null,
  inChinese: (remedy: string) => string | null,
): z.infer<typeof remedies> {
  return remedy === null ? null : { en: remedy, 'zh-CN': inChinese(remedy) ?? remedy };
}
