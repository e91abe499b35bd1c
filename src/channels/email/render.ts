/** Words a message as a mail. */
import type { Message } from '../../alert/message.ts';
import type { Content } from '../channel.ts';
import { byteLength, cutBytes, firstThatFits } from '../text/bytes.ts';
import { type Outline, outline, type Room } from '../text/outline.ts';
import { bareText, plainText } from '../text/plain-text.ts';
import { mailHtml } from './template.ts';

/** Gmail cuts off mails at about 102 kB. */
const maxHtmlBytes = 90_000;

const rooms: readonly Room[] = [
  { alerts: 50, incidents: 30, labels: 8, summary: 400, detail: 600, links: true },
  { alerts: 50, incidents: 30, labels: 8, summary: 200, detail: 0, links: true },
  { alerts: 50, incidents: 20, labels: 5, summary: 120, detail: 0, links: false },
  { alerts: 20, incidents: 10, labels: 4, summary: 100, detail: 0, links: false },
  { alerts: 5, incidents: 3, labels: 2, summary: 50, detail: 0, links: false },
];

/** Domain part of `Name <user@domain>`. */
function domainOf(from: string): string {
  return /@([^\s@<>]+)>?$/.exec(from)?.[1] ?? 'localhost';
}

/** As a list, because a row may not keep the order of keys. */
function headersOf(message: Message, from: string): { key: string; value: string }[] {
  const incidents = message.parts.map((part) => part.incidentId.replace(/[^\w.:-]/g, '')).slice(0, 10);
  const headers = {
    // RFC 3834 and Exchange: no out-of-office answers to alerts.
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
    // RFC 2919: what mail rules can sort by.
    'List-Id': `Monitor Manager <monitor-manager.${domainOf(from)}>`,
    ...(incidents.length === 0 ? {} : { 'X-Monitor-Manager-Incident': incidents.join(' ') }),
  };
  return Object.entries(headers).map(([key, value]) => ({ key, value }));
}

/** The frozen mail to one address; the address and the Message-ID are the destination's and the row's. */
export function renderMail(message: Message, from: string): Content {
  const render = (room: Room): { words: Outline; html: string } => {
    const words = outline(message, room);
    return { words, html: mailHtml(words) };
  };
  const { words, html } = firstThatFits(rooms, render, (mail) => byteLength(mail.html) < maxHtmlBytes);
  return {
    summary: cutBytes(words.lead, 300),
    from,
    subject: words.subject,
    text: plainText(words, bareText),
    html,
    threadId: message.threadId,
    date: message.sentAt.toISOString(),
    urgent: words.tone === 'alarm' || words.tone === 'critical',
    headers: headersOf(message, from),
  };
}
