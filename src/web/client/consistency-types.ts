/** The consistency board as the API has it. A test compares these with the schemas of the server. */
import type { Labels, SourceKind } from './types.ts';

export type PollState = 'answers' | 'missed' | 'away' | 'not_asked' | 'pending';

/** An Alertmanager of a source, or the Prometheus behind it. */
export interface PolledMember {
  kind: 'alertmanager' | 'prometheus';
  /** Empty: the Prometheus. */
  name: string;
  state: PollState;
  polled_at: string | null;
  ok_at: string | null;
  error: string | null;
  version: string | null;
  cluster: string | null;
  /** Members of the cluster that it sees. */
  peers: number | null;
  /** By how much its clock is ahead of ours. */
  skew_ms: number | null;
  alerts: number | null;
}

/** What a poll found and no post had brought. */
export interface Finding {
  kind: 'missed_alert' | 'missed_resolve';
  fingerprint: string;
  labels: Labels;
  since: string;
  found_at: string;
}

export interface ConsistentSource {
  name: string;
  site: string;
  kind: SourceKind;
  last_post_at: string | null;
  quiet: boolean;
  posts_per_minute: number;
  /** Alerts that it reported first in the last 24 hours; `shared`: those that others reported too. */
  reported: number;
  shared: number;
  /** What its like reported and it did not. */
  lacking: number;
  median_delay_ms: number | null;
  worst_delay_ms: number | null;
  missed_alerts: number;
  missed_resolves: number;
  findings: Finding[];
  receivers: string[];
  members: PolledMember[];
}

export interface Consistency {
  from: string;
  to: string;
  sources: ConsistentSource[];
}
