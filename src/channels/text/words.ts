import type { Verdict } from '../../alert/blame.ts';
import type { NoticeWords } from './notice-words.ts';
import type { SiteWords } from './site-words.ts';

/** The wording of one language. A table makes whole phrases, so word order and grammar stay its own business. */

/** How many alerts are what, in one or more incidents. */
export interface Counts {
  /** Firing, and news to the reader. */
  fresh: number;
  /** Fired again after an end that the reader knows of. */
  again: number;
  /** They come and go too often: nothing more is told of them until they are calm. */
  flapping: number;
  resolved: number;
  /** Ended because nobody reports them any more. */
  expired: number;
  /** Firing, and told before. */
  still: number;
}

/** A heartbeat as a reader knows it. */
export interface BeatName {
  heartbeat: string;
  source: string;
  /** Which part is gone; `unknown` where nothing tells. */
  part: Verdict;
  /** Of `road_broken` who still sees it, of `alertmanager` which: names, in one text. */
  partNames: string;
}

/** Every phrase that a message can hold. Times and durations arrive formatted, names neutralised. */
export interface Words {
  /** BCP 47 tag of the text, for `<html lang>`. */
  readonly tag: string;
  /** Locale handed to Intl. */
  readonly intl: string;
  delta(counts: Counts): string;
  reminder(still: number): string;
  /** Leads what is new in a message of a storm: `+12 new`. */
  storm(group: string, alerts: number, since: string, news: string): string;
  stormOver(group: string, alerts: number, duration: string, news: string): string;
  stormSubject(group: string): string;
  stormAdvice(interval: string): string;
  /** Which values of a label most alerts have, and how many have others. */
  top(label: string, values: readonly (readonly [value: string, alerts: number])[], others: number): string;
  afterQuietHours(news: string): string;
  readonly quietHoursSubject: string;
  /** Leads what is new in somebody's digest: `+12 new`. */
  digest(news: string): string;
  readonly digestSubject: string;
  opened(counts: Counts, incidents: number): string;
  incidents(count: number): string;
  severity(value: string): string;
  silent(beats: readonly BeatName[], since: string): string;
  back(beats: readonly BeatName[], at: string): string;
  silentSubject(beats: readonly BeatName[]): string;
  backSubject(beats: readonly BeatName[]): string;
  silentAdvice(part: Verdict): string;
  readonly site: SiteWords;
  test(site: string): string;
  testSubject(site: string): string;
  since(time: string, duration: string): string;
  resolvedAt(time: string, duration: string): string;
  expiredAt(time: string, duration: string): string;
  /** Behind when it began or ended. */
  readonly calmed: string;
  freshHeading(count: number): string;
  againHeading(count: number): string;
  flappingHeading(count: number): string;
  resolvedHeading(count: number): string;
  expiredHeading(count: number): string;
  stillHeading(count: number): string;
  firingHeading(count: number): string;
  lostHeading(count: number): string;
  backHeading(count: number): string;
  more(count: number): string;
  moreIncidents(count: number): string;
  allShare(labels: string): string;
  acknowledgedBy(name: string): string;
  /** Why the reader is told. */
  escalated(duration: string): string;
  alertGroup(name: string): string;
  /** A link's words before its bare address. */
  labelled(label: string, url: string): string;
  readonly incidentLink: string;
  readonly pageLink: string;
  readonly sourceLink: string;
  readonly runbookLink: string;
  sentBy(site: string, zone: string): string;
  readonly notice: NoticeWords;
  duration(amounts: readonly (readonly [number, 'day' | 'hour' | 'minute' | 'second'])[]): string;
}
