/** What a notice says, in words but without a form. */
import type { LastRoadNotice } from '../../alert/last-road.ts';
import type { Notice, SilenceNotice, StormOver } from '../../alert/notice.ts';
import { dailyText } from './daily.ts';
import { handOverText } from './hand-over.ts';
import type { Voice } from './headline.ts';
import { lastRoadText } from './last-road.ts';
import { groupUrl, plain } from './neutral.ts';
import { alertsIn, type NoticeRoom, type NoticeText } from './notice-text.ts';

/** Words a notice as far as `room` allows. */
export function noticeText(
  notice: Notice | LastRoadNotice,
  room: NoticeRoom,
  voice: Voice,
  externalUrl: string,
): NoticeText {
  if (notice.kind === 'last_road') return lastRoadText(notice, room, voice, externalUrl);
  if (notice.kind === 'hand_over') return handOverText(notice, room, voice, externalUrl);
  if (notice.kind === 'daily_message') return dailyText(notice, room, voice, externalUrl);
  if (notice.kind === 'storm_over') return stormOverText(notice, room, voice, externalUrl);
  return silenceText(notice, room, voice, externalUrl);
}

function stormOverText(notice: StormOver, room: NoticeRoom, voice: Voice, externalUrl: string): NoticeText {
  const { words, times } = voice;
  const { alerts, firing } = notice;
  const group = plain(notice.group, 60);
  return {
    subject: words.notice.stormOverSubject(group, alerts, firing.total),
    headline: words.notice.stormOver(group, alerts, times.between(new Date(notice.since), new Date(notice.until))),
    facts: [words.notice.afterStorm],
    blocks: alertsIn(firing, words.stillHeading(firing.total), room, voice),
    url: { words: words.pageLink, href: groupUrl(externalUrl, notice.group) },
  };
}

function silenceText(notice: SilenceNotice, room: NoticeRoom, voice: Voice, externalUrl: string): NoticeText {
  const { notice: words } = voice.words;
  const { silence, firing } = notice;
  const ends = new Date(silence.endsAt);
  const soon = notice.kind === 'silence_ends';
  const comment = plain(silence.comment, 200);
  const matchers = silence.matchers.map((set) => plain(set, 200)).join(' · ');
  const time = voice.times.at(ends);
  const heading = soon ? words.hiddenHeading(firing.total) : voice.words.stillHeading(firing.total);
  return {
    subject: words.silenceSubject(soon ? words.endsAt(time) : words.endedFiring(firing.total), comment),
    headline: soon
      ? words.silenceEnds(time, voice.times.between(voice.sentAt, ends))
      : words.silenceEnded(firing.total),
    facts: [words.because(comment), words.hides(matchers), ...(firing.total === 0 ? [words.nothingHidden] : [])],
    blocks: alertsIn(firing, heading, room, voice),
    url: { words: words.silenceLink, href: `${externalUrl}/silences/${encodeURIComponent(silence.id)}` },
  };
}
