/** What a backtest replays: what became of the alerts, and what people did. */
import type { AlertState, Lane } from '../alert/alert.ts';
import type { Labels } from '../alert/labels.ts';

/** An alert of the past, as routing and deciding need it. */
export interface PastAlert {
  fingerprint: string;
  labels: Labels;
  lane: Lane;
  pinnedGroup: string | null;
}

/**
 * Changes of alerts in the order in which they were heard of, a column for each field: a million of them as objects would
 * take five times the memory. Times in milliseconds since 1970.
 */
export interface Changes {
  length: number;
  heardAt: Float64Array;
  /** Index into the alerts. */
  alert: Int32Array;
  /** Index into {@link states}. */
  state: Uint8Array;
  since: Float64Array;
  /** End of its last firing period; NaN: there is none. */
  endedAt: Float64Array;
}

/** Every state, in the order of the numbers that stand for them. */
export const states: readonly AlertState[] = ['firing', 'resolved', 'stale', 'expired'];

/** Somebody acknowledged an incident, or took that back. */
export interface Acknowledgement {
  at: Date;
  takenBack: boolean;
  groupId: number;
  groupKey: string;
  /** Fingerprints of the alerts that were in it. */
  alerts: readonly string[];
}

/** Everything that a replay goes by. */
export interface History {
  alerts: readonly PastAlert[];
  changes: Changes;
  /** In the order of their times. */
  acknowledgements: readonly Acknowledgement[];
}
