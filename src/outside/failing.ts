/** Which channels fail as a whole, as far as the last failures of their destinations tell. Pure. */
import type { Reason } from '../alert/reason.ts';

/** Destinations of one channel whose last attempt failed for the same reason, and that have messages open. */
export interface FailingDestinations {
  channel: string;
  /** A word of {@link Reason}; null: it was not noted. */
  reason: string | null;
  count: number;
  /** When the first attempt of what is open there failed. */
  since: Date;
  /** When anything was last accepted on that channel; null: never. */
  acceptedAt: Date | null;
}

type Verdict =
  /** Every message on the channel would meet it. */
  | 'channel'
  /** It may be about one address (a greylisted or full mailbox, a limit of its own), so one alone says nothing. */
  | 'when_several';

/** Other reasons are about the address or the message. */
const verdicts: Partial<Record<Reason, Verdict>> = {
  network: 'channel',
  timeout: 'channel',
  provider_busy: 'channel',
  bad_credentials: 'channel',
  not_allowed: 'channel',
  misconfigured: 'channel',
  provider_error: 'when_several',
  rate_limited_by_provider: 'when_several',
};

/** The robot of each room has a key of its own, so these tell of that room. */
const ofOneRoom: ReadonlySet<string> = new Set<Reason>(['bad_credentials', 'not_allowed']);

/**
 * Channels by which nobody has been reached for longer than `waitingMs`, by name.
 *
 * @param found one for each channel and reason
 */
export function failingChannels(found: readonly FailingDestinations[], now: Date, waitingMs: number): string[] {
  const longAgo = (at: Date | null) => at === null || now.getTime() - at.getTime() > waitingMs;
  const failing = found.filter((one) => speaksOfChannel(one) && longAgo(one.since) && longAgo(one.acceptedAt));
  return [...new Set(failing.map(({ channel }) => channel))].sort();
}

function speaksOfChannel({ channel, reason, count }: FailingDestinations): boolean {
  if (reason === null || (channel === 'wecom-robot' && ofOneRoom.has(reason))) return false;
  const verdict = verdicts[reason as Reason];
  return verdict === 'channel' || (verdict === 'when_several' && count > 1);
}
