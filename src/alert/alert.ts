/**
 * The words of this project, as types.
 *
 * source        one Alertmanager, or one cluster of them, or one Prometheus, that may post
 * alert         one label set; identity = fingerprint of its labels minus `ignore_labels`
 * episode       one firing period of an alert
 * reporter      one (source, full label set): who said what about an alert
 * incident      one alert group's alerts that share the same `group_by` values
 * destination   one address on one channel
 * receipt       what one destination was last told about one alert
 * notification  one message to one destination; its row is the truth about delivery
 */
import type { Labels } from './labels.ts';
import type { Reason } from './reason.ts';

/** `watchdog` alerts pass every gate (rule 11); everything else is `normal`. */
export type Lane = 'normal' | 'watchdog';

/** One alert of one request after validation: what a reporter says. */
export interface Report {
  sourceId: number;
  /** Fingerprint of the full labels: names the reporter within its source. */
  fingerprint: string;
  /** Fingerprint of the labels minus `ignore_labels`: names the alert. */
  alertFingerprint: string;
  /** Labels minus `ignore_labels`, the source's own labels added. */
  labels: Labels;
  /** The ignored labels of this reporter, null when it has none. */
  replicaLabels: Labels | null;
  annotations: Labels;
  generatorUrl: string | null;
  status: 'firing' | 'resolved';
  startsAt: Date;
  /** Null while it fires. */
  endsAt: Date | null;
  /** Until when it counts as firing unless it is repeated: an end ahead that the sender named; null when it named none. */
  expiresAt: Date | null;
  /** Short hash of the Alertmanager group that carried it, or `prometheus`; learns how often that group is repeated. */
  groupKey: string;
  lane: Lane;
  /** Name of the one alert group it goes to, whatever the matchers say; only our own alerts have one. */
  pinnedGroup: string | null;
}

/** The state of an alert, derived from its reporters when an incident is decided (rules 1 to 3). */
export type AlertState = 'firing' | 'resolved' | 'stale' | 'expired';

/** What is true of one alert now. */
export interface AlertTruth {
  fingerprint: string;
  labels: Labels;
  state: AlertState;
  /** Counts firing periods; 0 = never fired. */
  episode: number;
  /** Start of the current episode. */
  since: Date;
  /** End of the current episode, null while it lasts. */
  endedAt: Date | null;
  /** When we noticed the last change of state or episode. */
  changedAt: Date;
  critical: boolean;
  /** Why nobody is told, or null. */
  suppressedBy: Reason | null;
  /** It has not fired long enough yet: until then nobody is told that it began. Null: it has. */
  pendingUntil: Date | null;
  /** Its first episode that the present one continues, because the pauses between were too short to count. */
  continues: number;
  /** It has ended, and counts as firing for whoever knows of it until then. Null: it does not. */
  keptUntil: Date | null;
  /** It comes and goes too often, at least until then. Null: it does not. */
  flappingUntil: Date | null;
}

/** What one destination was last told about one alert. */
export interface Receipt {
  destinationId: number;
  alertFingerprint: string;
  episode: number;
  state: 'firing' | 'resolved' | 'flapping' | 'undeliverable';
  toldAt: Date;
}
