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
