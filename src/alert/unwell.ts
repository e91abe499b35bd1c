/** What may not be well with this service itself; the same word in the database, the log, the API and messages. */
export const unwellReasons = [
  'database', // it does not take a write
  'schedule_late', // the watchdog has not ticked lately
  'backlog', // something has been due for long, and nobody has sent it
  'channel_failing', // on a channel nothing has been accepted for long, and something waits to be tried again
  'self_check', // the last look for trouble of our own broke off, or is long ago
] as const;

/** One of {@link unwellReasons}. */
export type Unwell = (typeof unwellReasons)[number];
