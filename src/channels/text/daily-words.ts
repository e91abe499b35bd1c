import type { DailyUnwell } from '../../alert/notice.ts';

/** How much is not well. */
export interface DailyTroubles {
  /** With this service itself. */
  own: number;
  heartbeats: number;
  sources: number;
  /** Messages that could not be delivered. */
  failed: number;
  /** Messages that reached nobody, because their channel is not configured. */
  kept: number;
  sites: number;
}

/** The wording of daily messages in one language. Times and durations arrive formatted, names neutralised. */
export interface DailyWords {
  well(site: string): string;
  /** @param what made by {@link DailyWords.troubles} */
  unwell(site: string, what: string): string;
  wellSubject(site: string, late: boolean): string;
  unwellSubject(site: string, what: string, late: boolean): string;
  troubles(troubles: DailyTroubles): string;
  late(due: string, found: string): string;
  /** What its absence means. */
  readonly absence: string;
  unwellHeading(count: number): string;
  /** @param failing names of the channels that `channel_failing` is about */
  own(reason: DailyUnwell, failing: readonly string[]): string;
  heartbeats(total: number, missing: number): string;
  readonly noHeartbeats: string;
  heartbeat(state: 'pending' | 'ok' | 'late' | 'lost' | 'recovering'): string;
  lastBeat(time: string): string;
  sources(total: number, quiet: number): string;
  readonly noSources: string;
  source(state: 'ok' | 'quiet' | 'never'): string;
  lastPost(time: string): string;
  sites(count: number): string;
  yesterday(date: string): string;
  began(alerts: number, incidents: number): string;
  messages(channel: string, sent: number, failed: number): string;
  /** For lack of a configured channel. */
  kept(count: number): string;
  readonly noMessages: string;
  undelivered(count: number): string;
  /** Those of yesterday, as a trouble. */
  keptYesterday(count: number): string;
  away(count: number, lasted: string): string;
  readonly onCall: string;
  readonly nobody: string;
  names(names: readonly string[]): string;
}
