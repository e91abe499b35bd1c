/** Which site tells of what several see. Static rank: the order of all names. Pure; in doubt, tell. */
import { compareUtf8 } from '../alert/fingerprint.ts';
import type { PeerAlert, Sight } from './status.ts';

/** A peer that may tell instead of us, and what it last said of whom the alarm is about. */
export interface Teller {
  name: string;
  /** Whether it is not known to be down, and able to tell anybody. */
  able: boolean;
  /** How it sees whom the alarm is about; null: it does not watch that one, or has not said. */
  sight: Sight | null;
}

/** An alarm that we might raise. */
export interface Claim {
  alertname: PeerAlert;
  /** Name of our own site. */
  own: string;
  /** For how long we have had it in mind. */
  ageMs: number;
  /** How long one of a higher rank is waited for. */
  waitMs: number;
}

/**
 * tell: nobody of a higher rank does. wait: one of them is about to. quiet: one has told.
 *
 * @param tellers for an alarm about a road or a clock, whom it is about is among them, with how that one sees us
 */
export function mayTell(
  { alertname, own, ageMs, waitMs }: Claim,
  tellers: readonly Teller[],
): 'tell' | 'wait' | 'quiet' {
  const higher = tellers.filter(({ name, able, sight }) => able && sight !== null && compareUtf8(name, own) < 0);
  if (higher.some(({ sight }) => sight?.told.includes(alertname))) return 'quiet';
  const minded = higher.some(({ sight }) => sight !== null && sees(alertname, sight));
  return minded && ageMs < waitMs ? 'wait' : 'tell';
}

/** Whether somebody with this sight may be about to raise the same. */
function sees(alertname: PeerAlert, { state }: Sight): boolean {
  return alertname === 'PeerDown' || alertname === 'PeerRoadBroken'
    ? state === 'suspect' || state === 'down'
    : state !== 'unknown';
}

/**
 * Whether it is our own clock that is wrong: two peers or more have told us the time, and all are off to the same side, by
 * about as much.
 *
 * @param offsetsMs of all peers that answer
 */
export function isOwnClock(offsetsMs: readonly number[], limitMs: number): boolean {
  if (offsetsMs.length < 2) return false;
  const [least, most] = [Math.min(...offsetsMs), Math.max(...offsetsMs)];
  return (least > limitMs || most < -limitMs) && most - least < limitMs;
}
