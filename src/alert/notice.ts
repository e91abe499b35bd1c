/** What people are told beside incidents, as it is stored: plain JSON, times in ISO 8601. */
import type { Labels } from './labels.ts';
import type { Unwell } from './unwell.ts';

/** An alert that a notice names. */
export interface NoticedAlert {
  labels: Labels;
  since: string;
  critical: boolean;
}

/** How many there are, and the first of them. */
export interface Counted<T> {
  total: number;
  listed: T[];
}

/** A silence is about to end, or has ended by itself. */
export interface SilenceNotice {
  kind: 'silence_ends' | 'silence_ended';
  silence: { id: string; comment: string; matchers: string[]; endsAt: string };
  /** What fires that it hides, or hid; critical alerts first. */
  firing: Counted<NoticedAlert>;
}

/** An incident that is open at a hand-over. */
export interface NoticedIncident {
  id: string;
  group: string;
  groupLabels: Labels;
  openedAt: string;
  critical: boolean;
  acknowledgedBy: string | null;
}

/** Somebody has come on call by a schedule. */
export interface HandOver {
  kind: 'hand_over';
  schedule: string;
  /** Name of whoever was on call before; null: nobody was. */
  after: string | null;
  /** When the next comes on call; null: nobody does, as far as one can see. */
  until: string | null;
  /** Of the alert groups that name the schedule, the worst first. */
  incidents: Counted<NoticedIncident>;
  /** Alerts of the same alert groups that come and go too often. */
  flapping: Counted<NoticedAlert>;
  /** Those that end within the shift. */
  silences: Counted<{ id: string; comment: string; endsAt: string }>;
  /** Messages of the same alert groups that were given up within the last day. */
  failed: Counted<{ to: string; channel: string; at: string; answer: string | null }>;
  /** Heartbeats that are not as they should be. */
  heartbeats: Counted<{ name: string; source: string | null; state: 'late' | 'lost' | 'recovering'; since: string }>;
}

/** A storm is over, and there was nothing left to tell with that. */
export interface StormOver {
  kind: 'storm_over';
  /** Of the alert group. */
  group: string;
  since: string;
  until: string;
  /** How many began in it. */
  alerts: number;
  /** What fires in the alert group; critical alerts first. */
  firing: Counted<NoticedAlert>;
}

/** How something fares that only its own feature knows, in both languages. */
export interface DailyLine {
  well: boolean;
  words: { en: string; 'zh-CN': string };
}

/** Trouble of our own that a message can tell of: without the database there would be none. */
export type DailyUnwell = Exclude<Unwell, 'database'>;

/** What a daily message has found. */
export interface DailyFacts {
  /** Name of our own site. */
  site: string;
  foundAt: string;
  /** What is not well with this service itself. */
  unwell: DailyUnwell[];
  /** Names of the channels that `channel_failing` is about; missing in what was found before they were noted. */
  failingChannels?: string[];
  /** The worst first; `bad` of them are lost, or were until just now. */
  heartbeats: Counted<{
    name: string;
    source: string | null;
    state: 'pending' | 'ok' | 'late' | 'lost' | 'recovering';
    lastBeatAt: string | null;
  }> & { bad: number };
  /** Quiet ones first, of which there are `bad`. */
  sources: Counted<{ name: string; site: string; state: 'ok' | 'quiet' | 'never'; lastPostAt: string | null }> & {
    bad: number;
  };
  /** The calendar day before. */
  yesterday: {
    /** `2026-01-31` */
    date: string;
    /** That began to fire. */
    alerts: number;
    /** That were opened. */
    incidents: number;
    messages: { channel: string; sent: number; failed: number }[];
    /** How often and how long nobody was here. */
    away: { count: number; lastedMs: number };
  };
  /** Of the schedules that alert groups name. */
  onCall: { schedule: string; people: string[] }[];
  /** The other sites that this one watches. */
  sites: DailyLine[];
}

/** All is well, or what is not: sent once a day, so that its absence is noticed. */
export interface DailyNotice extends DailyFacts {
  kind: 'daily_message';
  name: string;
  dueAt: string;
}

/** What a notice says. */
export type Notice = SilenceNotice | HandOver | StormOver | DailyNotice;
