import type { DailyWords } from './daily-words.ts';

/** The wording of notices in one language. Times and durations arrive formatted, names neutralised. */
export interface NoticeWords {
  silenceEnds(time: string, left: string): string;
  silenceEnded(firing: number): string;
  silenceSubject(what: string, comment: string): string;
  /** In a subject. */
  endsAt(time: string): string;
  endedFiring(firing: number): string;
  because(comment: string): string;
  hides(matchers: string): string;
  readonly nothingHidden: string;
  hiddenHeading(count: number): string;
  readonly silenceLink: string;
  stormOver(group: string, alerts: number, duration: string): string;
  stormOverSubject(group: string, alerts: number, firing: number): string;
  readonly afterStorm: string;
  onCall(schedule: string, until: string | null): string;
  onCallSubject(schedule: string, until: string | null, counts: string): string;
  /** @param from who was on call before; null: nobody */
  takesOver(from: string | null): string;
  cardCounts(counts: CardCounts): string;
  openIncidents(count: number): string;
  endingSilences(count: number): string;
  failedMessages(count: number): string;
  badHeartbeats(count: number): string;
  heartbeat(state: 'late' | 'lost' | 'recovering'): string;
  readonly daily: DailyWords;
}

/** How much of what a hand-over card says. */
export interface CardCounts {
  incidents: number;
  flapping: number;
  silences: number;
  /** Addresses that messages were given up for. */
  failed: number;
  heartbeats: number;
}
