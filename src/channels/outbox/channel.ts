/** The `outbox` channel: keeps what could not be sent for lack of settings, where the page shows it. */
import type { Channel } from '../channel.ts';
import { outline, type Room } from '../text/outline.ts';
import { bareText, plainText } from '../text/plain-text.ts';

const room: Room = { alerts: 50, incidents: 50, labels: 8, summary: 300, detail: 600, links: true };

/** What is missing, by the channel that a destination would have been on. */
const missing: Readonly<Record<string, string>> = {
  email: 'SMTP is not configured',
  'wecom-app': 'WeCom is not configured',
  'wecom-robot': 'WeCom is not configured',
};

/** What to set, by the same channels. */
const remedies: Readonly<Record<string, string>> = {
  email: 'Set SMTP_URL and MM_MAIL_FROM, and start the service again.',
  'wecom-app': 'Set MM_WECOM_CORP_ID, MM_WECOM_AGENT_ID and MM_WECOM_SECRET, and start the service again.',
};

/** A destination's address is `<channel>:<address on it>`, for example `email:li.wei@example.org`. */
export function createOutboxChannel(): Channel {
  return {
    name: 'outbox',
    rateLimits: [],
    render: (message) => {
      const words = outline(message, room);
      return { summary: words.lead, subject: words.subject, text: plainText(words, bareText) };
    },
    send: async (_content, to) => {
      const [meant = ''] = to.address.split(':', 1);
      const [why, remedy] = [missing[meant], remedies[meant]];
      const text = why ? `kept in the outbox: ${why}` : 'kept in the outbox';
      return remedy === undefined ? { text } : { text, remedy };
    },
    close: async () => {},
  };
}
