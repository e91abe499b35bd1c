/** What worded notices have in common. */
import { labelsOf } from '../../alert/labels.ts';
import type { AlertView } from '../../alert/message.ts';
import type { Counted, NoticedAlert } from '../../alert/notice.ts';
import { type AlertLine, type AlertRoom, alertLine } from './alert-line.ts';
import type { Block } from './blocks.ts';
import type { Voice } from './headline.ts';

/** A worded notice. */
export interface NoticeText {
  subject: string;
  headline: string;
  facts: string[];
  blocks: Block[];
  url: { words: string; href: string };
  /** Missing: it is neither good nor bad news. */
  tone?: 'resolved' | 'firing' | 'alarm';
}

/** How much of it a channel has room for. */
export type NoticeRoom = AlertRoom & { alerts: number };

/** A line that says no more than this. */
export function line(of: Partial<AlertLine>): AlertLine {
  return { name: null, labels: [], summary: '', detail: '', when: '', critical: false, links: [], ...of };
}

/** Alerts under a heading, as many as there is room for; nothing where there are none. */
export function alertsIn(
  { total, listed }: Counted<NoticedAlert>,
  heading: string,
  room: NoticeRoom,
  voice: Voice,
): Block[] {
  const lines = listed
    .slice(0, room.alerts)
    .map((alert) => alertLine(viewOf(alert), { title: '', labels: new Set() }, room, voice));
  if (lines.length === 0) return [];
  return [{ heading, lines, more: total > lines.length ? voice.words.more(total - lines.length) : null }];
}

function viewOf({ labels, since, critical }: NoticedAlert): AlertView {
  return {
    ...{ fingerprint: '', labels, annotations: labelsOf([]), state: 'firing', again: false, flapping: null, critical },
    ...{ startsAt: new Date(since), endsAt: null, generatorUrl: null },
  };
}
