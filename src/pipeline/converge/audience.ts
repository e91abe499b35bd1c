import type { AlertGroup, Snapshot } from '../../alert/config.ts';

/** Where somebody is reached: names one destination row. */
export interface Address {
  channel: string;
  address: string;
  /** Of the contact or robot, for people. */
  name: string;
  locale: string;
  timezone: string;
}

/**
 * Everybody whom an alert group tells: members on each of its channels that they have an address for, and rooms.
 * A channel that is not configured is replaced by the built-in outbox, so nothing is lost for lack of settings.
 */
export function audienceOf(
  group: Pick<AlertGroup, 'members' | 'channels' | 'robots'>,
  configured: ReadonlySet<string>,
): Address[] {
  const addresses: Address[] = [];
  for (const contact of group.members) {
    const { name, locale, timezone } = contact;
    for (const channel of group.channels) {
      const address = channel === 'email' ? contact.email : contact.wecom;
      if (address !== null) addresses.push({ channel, address, name, locale, timezone });
    }
  }
  for (const { name, locale, timezone } of group.robots) {
    addresses.push({ channel: 'wecom-robot', address: name, name, locale, timezone });
  }
  return unique(addresses.map((a) => (configured.has(a.channel) ? a : inOutbox(a))));
}

/** Every `channel address` that a configuration tells. */
export function addressesOf(snapshot: Snapshot, configured: ReadonlySet<string>): Set<string> {
  const all = [...snapshot.groupsById.values()].flatMap((group) => audienceOf(group, configured));
  return new Set(all.map((a) => `${a.channel} ${a.address}`));
}

function inOutbox(address: Address): Address {
  return {
    ...address,
    channel: 'outbox',
    address: `${address.channel}:${address.address}`,
  };
}

function unique(addresses: readonly Address[]): Address[] {
  return [...new Map(addresses.map((a) => [`${a.channel} ${a.address}`, a])).values()];
}
