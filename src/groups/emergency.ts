import { createHash } from 'node:crypto';
import type { Audience, Contact, Robot } from '../alert/config.ts';

/** Who is told when nobody else is: from the settings, never stored. */
export interface EmergencyContact {
  channel: 'email' | 'wecom-app' | 'wecom-robot';
  /** E-mail address, WeCom userid, or the robot's key. */
  address: string;
}

/** Members and rooms that stand in where the built-in groups `self` and `watchdog` have none of their own. */
export function emergencyAudience(contacts: readonly EmergencyContact[]): Audience {
  const place = { locale: 'en', timezone: 'UTC' };
  const mention = { critical: [], firing: [] };
  const members = contacts.flatMap((contact, index): Contact[] => {
    const { channel, address } = contact;
    if (channel === 'wecom-robot') return [];
    const email = channel === 'email' ? address : null;
    const wecom = channel === 'wecom-app' ? address : null;
    return [{ id: -1 - index, name: address, email, wecom, openid: null, digest: null, ...place }];
  });
  const robots = contacts.flatMap((contact, index): Robot[] =>
    contact.channel === 'wecom-robot'
      ? [{ id: -1 - index, name: robotName(contact.address), key: contact.address, mention, ...place }]
      : [],
  );
  return { members, channels: ['email', 'wecom-app'], robots };
}

/** A room's name is its address in the receipts, so it must stay with the key when the list in the settings changes. */
function robotName(key: string): string {
  return `emergency robot ${createHash('sha256').update(key).digest('hex').slice(0, 6)}`;
}
