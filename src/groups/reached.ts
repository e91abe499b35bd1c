/** Whom daily messages name and could not reach: such a one would never miss the message. Pure. */
import type { Fault } from '../http/problem.ts';
import type { DailyMessageBody } from './daily-fields.ts';
import type { Body } from './kinds.ts';
import type { World } from './references.ts';

/** A contact without an address on any channel of a daily message that names it. */
export interface Unreached {
  daily: string;
  contact: string;
  channels: readonly string[];
}

/** Where a contact has its address on a channel. */
const fields = { email: 'email', 'wecom-app': 'wecom' } as const;

/** Those of `after` that were not there `before`: an edit answers for what it does, and not for what it has found. */
export function newlyUnreached(before: Partial<World>, after: Partial<World>): Unreached[] {
  const key = ({ daily, contact }: Unreached) => JSON.stringify([daily, contact]);
  const known = new Set(unreachedIn(before).map(key));
  return unreachedIn(after).filter((one) => !known.has(key(one)));
}

/** Who is not there at all is a reference that leads nowhere, and is left to that check. */
export function unreachedIn({ daily_messages: messages = [], contacts = [] }: Partial<World>): Unreached[] {
  const known = new Map(contacts.map((contact) => [contact['name'], contact]));
  return messages.flatMap((body) => {
    const { name, contacts: named, channels } = body as DailyMessageBody;
    const hasNone = (contact: Body | undefined) =>
      contact !== undefined && channels.every((channel) => (contact[fields[channel]] ?? null) === null);
    return named.filter((one) => hasNone(known.get(one))).map((contact) => ({ daily: name, contact, channels }));
  });
}

/** @param path of the field that it is a fault of */
export function faultOf({ daily, contact, channels }: Unreached, path = `daily_messages[${daily}].contacts`): Fault {
  const message = `${contact} has no address on ${channels.join(' or ')}: give it one, choose another channel for the daily message ${daily}, or leave ${contact} out of it`;
  return { in: 'body', path, message };
}
