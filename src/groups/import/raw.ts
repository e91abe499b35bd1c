/** The parts of a file that somebody else wrote, taken out with words for what does not fit. */

/** The file cannot be imported. The message names the place, and holds nothing that could be a secret. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

/** A mapping of the file. Its scalars are texts, or null. */
export type Raw = Readonly<Record<string, unknown>>;

/** Says one thing that was not carried over or was changed: a place, and one sentence. */
export type Note = (place: string, sentence: string) => void;

/** @throws ImportError when it is no mapping */
export function mapOf(value: unknown, place: string): Raw {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Raw;
  throw new ImportError(`${place}: must be a mapping`);
}

/**
 * A list; none when it is absent.
 * @throws ImportError when it is no list
 */
export function listOf(value: unknown, place: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new ImportError(`${place}: must be a list`);
}

/**
 * A text; null when it is absent.
 * @throws ImportError when it is a list or a mapping
 */
export function textOf(value: unknown, place: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  throw new ImportError(`${place}: must be a text`);
}

/** @throws ImportError when one of them is no text */
export function textsOf(value: unknown, place: string): string[] {
  return listOf(value, place).map((one, i) => textOf(one, `${place}[${i}]`) ?? '');
}

const yes = /^(?:y|yes|on|true)$/i;
const no = /^(?:n|no|off|false)$/i;

/**
 * Yes or no in every way that Alertmanager's YAML has; null when it is absent.
 * @throws ImportError when it is neither
 */
export function flagOf(value: unknown, place: string): boolean | null {
  const text = typeof value === 'boolean' ? String(value) : textOf(value, place);
  if (text === null) return null;
  if (yes.test(text)) return true;
  if (no.test(text)) return false;
  throw new ImportError(`${place}: must be true or false`);
}

/** The keys that hold something and are not among those known. */
export function otherKeys(raw: Raw, known: readonly string[]): string[] {
  return Object.keys(raw).filter((key) => !known.includes(key) && raw[key] !== null);
}

/** What somebody else wrote, short enough for a sentence. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
