/** What a draft would do, before anybody saves it. Made by `pipeline/preview/`, answered by `groups/preview.ts`. */

import type { Matcher } from '../matcher/matcher.ts';
import type { AlertState } from './alert.ts';
import type { AlertGroup } from './config.ts';
import type { Labels } from './labels.ts';

/** A draft of an alert group, and where it would stand. */
export interface GroupDraft {
  group: AlertGroup;
  /** Name of the alert group that it replaces; null: a new one. */
  replaces: string | null;
  /** How many of the other alert groups come before it. */
  position: number;
}

/**
 * What becomes of an alert under a draft.
 * gains: it gets the alert, which it does not today; keeps: as today; loses: it gets it today and no longer then;
 * shadowed: its matchers match, but an earlier alert group takes the alert.
 */
export type Change = 'gains' | 'keeps' | 'loses' | 'shadowed';

/** One stored alert under a draft. */
export interface PreviewedAlert {
  fingerprint: string;
  labels: Labels;
  state: AlertState;
  since: Date;
  endedAt: Date | null;
  critical: boolean;
  /** It fires, or its sources are quiet. */
  open: boolean;
  silenced: boolean;
  change: Change;
  /** Names of the alert groups that get it, in order. */
  today: string[];
  after: string[];
}

/** How many alerts. */
export interface Tally {
  open: number;
  ended: number;
}

/** Which stored alerts were looked at. */
export interface Reach {
  from: Date;
  to: Date;
  /** Nothing that ended before this was looked at, or is kept at all. */
  reachesBackTo: Date;
  examined: number;
  /** More is stored than one preview looks at. */
  capped: boolean;
}

/** A message as one channel words it in one language. */
export interface PreviewedMessage {
  /** Incidents that it carries. */
  parts: number;
  content: { subject: string | null; text: string; html: string | null; format: string | null };
  /** UTF-8 bytes of each. */
  bytes: { subject: number; text: number; html: number };
}

/** What the members on one channel in one language would be sent. */
export interface PreviewedChannel {
  channel: string;
  locale: string;
  timezone: string;
  /** Names of the contacts or robots. */
  reaches: string[];
  /** False: the channel has no settings, so the message would go to the outbox. */
  configured: boolean;
  /** The most bytes that a text may have there, null: no such limit. */
  limitBytes: number | null;
  /** Messages at once, and the incidents that wait because of the rate limit. */
  messages: number;
  waiting: number;
  /** The first of them. */
  shown: PreviewedMessage[];
}

/** What a draft of an alert group would do. */
export interface GroupPreview {
  reach: Reach;
  counts: Record<Change, Tally>;
  /** Alert groups that get some of these alerts, and how many, today and after. */
  groups: { name: string; today: Tally; after: Tally }[];
  /** The newest of each kind of change. */
  alerts: PreviewedAlert[];
  /** What the messages are made of: the incidents that are open, the last one that was, or an invented alert. */
  sample: 'open' | 'recent' | 'example';
  incidents: number;
  channels: PreviewedChannel[];
}

/** A draft of a silence. */
export interface SilenceDraft {
  matchers: readonly (readonly Matcher[])[];
  /** Id of the silence that it replaces; null: a new one. */
  replaces: string | null;
}

/** An alert that a silence would hide. */
export interface HiddenAlert {
  fingerprint: string;
  labels: Labels;
  state: AlertState;
  since: Date;
  critical: boolean;
  /** Another silence hides it already. */
  silenced: boolean;
}

/** An open incident of which a silence would hide something. */
export interface HiddenIncident {
  id: string;
  group: string;
  groupLabels: Labels;
  critical: boolean;
  /** Of its alerts that fire, how many would be hidden. */
  hidden: number;
  firing: number;
}

/** Whether a silence would hide everything critical. */
export interface SilenceVerdict {
  why: 'every_possible_critical' | 'every_critical_now' | null;
  /** Critical alerts that fire now, hidden or not; 0 when they were not looked at. */
  criticalFiring: number;
}

/** What a silence would hide now. */
export interface SilencePreview {
  examined: number;
  /** More fires than one preview looks at. */
  capped: boolean;
  alerts: { total: number; critical: number; alreadySilenced: number; items: HiddenAlert[] };
  incidents: { total: number; wholly: number; items: HiddenIncident[] };
  /** Critical alerts that fire now, hidden or not. */
  criticalFiring: number;
  /** Watchdog alarms that match: nothing silences them. */
  watchdogUntouched: number;
  hidesAllCritical: boolean;
  why: SilenceVerdict['why'];
}
