/** Words a message for one member. Source of the limits: developer.work.weixin.qq.com/document/path/90236 */
import type { Message } from '../../alert/message.ts';
import type { Content } from '../channel.ts';
import { byteLength, cutBytes, firstThatFits } from '../text/bytes.ts';
import { type Outline, outline, type Room } from '../text/outline.ts';
import { plainText } from '../text/plain-text.ts';
import { sequenceMark, shortForm } from '../wecom/content.ts';
import { escapeText } from '../wecom/escape.ts';
import { markdownLink, markdownText } from '../wecom/markdown.ts';

/** WeCom cuts longer text silently, and the link and the mark with it. */
export const appLimitBytes = 2048;

const rooms: readonly Room[] = [
  { alerts: 15, incidents: 8, labels: 4, summary: 150, detail: 0, links: false },
  { alerts: 8, incidents: 6, labels: 3, summary: 80, detail: 0, links: false },
  { alerts: 4, incidents: 4, labels: 2, summary: 40, detail: 0, links: false },
  { alerts: 2, incidents: 2, labels: 1, summary: 20, detail: 0, links: false },
  { alerts: 0, incidents: 1, labels: 0, summary: 0, detail: 0, links: false },
];

const textLink = (words: string, url: string) => `<a href="${url.replaceAll('"', '%22')}">${words}</a>`;
const forms = {
  text: { render: (o: Outline) => plainText(o, { escape: escapeText, link: textLink }), link: textLink },
  markdown: { render: markdownText, link: markdownLink },
};

/** The frozen message of one member, at most 2048 bytes, ending in its sequence. */
export function renderApp(message: Message, format: 'text' | 'markdown'): Content {
  const { render, link } = forms[format];
  const mark = sequenceMark(message);
  const { text, words } = firstThatFits(
    rooms,
    (room) => {
      const words = outline(message, room);
      return { words, text: `${render(words)}\n${mark}` };
    },
    (worded) => byteLength(worded.text) <= appLimitBytes,
  );
  const shorter = shortForm(words, mark, link);
  return {
    summary: cutBytes(words.lead, 300),
    format,
    text: byteLength(text) <= appLimitBytes ? text : shorter,
    shorter,
  };
}
