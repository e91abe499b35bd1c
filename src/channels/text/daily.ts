/** A daily message in words: what is not well first, then what is there, and what happened the day before. */
import type { DailyNotice } from '../../alert/notice.ts';
import type { AlertLine } from './alert-line.ts';
import type { Block } from './blocks.ts';
import type { DailyTroubles } from './daily-words.ts';
import type { Voice } from './headline.ts';
import { plain } from './neutral.ts';
import { line, type NoticeRoom, type NoticeText } from './notice-text.ts';

/** One that arrives later than that says so. */
const lateMs = 10 * 60_000;

/** Words a daily message as far as `room` allows: what it leaves out it counts. */
export function dailyText(notice: DailyNotice, room: NoticeRoom, voice: Voice, externalUrl: string): NoticeText {
  const { pageLink, notice: words } = voice.words;
  const { daily } = words;
  const site = plain(notice.site, 60);
  const troubles = troublesOf(notice);
  const well = Object.values(troubles).every((count) => count === 0);
  const what = daily.troubles(troubles);
  const late = voice.sentAt.getTime() - new Date(notice.dueAt).getTime() > lateMs;
  const at = (time: string) => voice.times.at(new Date(time));
  return {
    subject: well ? daily.wellSubject(site, late) : daily.unwellSubject(site, what, late),
    headline: well ? daily.well(site) : daily.unwell(site, what),
    facts: [...(late ? [daily.late(at(notice.dueAt), at(notice.foundAt))] : []), daily.absence],
    blocks: blocksOf(notice, { room, voice, troubles }),
    url: { words: pageLink, href: externalUrl },
    tone: well ? 'resolved' : 'firing',
  };
}

function troublesOf({ unwell, heartbeats, sources, yesterday, sites }: DailyNotice): DailyTroubles {
  return {
    own: unwell.length,
    heartbeats: heartbeats.bad,
    sources: sources.bad,
    failed: failedOf(yesterday),
    kept: keptOf(yesterday),
    sites: sites.filter((one) => !one.well).length,
  };
}

function failedOf({ messages }: DailyNotice['yesterday']): number {
  return messages.reduce((sum, { failed }) => sum + failed, 0);
}

/** The outbox accepts everything, and sends nothing. */
const isKept = ({ channel }: { channel: string }) => channel === 'outbox';

function keptOf({ messages }: DailyNotice['yesterday']): number {
  return messages.filter(isKept).reduce((sum, { sent }) => sum + sent, 0);
}

type Facts = { room: NoticeRoom; voice: Voice; troubles: DailyTroubles };

function blocksOf(notice: DailyNotice, facts: Facts): Block[] {
  const { room, voice, troubles } = facts;
  const { daily } = voice.words.notice;
  const { heartbeats, sources, sites, yesterday } = notice;
  const block = (heading: string, lines: readonly AlertLine[], total = lines.length): Block => {
    const shown = lines.slice(0, room.alerts);
    return { heading, lines: shown, more: total > shown.length ? voice.words.more(total - shown.length) : null };
  };
  const wrong = wrongLines(notice, voice);
  const ofYesterday = [troubles.failed, troubles.kept].filter((count) => count > 0).length;
  const wrongs = troubles.own + troubles.heartbeats + troubles.sources + troubles.sites + ofYesterday;
  const beats = heartbeats.listed.filter((one) => !missing(one)).map((one) => heartbeatLine(one, voice));
  const posts = sources.listed.filter((one) => one.state !== 'quiet').map((one) => sourceLine(one, voice));
  const others = sites.filter((one) => one.well).map(({ words }) => siteLine(words, voice));
  const orElse = (lines: AlertLine[], total: number, none: string) => (total === 0 ? [line({ summary: none })] : lines);
  return [
    block(daily.unwellHeading(wrongs), wrong, wrongs),
    block(
      daily.heartbeats(heartbeats.total, heartbeats.bad),
      orElse(beats, heartbeats.total, daily.noHeartbeats),
      Math.max(1, heartbeats.total - heartbeats.bad),
    ),
    block(
      daily.sources(sources.total, sources.bad),
      orElse(posts, sources.total, daily.noSources),
      Math.max(1, sources.total - sources.bad),
    ),
    block(daily.sites(sites.length), others),
    block(daily.yesterday(yesterday.date), yesterdayLines(yesterday, voice)),
    block(daily.onCall, onCallLines(notice, voice)),
  ].filter(({ lines }) => lines.length > 0);
}

type Beat = DailyNotice['heartbeats']['listed'][number];
/** One that is late may come any moment: it is shown, and is no trouble yet. */
const missing = ({ state }: Beat) => state === 'lost' || state === 'recovering';

function wrongLines(
  { unwell, failingChannels = [], heartbeats, sources, sites, yesterday }: DailyNotice,
  voice: Voice,
): AlertLine[] {
  const { daily } = voice.words.notice;
  const failed = failedOf(yesterday);
  const kept = keptOf(yesterday);
  const lines = [
    ...unwell.map((reason) => line({ summary: daily.own(reason, failingChannels) })),
    ...heartbeats.listed.filter(missing).map((one) => heartbeatLine(one, voice)),
    ...sites.filter((one) => !one.well).map(({ words }) => siteLine(words, voice)),
    ...sources.listed.filter((one) => one.state === 'quiet').map((one) => sourceLine(one, voice)),
    ...(failed > 0 ? [line({ summary: daily.undelivered(failed) })] : []),
    ...(kept > 0 ? [line({ summary: daily.keptYesterday(kept) })] : []),
  ];
  return lines.map((one) => ({ ...one, critical: true }));
}

function heartbeatLine({ name, source, state, lastBeatAt }: Beat, { words, times }: Voice): AlertLine {
  const { daily } = words.notice;
  return line({
    name: plain(source === null ? name : `${name} (${source})`, 120),
    summary: daily.heartbeat(state),
    when: lastBeatAt === null ? '' : daily.lastBeat(times.at(new Date(lastBeatAt))),
  });
}

function sourceLine(
  { name, site, state, lastPostAt }: DailyNotice['sources']['listed'][number],
  { words, times }: Voice,
): AlertLine {
  const { daily } = words.notice;
  return line({
    name: plain(site === '' ? name : `${name} (${site})`, 120),
    summary: daily.source(state),
    when: lastPostAt === null ? '' : daily.lastPost(times.at(new Date(lastPostAt))),
  });
}

function siteLine(words: DailyNotice['sites'][number]['words'], voice: Voice): AlertLine {
  return line({ summary: plain(words[voice.words.tag === 'zh-CN' ? 'zh-CN' : 'en'], 160) });
}

function yesterdayLines({ alerts, incidents, messages, away }: DailyNotice['yesterday'], voice: Voice): AlertLine[] {
  const { daily } = voice.words.notice;
  const sent = messages.map((one) =>
    isKept(one) ? daily.kept(one.sent) : daily.messages(one.channel, one.sent, one.failed),
  );
  return [
    daily.began(alerts, incidents),
    ...(sent.length === 0 ? [daily.noMessages] : sent),
    ...(away.count > 0 ? [daily.away(away.count, voice.times.lasting(away.lastedMs))] : []),
  ].map((summary) => line({ summary }));
}

function onCallLines({ onCall }: DailyNotice, voice: Voice): AlertLine[] {
  const { daily } = voice.words.notice;
  return onCall.map(({ schedule, people }) => {
    const names = people.slice(0, 20).map((name) => plain(name, 60));
    return line({ name: plain(schedule, 80), summary: names.length === 0 ? daily.nobody : daily.names(names) });
  });
}
