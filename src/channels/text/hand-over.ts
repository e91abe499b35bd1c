/** A hand-over card in words: what whoever comes on call finds. */
import type { HandOver } from '../../alert/notice.ts';
import type { AlertLine } from './alert-line.ts';
import type { Block } from './blocks.ts';
import type { Voice } from './headline.ts';
import { httpUrl, plain } from './neutral.ts';
import { alertsIn, line, type NoticeRoom, type NoticeText } from './notice-text.ts';

/** Words a card as far as `room` allows: what it leaves out it counts. */
export function handOverText(card: HandOver, room: NoticeRoom, voice: Voice, externalUrl: string): NoticeText {
  const { notice: words, pageLink } = voice.words;
  const until = card.until === null ? null : voice.times.at(new Date(card.until));
  const schedule = plain(card.schedule, 80);
  const counts = words.cardCounts({
    incidents: card.incidents.total,
    flapping: card.flapping.total,
    silences: card.silences.total,
    failed: card.failed.total,
    heartbeats: card.heartbeats.total,
  });
  return {
    subject: words.onCallSubject(schedule, until, counts),
    headline: words.onCall(schedule, until),
    facts: [words.takesOver(card.after === null ? null : plain(card.after, 80)), counts],
    blocks: blocksOf(card, room, voice, externalUrl),
    url: { words: pageLink, href: externalUrl },
  };
}

function blocksOf(card: HandOver, room: NoticeRoom, voice: Voice, externalUrl: string): Block[] {
  const { incidents, flapping, silences, failed, heartbeats } = card;
  const kinds = [incidents, flapping, silences, failed, heartbeats].filter(({ total }) => total > 0);
  // Each kind has the same room.
  const most = Math.ceil(room.alerts / Math.max(1, kinds.length));
  const { words, times } = voice;
  const { notice } = words;
  const block = <T>(
    heading: string,
    { total, listed }: { total: number; listed: T[] },
    lineOf: (one: T) => AlertLine,
  ): Block => {
    const lines = listed.slice(0, most).map(lineOf);
    return { heading, lines, more: total > lines.length ? words.more(total - lines.length) : null };
  };
  const since = (at: string) => words.since(times.at(new Date(at)), times.between(new Date(at), voice.sentAt));
  const link = (label: string, path: string) => {
    const url = room.links ? httpUrl(`${externalUrl}${path}`) : null;
    return url === null ? [] : [{ words: label, url }];
  };
  return [
    block(notice.openIncidents(incidents.total), incidents, (one) =>
      line({
        name: plain(one.groupLabels['alertname'] || one.group, 80),
        labels: placeOf(one.groupLabels, room),
        summary: one.acknowledgedBy === null ? '' : words.acknowledgedBy(plain(one.acknowledgedBy, 60)),
        when: since(one.openedAt),
        critical: one.critical,
        links: link(words.incidentLink, `/incidents/${one.id}`),
      }),
    ),
    ...alertsIn(flapping, words.flappingHeading(flapping.total), { ...room, alerts: most }, voice),
    block(notice.endingSilences(silences.total), silences, ({ id, comment, endsAt }) =>
      line({
        summary: plain(comment, 120),
        when: notice.endsAt(times.at(new Date(endsAt))),
        links: link(notice.silenceLink, `/silences/${encodeURIComponent(id)}`),
      }),
    ),
    block(notice.failedMessages(failed.total), failed, ({ to, channel, at, answer }) =>
      line({ name: plain(`${to} (${channel})`, 120), summary: plain(answer ?? '', 160), when: times.at(new Date(at)) }),
    ),
    block(notice.badHeartbeats(heartbeats.total), heartbeats, ({ name, source, state, since: at }) =>
      line({
        name: plain(source === null ? name : `${name} (${source})`, 120),
        summary: notice.heartbeat(state),
        when: since(at),
        critical: state === 'lost',
      }),
    ),
  ].filter(({ lines }) => lines.length > 0);
}

function placeOf(labels: HandOver['incidents']['listed'][number]['groupLabels'], room: NoticeRoom): string[] {
  return Object.entries(labels)
    .filter(([name, value]) => name !== 'alertname' && value !== '')
    .slice(0, room.labels)
    .map(([name, value]) => `${plain(name, 40)}=${plain(value, 60)}`);
}
