/** What people are told beside incidents, as it is stored: plain JSON, times in ISO 8601. */
import type { Labels } from './labels.ts';

/** An alert that a notice names. */
export interface NoticedAlert {
  labels: Labels;
  since: string;
  critical: boolean;
}

/** How many alerts fire, and some of them: critical ones first. */
export interface NoticedAlerts {
  total: number;
  critical: number;
  listed: NoticedAlert[];
}

/** A silence is about to end, or has ended by itself. */
export interface SilenceNotice {
  kind: 'silence_ends' | 'silence_ended';
  silence: { id: string; comment: string; matchers: string[]; endsAt: string };
  /** What fires that it hides, or hid. */
  firing: NoticedAlerts;
}

/** What a notice says. */
export type Notice = SilenceNotice;
