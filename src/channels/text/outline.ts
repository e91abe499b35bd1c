/** A message in words but without a form: what every channel renders in its own way. */
import type { Message, MessagePart } from '../../alert/message.ts';
import type { AlertRoom } from './alert-line.ts';
import { type Block, listingOf } from './blocks.ts';
import {
  beatsOf,
  firingOf,
  headline,
  isFiring,
  nameOf,
  placeOf,
  severityOf,
  type Voice,
  whenOf,
  worstFirst,
} from './headline.ts';
import { wordsOf } from './languages.ts';
import { groupUrl, httpUrl, plain } from './neutral.ts';
import { noticeText } from './notice.ts';
import { sharedPart } from './parts.ts';
import { isAboutSite } from './site-words.ts';
import { subjectOf } from './subject.ts';
import { timesOf } from './time.ts';
import type { Words } from './words.ts';

/** How much a message may list; the counts, the severity and the link stay whatever it says. */
export interface Room extends AlertRoom {
  /** Alerts in all incidents together. */
  alerts: number;
  incidents: number;
}

/** One incident. */
export interface Section {
  headline: string;
  name: string;
  place: string[];
  severity: string | null;
  critical: boolean;
  firing: boolean;
  when: string;
  /** Who acknowledged it, the alert group, labels that all alerts share, advice. */
  facts: string[];
  blocks: Block[];
  url: string | null;
}

/** The whole message. Strings are neutralised (no control characters, no bidi marks) but not escaped. */
export interface Outline {
  words: Words;
  subject: string;
  /** What is new, how bad, what, where and since when, in one line. */
  lead: string;
  /** The first words of `lead`: what is new over all incidents. */
  headline: string;
  severity: string | null;
  /** Whether name, place and severity say more than the headline does. */
  titled: boolean;
  tone: 'alarm' | 'critical' | 'firing' | 'resolved' | 'neutral';
  url: { words: string; href: string };
  /** Why it tells of much at once, and what most of that has in common. */
  facts: string[];
  sections: Section[];
  moreIncidents: string | null;
  footer: string;
}

function sectionOf(part: MessagePart, room: Room, voice: Voice, site: string): Section {
  const { words } = voice;
  const name = nameOf(part);
  const { shared, blocks } = part.kind === 'test' ? { shared: [], blocks: [] } : listingOf(part, name, room, voice);
  const firing = isFiring([part]);
  const facts = [
    part.kind === 'watchdog' &&
      firing &&
      !firingOf(part).every(isAboutSite) &&
      words.silentAdvice(sharedPart(beatsOf(firingOf(part)))),
    part.escalatedAfterMs !== null && words.escalated(voice.times.lasting(part.escalatedAfterMs)),
    part.acknowledgedBy !== null && words.acknowledgedBy(plain(part.acknowledgedBy, 60)),
    shared.length > 0 && words.allShare(shared.join(' ')),
    part.kind !== 'test' && words.alertGroup(plain(part.group, 80)),
  ];
  return {
    headline:
      part.kind === 'summary'
        ? words.firingHeading(part.fresh.length + part.stillFiring)
        : headline([part], voice, site),
    name,
    place: placeOf(part).slice(0, Math.max(room.labels, 2)),
    severity: severityOf([part], words),
    critical: part.critical && firing,
    firing,
    when: part.kind === 'test' ? '' : whenOf(part, voice),
    facts: facts.filter((fact) => typeof fact === 'string'),
    blocks,
    url: httpUrl(part.url),
  };
}

/** Shares `total` lines among the incidents: each gets an equal part, and what one leaves goes to the next. */
function shares(parts: readonly MessagePart[], total: number): number[] {
  let left = total;
  return parts.map((part, index) => {
    const share = Math.ceil(left / (parts.length - index));
    const used = Math.min(share, part.fresh.length + part.resolved.length + part.stillFiringSample.length);
    left -= used;
    return used;
  });
}

function toneOf(parts: readonly MessagePart[]): Outline['tone'] {
  if (parts.some((part) => part.kind === 'test')) return 'neutral';
  if (!isFiring(parts)) return 'resolved';
  if (parts.some((part) => part.kind === 'watchdog')) return 'alarm';
  return parts.some((part) => part.critical) ? 'critical' : 'firing';
}

function leadOf(occasion: Message['occasion'], news: string, { words, times }: Voice): string {
  if (occasion === null) return news;
  if (occasion.kind === 'quiet_hours') return words.afterQuietHours(news);
  if (occasion.kind === 'digest') return words.digest(news);
  const { since, until, alerts } = occasion;
  const group = plain(occasion.group, 60);
  if (until === null) return words.storm(group, alerts, times.at(since), news);
  return words.stormOver(group, alerts, times.between(since, until), news);
}

function factsOf(occasion: Message['occasion'], { words, times, sentAt }: Voice): string[] {
  if (occasion?.kind !== 'storm') return [];
  const { top, until, intervalMs } = occasion;
  const interval = times.between(sentAt, new Date(sentAt.getTime() + intervalMs));
  const lines = top.map(({ label, values, others }) =>
    words.top(
      plain(label, 40),
      values.map(([value, count]) => [plain(value, 40), count] as const),
      others,
    ),
  );
  return [...lines, ...(until === null ? [words.stormAdvice(interval)] : [])];
}

/** Words a message as far as `room` allows. Never throws for odd content. */
export function outline(message: Message, room: Room): Outline {
  const words = wordsOf(message.locale);
  const voice = { words, times: timesOf(words, message.timezone, message.sentAt), sentAt: message.sentAt };
  if (message.notice !== undefined) return noticeOutline(message, message.notice, room, voice);
  const parts = worstFirst(message);
  const shown = parts.slice(0, Math.max(1, room.incidents));
  const budget = shares(shown, room.alerts);
  const sections = shown.map((part, index) =>
    sectionOf(part, { ...room, alerts: budget[index] ?? 0 }, voice, message.site),
  );
  const first = headline(parts, voice, message.site);
  const tone = toneOf(parts);
  const special = parts.some((part) => part.kind === 'watchdog' || part.kind === 'test');
  const severity = special ? null : severityOf(parts, words);
  const only = parts.length === 1 && !special ? sections[0]! : null;
  const merged = parts.length > 1 && !special;
  const counted = merged && !parts.every((part) => part.kind === 'summary');
  const news = counted ? `${first} · ${words.incidents(parts.length)}` : first;
  const total = leadOf(message.occasion, news, voice);
  const names = merged ? [...new Set(parts.map(nameOf))].slice(0, 3).join(', ') : null;
  const own = parts.length === 1 && parts[0]?.kind !== 'test' ? sections[0]?.url : null;
  return {
    words,
    subject: subjectOf({ ...message, parts }, voice),
    lead: [total, severity, names, ...(only ? [only.name, only.place.join(' '), only.when] : [])]
      .filter(Boolean)
      .join(' · '),
    headline: total,
    severity,
    titled: !special,
    tone,
    url: own ? { words: words.incidentLink, href: own } : { words: words.pageLink, href: pageOf(message) },
    facts: factsOf(message.occasion, voice),
    sections,
    moreIncidents: parts.length > shown.length ? words.moreIncidents(parts.length - shown.length) : null,
    footer: words.sentBy(plain(message.site, 60), voice.times.zone),
  };
}

/** Where all of it can be seen: a storm is one of an alert group. */
function pageOf({ occasion, externalUrl }: Message): string {
  return occasion?.kind === 'storm' ? groupUrl(externalUrl, occasion.group) : externalUrl;
}

/** A notice is one section without a title. */
function noticeOutline(message: Message, notice: NonNullable<Message['notice']>, room: Room, voice: Voice): Outline {
  const { words } = voice;
  const { subject, headline, facts, blocks, url, tone } = noticeText(notice, room, voice, message.externalUrl);
  const untitled = { name: '', place: [], severity: null, critical: false, firing: false, when: '', url: null };
  return {
    ...{ words, headline, lead: headline, url, severity: null, titled: false, moreIncidents: null },
    tone: tone ?? 'neutral',
    subject: plain(subject, 200),
    facts: [],
    sections: [{ ...untitled, headline, facts, blocks }],
    footer: words.sentBy(plain(message.site, 60), voice.times.zone),
  };
}

/** One incident alone: the lead has named it already. */
export function standsAlone({ sections, moreIncidents }: Outline): boolean {
  return sections.length === 1 && moreIncidents === null;
}
