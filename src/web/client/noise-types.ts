/** The noise report as the API has it. A test compares these with the schemas of the server. */
import type { Builtin, Policy } from './alert-group-types.ts';

export type NoiseSince = '1d' | '7d' | '14d';

/** What a proposal changes, and what a backtest takes to try it. */
interface Draft {
  policy: Partial<Policy>;
  alert_group: { key: string; draft: Record<string, unknown> };
}

export type Proposal = Draft &
  (
    | { kind: 'for'; for: string; shorter: number; told: number; criticals: { later: number; never: number } }
    | {
        kind: 'flapping';
        changes: number;
        within: string;
        quick_changes: number;
        alerts: number;
        criticals: { never: number };
      }
    | { kind: 'group_by'; group_by: string[]; drops: string[]; incidents: number; after: number }
  );

/** One alert name in one alert group. */
export interface NoiseRow {
  alert_group: string;
  builtin: Builtin | null;
  /** Its file has to be changed. */
  managed: boolean;
  alertname: string;
  messages: number;
  incidents: number;
  acknowledged: number;
  episodes: number;
  ended: number;
  median_seconds: number | null;
  /** Those that ended within two minutes. */
  short: number;
  proposals: Proposal[];
}

export interface NoiseReport {
  from: string;
  to: string;
  rows: NoiseRow[];
}
