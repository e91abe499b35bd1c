/** Other sites that this one watches, as the API answers them. */
import type { HeartbeatState, Kept } from './types.ts';

export type PeerState = 'unknown' | 'up' | 'suspect' | 'down' | 'leaving';
/** What a silence was found to mean. */
export type PeerVerdict = 'down' | 'road' | 'cut_off';
export type ThirdSays = 'reaches' | 'does_not' | 'no_answer';
export type WayOut = 'open' | 'closed' | 'unknown';

export interface Peer extends Kept {
  name: string;
  url: string;
  state: PeerState;
  verdict: PeerVerdict | null;
  since: string | null;
  /** Names of the alarms about it that are out. */
  told: string[];
  evidence: PeerEvidence;
  status: PeerStatus | null;
  /** Null: not known. */
  config_match: boolean | null;
  clock_offset_ms: number | null;
}

export interface PeerEvidence {
  last_ok_at: string | null;
  last_probe_at: string | null;
  last_error: string | null;
  misses: number;
  third: { peer: string; says: ThirdSays }[];
  self: { at: string; lag_ms: number; database: boolean; way_out: WayOut } | null;
}

/** What it last said of itself. */
export interface PeerStatus {
  site: string;
  version: string;
  started_at: string;
  ready: boolean;
  not_ready: string[];
  queue: { due_since: string | null };
  channels: { name: string; last_success_at: string | null; last_failure_at: string | null }[];
  sources: { name: string; last_post_at: string | null }[];
  heartbeats: { name: string; source: string | null; state: HeartbeatState; last_beat_at: string | null }[];
  leaving: { since: string; back_by: string } | null;
  peers: { name: string; state: PeerState; verdict: PeerVerdict | null }[];
}
