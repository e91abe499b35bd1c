/** What a draft's members would read: packed, composed and worded by the code that sends. */
import type { Message, MessagePart } from '../../alert/message.ts';
import type { PreviewedChannel, PreviewedMessage } from '../../alert/preview.ts';
import type { Channel, Content } from '../../channels/channel.ts';
import type { Address } from '../converge/audience.ts';
import { fullBucket } from '../deliver/bucket.ts';
import { composeMessage, messageIdOf, type Sender, threadIdOf } from '../deliver/compose.ts';
import { allowanceOf, type Held } from '../deliver/limits.ts';
import { mentioned } from '../deliver/mention.ts';
import { type Due, pack } from '../deliver/pack.ts';

/** How a channel words and limits, also one that has no settings to send with. */
export type Wording = Pick<Channel, 'render' | 'rateLimits'> & {
  configured: boolean;
  limitBytes: number | null;
};

/** An incident that is due to be told. */
export interface DueIncident extends Due {
  part: MessagePart;
}

/** Messages that are shown in full for each channel and language. */
const shownAtMost = 3;

/** The addresses of one channel whose messages read the same. */
export function alike(addresses: readonly Address[]): Address[][] {
  const sets = new Map<string, Address[]>();
  for (const address of addresses) {
    const key = JSON.stringify([address.channel, address.locale, address.timezone, address.mention]);
    sets.set(key, [...(sets.get(key) ?? []), address]);
  }
  return [...sets.values()];
}

/** What these addresses, whose messages read the same, would be sent at once. */
export function wordFor(
  addresses: readonly Address[],
  facts: { wording: Wording; due: readonly DueIncident[]; sender: Sender; now: Date },
): PreviewedChannel {
  const { wording, due, sender, now } = facts;
  const [first] = addresses as [Address, ...Address[]];
  const { channel, locale, timezone } = first;
  const full = wording.rateLimits.map((limit): Held => ({ limit, bucket: fullBucket }));
  const { messages } = pack(due, { ...allowanceOf(full, now), summary: false });
  const shown = messages.slice(0, shownAtMost).map((parts) => messageOf(parts, first, { sender, now }));
  return {
    channel,
    locale,
    timezone,
    reaches: addresses.map((a) => a.name),
    configured: wording.configured,
    limitBytes: wording.limitBytes,
    messages: messages.length,
    waiting: due.length - messages.flat().length,
    shown: shown.map((message) => shownOf(message, wording.render(message))),
  };
}

function messageOf(due: readonly DueIncident[], to: Address, { sender, now }: { sender: Sender; now: Date }): Message {
  const destination = `${to.channel} ${to.address}`;
  const incident = due[0]?.part.incidentId ?? '';
  const parts = due.map((d) => d.part);
  return composeMessage(
    parts,
    {
      messageId: messageIdOf(destination, incident, 1, sender.mailDomain),
      threadId: threadIdOf(destination, incident, sender.mailDomain),
      locale: to.locale,
      timezone: to.timezone,
      occasion: null,
      mentions: mentioned(parts, to.mention),
    },
    sender,
    now,
  );
}

function shownOf({ parts }: Message, content: Content): PreviewedMessage {
  const textOf = (key: string) => (typeof content[key] === 'string' ? content[key] : null);
  const shown = {
    subject: textOf('subject'),
    text: textOf('text') ?? '',
    html: textOf('html'),
    format: textOf('format'),
  };
  const bytes = { subject: sizeOf(shown.subject), text: sizeOf(shown.text), html: sizeOf(shown.html) };
  return { parts: parts.length, content: shown, bytes };
}

const sizeOf = (text: string | null) => Buffer.byteLength(text ?? '');
