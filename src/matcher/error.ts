/** A matcher that cannot be understood. The message is one sentence for the person who wrote it. */
export class MatcherError extends Error {
  override readonly name = 'MatcherError';
  /** Index in the text (UTF-16 code units, as an editor counts) where it goes wrong; null when it has no place. */
  readonly position: number | null;

  constructor(message: string, position: number | null = null) {
    super(message);
    this.position = position;
  }
}

/** Runs `make` and gives its {@link MatcherError} the position, if it has none. */
export function positioned<T>(position: number, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof MatcherError && error.position === null) throw new MatcherError(error.message, position);
    throw error;
  }
}
