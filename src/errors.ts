/** The words of anything that was thrown, with those of its causes; never empty. May hold secrets: redact before showing. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node gives a failed connection to several addresses no message of its own.
  const own =
    error.message || (error instanceof AggregateError ? error.errors.map(errorMessage).join('; ') : error.name);
  const cause = error.cause === undefined ? '' : errorMessage(error.cause);
  return cause === '' || own.includes(cause) ? own : `${own}: ${cause}`;
}

/** The system's code of an error, such as `ENOENT` or `ECONNREFUSED`; null when it has none. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** PostgreSQL's code (query_canceled) of a statement that took longer than it may. */
export const tookTooLong = '57014';

/** Whether a statement took longer than it may, by PostgreSQL's limit or by the client's own, which has no code. */
export function isTooSlow(error: unknown): boolean {
  return errorCode(error) === tookTooLong || errorMessage(error).includes('Query read timeout');
}

/** Codes of pg and node that mean: the storage is away or overloaded, try again. Classes 08, 40, 53, 57, 58 of PostgreSQL. */
const storageTrouble =
  /^(08|40|53|57|58)[0-9A-Z]{3}$|^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/;

/** Whether an error says something about the storage at this moment, and nothing about what was asked of it. */
export function isStorageTrouble(error: unknown): boolean {
  return storageTrouble.test(errorCode(error) ?? '');
}
