import { BadPayload } from './bad-payload.ts';
import { tooDeep } from './depth.ts';

const gzipMagic = 0x1f8b;

/**
 * Decodes the JSON of a body.
 *
 * @param what what its path takes, in the plural, for whoever sent something else
 * @throws BadPayload when it is not JSON
 */
export function parseJson(body: Buffer | string, what: string): unknown {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  if (bytes.length === 0) throw new BadPayload(`body is empty; this path takes ${what}`);
  if (bytes.length >= 2 && bytes.readUInt16BE(0) === gzipMagic) {
    throw new BadPayload('body is compressed with gzip; send it as plain JSON');
  }
  if (tooDeep(bytes)) throw new BadPayload(`body is nested too deeply; this path takes ${what}`);
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadPayload(`body is not valid JSON${placeOf(error, text)}; was it cut on the way?`);
  }
}

/** Only the position: the engine's message quotes the body. */
function placeOf(error: unknown, text: string): string {
  const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
  return position === undefined ? ` (${text.length} characters)` : ` at character ${position} of ${text.length}`;
}

/** Whether a decoded JSON value is an object. Its keys are not to be trusted: `__proto__` may be one. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
