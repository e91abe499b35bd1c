/** What leads a message: what is new, how bad it is, what and where, since when. */
import { verdicts } from '../../alert/blame.ts';
import type { AlertView, Message, MessagePart } from '../../alert/message.ts';
import { plain } from './neutral.ts';
import { isAboutSite, sitesOf, troublesOf } from './site-words.ts';
import type { Times } from './time.ts';
import type { BeatName, Counts, Words } from './words.ts';

/** The language and the clock of one message. */
export interface Voice {
  readonly words: Words;
  readonly times: Times;
  readonly sentAt: Date;
}

/** Known severities, worst first; the common spellings of Prometheus rules. */
const severities = [
  'critical',
  'page',
  'emergency',
  'high',
  'error',
  'major',
  'warning',
  'minor',
  'low',
  'info',
  'none',
];

/** Counts what is new in all `parts` together. */
export function countsOf(parts: readonly MessagePart[]): Counts {
  const counts = { fresh: 0, again: 0, flapping: 0, resolved: 0, expired: 0, still: 0 };
  for (const part of parts) {
    const again = part.fresh.filter((alert) => alert.again).length;
    const flapping = part.fresh.filter((alert) => alert.flapping === 'began').length;
    const expired = part.resolved.filter((alert) => alert.state === 'expired').length;
    counts.again += again;
    counts.flapping += flapping;
    counts.fresh += part.fresh.length - again - flapping;
    counts.expired += expired;
    counts.resolved += part.resolved.length - expired;
    counts.still += part.stillFiring;
  }
  return counts;
}

/** Everything of `part` that fires, as far as the message knows it. */
export function firingOf(part: MessagePart): readonly AlertView[] {
  return [...part.fresh, ...part.stillFiringSample];
}

/** Whether anything of it still fires. */
export function isFiring(parts: readonly MessagePart[]): boolean {
  return parts.some((part) => part.fresh.length > 0 || part.stillFiring > 0);
}

/** The worst severity among what fires, as a word; null when nothing fires or no alert says. */
export function severityOf(parts: readonly MessagePart[], words: Words): string | null {
  const firing = parts.flatMap(firingOf);
  if (!isFiring(parts)) return null;
  if (parts.some((part) => part.critical)) return words.severity('critical');
  const values = new Set(firing.map((alert) => (alert.labels['severity'] ?? '').toLowerCase()));
  const worst = severities.find((severity) => values.has(severity)) ?? [...values].find((value) => value !== '');
  return worst === undefined ? null : words.severity(plain(worst, 20));
}

/** The heartbeats that a watchdog part is about. */
export function beatsOf(alerts: readonly AlertView[]): BeatName[] {
  return alerts.map(({ labels, annotations }) => ({
    heartbeat: plain(labels['heartbeat'] ?? labels['alertname'] ?? '?', 60),
    source: plain(labels['source'] || labels['site'] || '?', 60),
    part: verdicts.find((verdict) => verdict === annotations['part']) ?? 'unknown',
    partNames: plain(annotations['part_names'] ?? '', 80),
  }));
}

/** The earliest start, or null for none. */
export function earliest(alerts: readonly AlertView[]): Date | null {
  return alerts.reduce<Date | null>((first, { startsAt }) => (!first || startsAt < first ? startsAt : first), null);
}

/** The latest end, or null for none. */
function latestEnd(alerts: readonly AlertView[]): Date | null {
  return alerts.reduce<Date | null>((last, { endsAt }) => (endsAt && (!last || endsAt > last) ? endsAt : last), null);
}

function watchdogHeadline(parts: readonly MessagePart[], { words, times, sentAt }: Voice): string {
  const lost = parts.flatMap(firingOf);
  const told = lost.length > 0 ? lost : parts.flatMap((part) => part.resolved);
  const [sites, beats] = [told.filter(isAboutSite), told.filter((alert) => !isAboutSite(alert))];
  const silentSince = (alerts: readonly AlertView[]) => times.at(earliest(alerts) ?? sentAt);
  const backAt = (alerts: readonly AlertView[]) => times.at(latestEnd(alerts) ?? sentAt);
  const phrases =
    lost.length > 0
      ? [
          beats.length > 0 && words.silent(beatsOf(beats), silentSince(beats)),
          sites.length > 0 && words.site.silent(troublesOf(sites, words.site), silentSince(sites)),
        ]
      : [
          beats.length > 0 && words.back(beatsOf(beats), backAt(beats)),
          sites.length > 0 && words.site.back(sitesOf(sites), backAt(sites)),
        ];
  return phrases.filter(Boolean).join(' | ');
}

/** What is new in `parts`, in one phrase. */
export function headline(parts: readonly MessagePart[], voice: Voice, site: string): string {
  const kinds = new Set(parts.map((part) => part.kind));
  const counts = countsOf(parts);
  if (kinds.has('test')) return voice.words.test(plain(site, 60));
  if (kinds.has('watchdog')) return watchdogHeadline(parts, voice);
  if (kinds.size === 1 && kinds.has('summary')) return voice.words.opened(counts, parts.length);
  if (kinds.size === 1 && kinds.has('repeat'))
    return voice.words.reminder(counts.still + counts.fresh + counts.again + counts.flapping);
  return voice.words.delta(counts);
}

/** When it began, or for how long it lasted when it is over; empty when no alert says. */
export function whenOf(part: MessagePart, { words, times, sentAt }: Voice): string {
  const began = earliest(part.fresh.length > 0 ? part.fresh : part.stillFiringSample);
  if (began) return words.since(times.at(began), times.between(began, sentAt));
  const start = earliest(part.resolved);
  const end = latestEnd(part.resolved);
  if (!start || !end || isFiring([part])) return '';
  const expired = part.resolved.every((alert) => alert.state === 'expired');
  return (expired ? words.expiredAt : words.resolvedAt)(times.at(end), times.between(start, end));
}

/** The name of an incident: its alert's name if all share one, else its alert group's. */
export function nameOf(part: MessagePart): string {
  const names = new Set([...part.fresh, ...part.resolved, ...part.stillFiringSample].map((a) => a.labels['alertname']));
  const common = names.size === 1 ? [...names][0] : undefined;
  return plain(part.groupLabels['alertname'] || common || part.group, 80);
}

/** Where it is: the group's labels but for the name and the severity. */
export function placeOf(part: MessagePart): string[] {
  return Object.entries(part.groupLabels)
    .filter(([name, value]) => name !== 'alertname' && name !== 'severity' && value !== '')
    .map(([name, value]) => `${plain(name, 40)}=${plain(value, 60)}`);
}

/** Critical incidents first, the rest in the order given. */
export function worstFirst(message: Message): MessagePart[] {
  return [...message.parts].sort((a, b) => Number(b.critical) - Number(a.critical));
}
