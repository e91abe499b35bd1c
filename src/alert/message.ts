/** What a message says, before a channel words it. Made by the deliver stage, worded by `channels/<channel>/`. */
import type { Labels } from './labels.ts';
import type { LastRoadNotice } from './last-road.ts';
import type { Notice } from './notice.ts';

/** Why a message exists; leads its subject line. */
export type DeltaKind = 'opened' | 'changed' | 'repeat' | 'resolved' | 'summary' | 'watchdog' | 'test';

/** One alert as a reader sees it. */
export interface AlertView {
  fingerprint: string;
  labels: Labels;
  annotations: Labels;
  state: 'firing' | 'resolved' | 'expired';
  /** Fired again after a resolved that this reader was told, or never told because both fell between two flushes. */
  again: boolean;
  /** It comes and goes too often, and nothing more is told of it until it is calm; or that is over now. */
  flapping: 'began' | 'ended' | null;
  critical: boolean;
  startsAt: Date;
  endsAt: Date | null;
  /** http or https, or null. */
  generatorUrl: string | null;
}

/** What is new in one incident for one destination. */
export interface MessagePart {
  incidentId: string;
  /** Name of the alert group. */
  group: string;
  /** The values of `group_by` that all alerts of the incident share. */
  groupLabels: Labels;
  kind: DeltaKind;
  /** Counts the messages of this incident to this destination, from 1. */
  sequence: number;
  fresh: AlertView[];
  resolved: AlertView[];
  /** How many alerts fire that this destination knew of already. */
  stillFiring: number;
  /** Up to 20 of those, for reminders. */
  stillFiringSample: AlertView[];
  /** An alert that is now told, or still fires, is critical. */
  critical: boolean;
  /** Link to the incident in our page. */
  url: string;
  acknowledgedBy: string | null;
  /** The reader is told because nobody has acknowledged it for so long; null: for another reason. */
  escalatedAfterMs: number | null;
}

/** The values that most alerts of a storm share in one label. */
export interface TopLabel {
  label: string;
  /** The most frequent first. */
  values: readonly (readonly [value: string, alerts: number])[];
  /** Alerts with other values. */
  others: number;
}

/** Why a message tells of much at once. */
export type Occasion =
  | { kind: 'quiet_hours' }
  | { kind: 'digest' }
  | {
      kind: 'storm';
      /** Name of the alert group. */
      group: string;
      since: Date;
      /** When it was over; null: it goes on. */
      until: Date | null;
      /** That began in it so far. */
      alerts: number;
      /** How often its messages come. */
      intervalMs: number;
      /** Of what is new in this message. */
      top: readonly TopLabel[];
    };

/** One message to one destination: 1..n parts, one per incident; or a notice and no part. */
export interface Message {
  /** Stable over retries (rule 13): `<...@host>` for mail, its hash elsewhere. */
  messageId: string;
  /** Root of the mail thread, the same for every message of the first part's incident to this destination. */
  threadId: string;
  parts: MessagePart[];
  notice?: Notice | LastRoadNotice;
  /** `zh-CN` or `en`. */
  locale: string;
  /** IANA zone in which times are shown. */
  timezone: string;
  /** Name of our own site, as the reader should see it. */
  site: string;
  /** Base address of our page, without a slash at the end. */
  externalUrl: string;
  sentAt: Date;
  /** Userids, and `@all`, whom it mentions where a channel can do that; missing: nobody. */
  mentions?: readonly string[];
  /** Null: it tells of each thing as it comes. */
  occasion: Occasion | null;
}
