/** What may not be well with this service itself; the same word in the database, the log, the API and messages. */
export const unwellReasons = [
  'database', // it does not take a write
  'schedule_late', // the watchdog has not ticked lately
  'backlog', // something has been due for long, and nobody has sent it
  'channel_failing', // a channel has failed for long: nothing is accepted there, and it is not for one address
  'self_check', // the last look for trouble of our own broke off, or is long ago
] as const;

/** One of {@link unwellReasons}. */
export type Unwell = (typeof unwellReasons)[number];

/** What is not well with this service itself. */
export interface OwnTrouble {
  /** Empty: everything is well. */
  reasons: readonly Unwell[];
  /** Names of the channels that `channel_failing` is about. */
  failingChannels: readonly string[];
}
