import type { AlertGroup, Audience, Contact, Mention, Snapshot } from '../../alert/config.ts';
import type { Digest } from '../../alert/digest.ts';
import { groupsNaming, membersAt, membersEver } from '../../alert/members.ts';

/** Where somebody is reached: names one destination row. */
export interface Address {
  channel: string;
  address: string;
  /** Of the contact or robot, for people. */
  name: string;
  locale: string;
  timezone: string;
  /** When it is told what is not critical; null: at once. */
  digest: Digest | null;
  /** Whom its messages mention; null: it is no room. */
  mention: Mention | null;
}

/** An alert group, as far as it says whom it tells. */
export type Telling = Audience & Pick<AlertGroup, 'schedules' | 'ifNobody' | 'escalation'>;

/**
 * Everybody whom an alert group tells at a moment: members and those on call on each of its channels that they have an address
 * for, and rooms. A channel that is not configured is replaced by the built-in outbox, so nothing is lost for lack of settings.
 *
 * @param steps how many escalation steps are reached
 */
export function audienceOf(group: Telling, configured: ReadonlySet<string>, at: Date, steps: number): Address[] {
  const members = membersAt(group, at);
  const nobody = members.length === 0 && group.robots.length === 0;
  const { ifNobody, escalation, channels } = group;
  const own =
    nobody && ifNobody !== undefined
      ? addressesIn(ifNobody, ifNobody.members, configured)
      : addressesIn(group, members, configured);
  const next = escalation
    .slice(0, steps)
    .flatMap((step) => addressesIn({ channels, robots: step.robots }, membersAt(step, at), configured));
  return unique([...own, ...next]);
}

/** Everybody whom an alert group tells at some time. */
export function everAddressed(group: Telling, configured: ReadonlySet<string>): Address[] {
  const { ifNobody, escalation, channels } = group;
  const own = addressesIn(group, membersEver(group), configured);
  const spare = ifNobody === undefined ? [] : addressesIn(ifNobody, ifNobody.members, configured);
  const next = escalation.flatMap((step) =>
    addressesIn({ channels, robots: step.robots }, membersEver(step), configured),
  );
  return unique([...own, ...spare, ...next]);
}

/** Everywhere that somebody is reached for what concerns them alone: on all channels that they have an address for. */
export function reachedAt(contacts: readonly Contact[], configured: ReadonlySet<string>): Address[] {
  return addressesIn({ channels: ['email', 'wecom-app'], robots: [] }, contacts, configured);
}

/** Everywhere that an audience is reached. */
export function reachedBy(audience: Audience, configured: ReadonlySet<string>): Address[] {
  return addressesIn(audience, audience.members, configured);
}

/** Everybody whom a configuration tells at some time, and where. */
export function everyAddress(snapshot: Snapshot, configured: ReadonlySet<string>): Address[] {
  const groups = [...snapshot.groupsById.values()];
  const ofGroups = groups.flatMap((group) => everAddressed(group, configured));
  const handedOver = [...snapshot.schedules.values()].filter(
    ({ name, handOverCard }) => handOverCard && groupsNaming(groups, name).length > 0,
  );
  const concerned = [
    ...snapshot.silences.flatMap((silence) => silence.notify),
    ...handedOver.flatMap(({ people }) => [...people.values()]),
  ];
  const daily = snapshot.dailyMessages.flatMap((message) => reachedBy(message, configured));
  return unique([...ofGroups, ...reachedAt(concerned, configured), ...daily]);
}

/** Every `channel address` that a configuration tells at some time. */
export function addressesOf(snapshot: Snapshot, configured: ReadonlySet<string>): Set<string> {
  return new Set(everyAddress(snapshot, configured).map((a) => `${a.channel} ${a.address}`));
}

function addressesIn(
  { channels, robots }: Pick<Audience, 'channels' | 'robots'>,
  members: readonly Contact[],
  configured: ReadonlySet<string>,
): Address[] {
  const addresses: Address[] = [];
  for (const contact of members) {
    const { name, locale, timezone, digest } = contact;
    for (const channel of channels) {
      const address = channel === 'email' ? contact.email : contact.wecom;
      if (address !== null) addresses.push({ channel, address, name, locale, timezone, digest, mention: null });
    }
  }
  for (const { name, locale, timezone, mention } of robots) {
    addresses.push({ channel: 'wecom-robot', address: name, name, locale, timezone, digest: null, mention });
  }
  return unique(addresses.map((a) => (configured.has(a.channel) ? a : inOutbox(a))));
}

function inOutbox(address: Address): Address {
  return {
    ...address,
    channel: 'outbox',
    address: `${address.channel}:${address.address}`,
  };
}

/** Whoever wants a digest gets one, also where the same address is among the emergency contacts. */
function unique(addresses: readonly Address[]): Address[] {
  const found = new Map<string, Address>();
  for (const one of addresses) {
    const key = `${one.channel} ${one.address}`;
    found.set(key, { ...one, digest: one.digest ?? found.get(key)?.digest ?? null });
  }
  return [...found.values()];
}
