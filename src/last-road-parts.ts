/** What the last road needs of channels and settings, which it does not know itself. */
import { type Channel, DeliveryError } from './channels/channel.ts';
import { errorCode, isStorageTrouble } from './errors.ts';
import { type EmergencyContact, emergencyAudience } from './groups/emergency.ts';
import type { EmergencyDestination, Failure } from './last-road/speaker.ts';
import { reachedBy } from './pipeline/converge/audience.ts';

/** The emergency contacts whose channel can send: the outbox is in the database, and of no use without it. */
export function emergencyDestinations(
  contacts: readonly EmergencyContact[],
  channels: ReadonlyMap<string, Channel>,
): EmergencyDestination[] {
  const addresses = reachedBy(emergencyAudience(contacts), new Set(channels.keys()));
  return addresses.flatMap(({ channel: name, address, name: called, locale, timezone }) => {
    const channel = channels.get(name);
    if (channel === undefined || name === 'outbox') return [];
    return [{ channel: name, address, name: called, locale, timezone, render: channel.render, send: channel.send }];
  });
}

/** What is no delivery error may pass: it is tried again. Its words may hold secrets, so only its code is shown. */
export function directFailure(error: unknown): Failure {
  if (error instanceof DeliveryError) return error;
  const answer = `an error of Monitor Manager itself${errorCode(error) === null ? '' : `: ${errorCode(error)}`}`;
  return { kind: 'transient', reason: 'provider_error', answer, retryAfterMs: null };
}

/**
 * Lets whoever comes after it go on when the database refuses a statement as such, which no other try will change: at worst
 * something is told twice then, or missing in the history. @throws whatever else went wrong
 */
export async function unlessRefused(work: Promise<void>, onRefused: (error: unknown) => void): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!/^[0-9A-Z]{5}$/.test(errorCode(error) ?? '') || isStorageTrouble(error)) throw error;
    onRefused(error);
  }
}
