/** What is told without the database, directly and from memory. */
import type { Alarm } from './alarm.ts';
import type { Labels } from './labels.ts';
import type { Reason } from './reason.ts';

/** An alarm as the last road words it. */
export interface LastRoadAlarm {
  labels: Labels;
  annotations: Labels;
  /** ISO 8601. */
  since: string;
}

/** One message of the last road; it is worded in every language at once, because who reads it is not known. */
export interface LastRoadNotice {
  kind: 'last_road';
  /** The worst first; at least one. */
  alarms: readonly LastRoadAlarm[];
  /** What is wrong with the database, in words that end a sentence. */
  trouble: string;
  /** Since when nothing has been written; ISO 8601. */
  awaySince: string;
}

/** One try of the last road to send a message. */
export interface DirectAttempt {
  startedAt: Date;
  finishedAt: Date;
  /** `accepted`, or the kind of the failure. */
  outcome: string;
  reason: Reason;
  /** The provider's words, redacted. */
  answer: string;
}

/** A message that a provider has accepted and of which the database knows nothing yet. */
export interface ToldDirectly {
  /** Names the destination. */
  channel: string;
  address: string;
  /** Of the contact or robot, for people. */
  name: string;
  locale: string;
  timezone: string;
  messageId: string;
  /** As it was sent. */
  content: { readonly [key: string]: unknown };
  alarms: readonly Alarm[];
  awaySince: Date;
  /** The last one was accepted. */
  attempts: readonly [...DirectAttempt[], DirectAttempt];
}
