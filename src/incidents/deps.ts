/** What this feature is handed by `app.ts`. */
import type { Lane } from '../alert/alert.ts';
import type { Silence, Snapshot } from '../alert/config.ts';
import type { Labels } from '../alert/labels.ts';
import type { Person } from '../alert/membership.ts';
import type { Past } from '../alert/past.ts';
import type { TestResult, TestTarget } from '../alert/test-message.ts';
import type { Matcher } from '../matcher/matcher.ts';
import type { Db } from '../store/db.ts';

/** Sends test messages at once and reports what came back; an empty answer = the target has no address there. */
export type SendTest = (target: TestTarget) => Promise<readonly TestResult[]>;

/** A limit of a destination, and how many messages may follow each other now. */
export interface RateLeft {
  name: 'minute' | 'hour' | 'smtp_relay' | 'wecom_app';
  shared: boolean;
  burst: number;
  perMinute: number;
  left: number;
}

/** The buckets of a destination, and all those that are shared, as their rows say. */
export interface BucketColumns {
  channel: string;
  tokens: number | null;
  hour_tokens: number | null;
  tokens_at: Date | null;
  shared: Readonly<Record<string, { tokens: number | null; at: string | null }>>;
}

/** What the service knows about itself. */
export interface StatusFacts {
  site: string;
  version: string;
  /** Which backend carries the nudges. */
  queue: string;
  startedAt: Date;
  /** How many there are. */
  emergencyContacts: number;
  /** Every channel, and whether it can send; the messages of one that cannot are kept in the outbox. */
  channels: readonly { name: string; configured: boolean }[];
}

/** Our own heartbeat to somebody outside. */
export interface OutgoingFacts {
  lastSentAt: Date | null;
  /** Why it is kept back, one word each. */
  withheld: readonly string[];
  /** Names of channels that fail now. */
  failingChannels: readonly string[];
  /** Why the last one did not arrive. */
  failure: string | null;
}

export interface IncidentDeps {
  db: Db;
  now: () => Date;
  snapshot: () => Promise<Snapshot>;
  /** An alert that matches all of these is critical. */
  critical: readonly Matcher[];
  /** Which silence hides an alert at a moment; null: nobody keeps it from being told. */
  suppressAt: (
    silences: readonly Silence[],
    now: Date,
  ) => (alert: { labels: Labels; lane: Lane }) => { until: Date } | null;
  /** The versions of what admins edit that were in force within a stretch of time. */
  past: (asked: { from: Date; to: Date; person: Person | null }) => Promise<Past>;
  /** Incidents to decide now; called after the commit. */
  onDue: (incidentIds: readonly string[]) => void;
  /** Destinations that may be sent to now; called after the commit. */
  onDeliver: (destinationIds: readonly number[]) => void;
  sendTest: SendTest;
  rateLeft: (row: BucketColumns, now: Date) => readonly RateLeft[];
  /** A remedy in Chinese, null for one that is not known. */
  inChinese: (remedy: string) => string | null;
  status: () => StatusFacts;
  /** How our own heartbeat to somebody outside fares; null: none is to be sent. */
  outgoing: () => Promise<OutgoingFacts | null>;
}
