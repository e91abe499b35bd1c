/**
 * Words a message of the last road. In English and Chinese at once: the emergency contacts of the settings have no
 * language, and whoever is woken has to understand it without the page.
 */
import type { Labels } from '../../alert/labels.ts';
import type { LastRoadAlarm, LastRoadNotice } from '../../alert/last-road.ts';
import type { Voice } from './headline.ts';
import { plain } from './neutral.ts';
import { line, type NoticeRoom, type NoticeText } from './notice-text.ts';

/** In the Chinese part, which has no blocks of its own. */
const chineseAtMost = 5;

export function lastRoadText(notice: LastRoadNotice, room: NoticeRoom, voice: Voice, externalUrl: string): NoticeText {
  const { alarms, trouble } = notice;
  const [first] = alarms;
  const since = voice.times.at(new Date(notice.awaySince));
  const only = alarms.length === 1 && first !== undefined ? summaryOf(first) : null;
  const names = [...new Set(alarms.map(({ labels }) => plain(labels['alertname'] ?? '', 60)))].slice(0, 3).join(', ');
  const what = only ?? `${alarms.length} alarms: ${names}`;
  const lines = alarms.slice(0, room.alerts).map((alarm) => alarmLine(alarm, room, voice));
  const more = alarms.length - lines.length;
  return {
    subject: `[LAST ROAD] ${what}`,
    headline: `LAST ROAD 最后通道: ${what}`,
    facts: [
      `Told from memory, directly: ${plain(trouble, 120)}, and nothing has been stored since ${since} UTC.`,
      'Partial view: this is what this one instance has seen; other instances may know more. Nothing else is delivered ' +
        'until the database is back. This comes once; its end is told when the database is back.',
      ...chinese(notice, since, voice),
    ],
    blocks:
      lines.length === 0
        ? []
        : [{ heading: `Alarms 告警 (${alarms.length})`, lines, more: more > 0 ? voice.words.more(more) : null }],
    url: { words: voice.words.pageLink, href: externalUrl },
    tone: 'alarm',
  };
}

function summaryOf({ labels, annotations }: LastRoadAlarm): string {
  return plain(annotations['summary'] ?? labels['alertname'] ?? '', 160);
}

function alarmLine(alarm: LastRoadAlarm, room: NoticeRoom, { times }: Voice) {
  return line({
    summary: plain(summaryOf(alarm), Math.max(room.summary, 20)),
    detail: room.detail === 0 ? '' : plain(alarm.annotations['description'] ?? '', room.detail),
    when: `since ${times.at(new Date(alarm.since))} UTC`,
    critical: true,
  });
}

function chinese({ alarms }: LastRoadNotice, since: string, { times }: Voice): string[] {
  const shown = alarms.slice(0, chineseAtMost);
  const told = shown.map(({ labels, since: at }) => `${inChinese(labels)}（自 ${times.at(new Date(at))} UTC 起）`);
  const rest = alarms.length > shown.length ? `，等共 ${alarms.length} 条` : '';
  return [
    `${told.join('；')}${rest}。`,
    `数据库自 ${since} UTC 起不可用，本消息由本实例凭内存直接发送。仅为局部视图：其他实例可能知道更多。数据库恢复之前不会发送其他任何消息；本告警只发一次，结束时将在数据库恢复后通知。`,
  ];
}

/** What an alarm of ours is called; others keep their name. */
function inChinese(labels: Labels): string {
  const of = (name: string) => plain(labels[name] ?? '', 80);
  if (labels['alertname'] === 'HeartbeatLost') return `心跳 ${of('heartbeat')} 失联（来源 ${of('source')}）`;
  if (labels['alertname'] === 'DatabaseAway') return 'Monitor Manager 的数据库不可用';
  return of('alertname');
}
