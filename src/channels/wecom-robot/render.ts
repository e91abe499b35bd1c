/** Words a message for a room. Source of the limit: developer.work.weixin.qq.com/document/path/91770 */
import type { Message } from '../../alert/message.ts';
import type { Content } from '../channel.ts';
import { byteLength, cutBytes, firstThatFits } from '../text/bytes.ts';
import { outline, type Room } from '../text/outline.ts';
import { sequenceMark, shortForm } from '../wecom/content.ts';
import { markdownLink, markdownText } from '../wecom/markdown.ts';

/** WeCom refuses more. */
export const robotLimitBytes = 4096;
/** What is left over is for how it may count. */
const maxBytes = 3800;

const rooms: readonly Room[] = [
  { alerts: 25, incidents: 10, labels: 5, summary: 160, detail: 0, links: false },
  { alerts: 15, incidents: 8, labels: 4, summary: 100, detail: 0, links: false },
  { alerts: 8, incidents: 6, labels: 3, summary: 60, detail: 0, links: false },
  { alerts: 4, incidents: 4, labels: 2, summary: 40, detail: 0, links: false },
  { alerts: 0, incidents: 1, labels: 0, summary: 0, detail: 0, links: false },
];

/** Mentioning somebody is for markdown `<@userid>`: `mentioned_list` is for text only. */
function mentionLine({ mentions = [] }: Message): string {
  return mentions.map((id) => `<@${id === '@all' ? 'all' : id}>`).join(' ');
}

/** The frozen message of one room; whom it mentions stands last, and stays however little else there is room for. */
export function renderRobot(message: Message): Content {
  const mark = sequenceMark(message);
  const mentions = mentionLine(message);
  const mentioning = (text: string) => (mentions === '' ? text : `${text}\n${mentions}`);
  const { text, words } = firstThatFits(
    rooms,
    (room) => {
      const words = outline(message, room);
      return { words, text: mentioning(markdownText(words)) };
    },
    (worded) => byteLength(worded.text) <= maxBytes,
  );
  const shorter = mentioning(shortForm(words, mark, markdownLink));
  return {
    summary: cutBytes(words.lead, 300),
    format: 'markdown',
    text: byteLength(text) <= maxBytes ? text : shorter,
    shorter,
  };
}
