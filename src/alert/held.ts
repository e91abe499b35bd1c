/** What an Alertmanager holds, as its API tells it. */
import type { Report } from './alert.ts';

/** One alert that an Alertmanager holds. */
export interface HeldAlert {
  /** It as its source would report it. */
  report: Report;
  /** Silenced or inhibited over there, or not decided yet: it is not posted. */
  active: boolean;
  /** Names of the receivers that its routes send it to. */
  receivers: readonly string[];
  /** How long ago, by the Alertmanager's own clock, it last heard of it. Null: it does not say. */
  ageMs: number | null;
}

/** The group of reports that come from polls and not from a post: see {@link Report.groupKey}. */
export const pollGroup = 'poll';
