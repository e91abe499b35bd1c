/** What the state of an address is worked out from. Pure. */
import { hasFailedLast } from '../../client/health.ts';
import type { Address, DestinationHealth } from '../../client/types.ts';

export type AddressState = 'unsent' | 'outbox' | 'ok' | 'test_failed' | 'failing' | 'given_up';

/** One address, and what is known of it. */
export interface AddressHealth extends Address {
  state: AddressState;
  /** Null: no message ever went there. */
  facts: DestinationHealth | null;
}

export type HealthOf = (address: Address) => AddressHealth;

/** While a channel is not configured, the outbox stands in for it. Pure. */
export function healthIn(destinations: readonly DestinationHealth[], configured: ReadonlySet<string>): HealthOf {
  const byPlace = new Map(destinations.map((one) => [`${one.channel} ${one.address}`, one]));
  return ({ channel, address }) => {
    const kept = !configured.has(channel);
    const facts = byPlace.get(kept ? `outbox ${channel}:${address}` : `${channel} ${address}`) ?? null;
    return { channel, address, facts, state: stateOf(facts, kept) };
  };
}

/** What is known of an address after a test of it, by the channels that refused theirs. Pure. */
export function afterTest(health: AddressHealth, refused: ReadonlySet<string>): AddressHealth {
  const well = health.state === 'ok' || health.state === 'unsent';
  return well && refused.has(health.channel) ? { ...health, state: 'test_failed' } : health;
}

function stateOf(facts: DestinationHealth | null, kept: boolean): AddressState {
  if (kept) return 'outbox';
  if (facts === null) return 'unsent';
  if (facts.state === 'given_up') return 'given_up';
  if (facts.state === 'backing_off' || hasFailedLast(facts)) return 'failing';
  return facts.last_accepted_at === null ? 'unsent' : 'ok';
}

/** What is in trouble comes first, and has the lowest number. Pure. */
export function rankOf(addresses: readonly AddressHealth[]): number {
  const states = addresses.map(({ state }) => state);
  if (states.includes('given_up')) return 0;
  return states.includes('failing') ? 1 : 2;
}
