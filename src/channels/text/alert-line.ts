/** One alert in one line. */
import type { Labels } from '../../alert/labels.ts';
import type { AlertView } from '../../alert/message.ts';
import type { Voice } from './headline.ts';
import { httpUrl, plain } from './neutral.ts';

/** How much of an alert a channel has room for. */
export interface AlertRoom {
  labels: number;
  /** UTF-16 units. */
  summary: number;
  /** UTF-16 units of the description, where it says more than the summary. */
  detail: number;
  links: boolean;
}

/** One alert, neutralised but not yet escaped for any channel. */
export interface AlertLine {
  /** The alert's name, null when the incident's title says it already. */
  name: string | null;
  /** `name=value` of the labels that the other alerts of this message do not share. */
  labels: string[];
  summary: string;
  detail: string;
  when: string;
  critical: boolean;
  links: { words: string; url: string }[];
}

const unlisted = new Set(['alertname', 'severity']);

/** The labels that all of two or more alerts share and the group's labels do not name. */
export function sharedLabels(alerts: readonly AlertView[], groupLabels: Labels): [string, string][] {
  const [first, ...others] = alerts;
  if (!first || others.length === 0) return [];
  return Object.entries(first.labels).filter(
    ([name, value]) =>
      value !== '' &&
      !unlisted.has(name) &&
      !Object.hasOwn(groupLabels, name) &&
      others.every((other) => other.labels[name] === value),
  );
}

function whenOf(alert: AlertView, { words, times, sentAt }: Voice): string {
  const end = alert.endsAt ?? sentAt;
  const lasted = times.between(alert.startsAt, end);
  const calmed = alert.flapping === 'ended' ? words.calmed : '';
  if (alert.state === 'firing') return words.since(times.at(alert.startsAt), lasted) + calmed;
  return (alert.state === 'expired' ? words.expiredAt : words.resolvedAt)(times.at(end), lasted) + calmed;
}

function linksOf(alert: AlertView, { words }: Voice): AlertLine['links'] {
  return [
    { words: words.runbookLink, url: httpUrl(alert.annotations['runbook_url']) },
    { words: words.sourceLink, url: httpUrl(alert.generatorUrl) },
  ].filter((link): link is { words: string; url: string } => link.url !== null);
}

/**
 * Words one alert.
 * @param known label names that need no mention, because the group or all alerts share them
 */
export function alertLine(
  alert: AlertView,
  known: { title: string; labels: ReadonlySet<string> },
  room: AlertRoom,
  voice: Voice,
): AlertLine {
  const { annotations } = alert;
  const name = plain(alert.labels['alertname'] ?? '', 80);
  const labels = Object.entries(alert.labels)
    .filter(([label, value]) => value !== '' && !unlisted.has(label) && !known.labels.has(label))
    .slice(0, room.labels)
    .map(([label, value]) => `${plain(label, 40)}=${plain(value, 80)}`);
  const summary = annotations['summary'] || annotations['description'] || annotations['message'] || '';
  const detail = annotations['description'] || '';
  return {
    name: name !== '' && (name !== known.title || labels.length === 0) ? name : null,
    labels,
    summary: room.summary === 0 ? '' : plain(summary, room.summary),
    detail: room.detail === 0 || detail === summary ? '' : plain(detail, room.detail),
    when: whenOf(alert, voice),
    critical: alert.critical && alert.state === 'firing',
    links: room.links ? linksOf(alert, voice) : [],
  };
}
