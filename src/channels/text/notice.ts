/** What a notice says, in words but without a form. */
import { labelsOf } from '../../alert/labels.ts';
import type { AlertView } from '../../alert/message.ts';
import type { NoticedAlert, NoticedAlerts, SilenceNotice } from '../../alert/notice.ts';
import { type AlertRoom, alertLine } from './alert-line.ts';
import type { Block } from './blocks.ts';
import type { Voice } from './headline.ts';
import { plain } from './neutral.ts';

/** A worded notice. */
export interface NoticeText {
  subject: string;
  headline: string;
  facts: string[];
  blocks: Block[];
  url: { words: string; href: string };
}

type Room = AlertRoom & { alerts: number };

/** Words a notice as far as `room` allows. */
export function noticeText(notice: SilenceNotice, room: Room, voice: Voice, externalUrl: string): NoticeText {
  const { notice: words } = voice.words;
  const { silence, firing } = notice;
  const ends = new Date(silence.endsAt);
  const soon = notice.kind === 'silence_ends';
  const comment = plain(silence.comment, 200);
  const matchers = silence.matchers.map((set) => plain(set, 200)).join(' · ');
  const time = voice.times.at(ends);
  return {
    subject: words.silenceSubject(soon ? words.endsAt(time) : words.endedFiring(firing.total), comment),
    headline: soon
      ? words.silenceEnds(time, voice.times.between(voice.sentAt, ends))
      : words.silenceEnded(firing.total),
    facts: [words.because(comment), words.hides(matchers), ...(firing.total === 0 ? [words.nothingHidden] : [])],
    blocks: listed(
      firing,
      soon ? words.hiddenHeading(firing.total) : voice.words.stillHeading(firing.total),
      room,
      voice,
    ),
    url: { words: words.silenceLink, href: `${externalUrl}/silences/${encodeURIComponent(silence.id)}` },
  };
}

/** The alerts under a heading, as many as there is room for. */
function listed({ total, listed: alerts }: NoticedAlerts, heading: string, room: Room, voice: Voice): Block[] {
  const lines = alerts
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
