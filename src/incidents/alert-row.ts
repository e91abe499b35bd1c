/** How an alert is read and shown. */
import { z } from 'zod';
import type { AlertState, Lane } from '../alert/alert.ts';
import type { Labels } from '../alert/labels.ts';
import { matchesAll } from '../matcher/compile.ts';
import type { Matcher } from '../matcher/matcher.ts';
import { isoOrNull, labels, time } from './fields.ts';

export const alertStates = ['firing', 'resolved', 'stale', 'expired'] as const;

/** An alert as lists show it. */
export const alertItem = z.object({
  fingerprint: z.string(),
  labels,
  annotations: labels.describe('Of the reporter that was heard last'),
  generator_url: z.string().nullable(),
  lane: z.enum(['normal', 'watchdog']),
  state: z.enum(alertStates),
  episode: z.int().describe('Counts firing periods; 0: reported, but not decided yet'),
  since: time.describe('Start of this episode'),
  ended_at: time.nullable(),
  changed_at: time.describe('When the last change was noticed'),
  first_seen: time,
  critical: z.boolean(),
});
export type AlertItem = z.infer<typeof alertItem>;

/** Columns of {@link AlertRow}, of `alert a`. */
export const alertColumns =
  'a.fingerprint, a.labels, a.lane, a.pinned_group, a.state, a.episode, a.since, a.ended_at, a.changed_at, a.first_seen';

export interface AlertRow extends Record<string, unknown> {
  fingerprint: string;
  labels: Labels;
  lane: Lane;
  pinned_group: string | null;
  state: AlertState;
  episode: number;
  since: Date;
  ended_at: Date | null;
  changed_at: Date;
  first_seen: Date;
}

/** What the reporter that was heard last says beside the labels. */
export interface LastHeard {
  annotations: Labels;
  generator_url: string | null;
}

export function alertItemOf(
  row: AlertRow,
  { heard, critical }: { heard: LastHeard | undefined; critical: readonly Matcher[] },
): AlertItem {
  return {
    fingerprint: row.fingerprint,
    labels: row.labels,
    annotations: heard?.annotations ?? {},
    generator_url: heard?.generator_url ?? null,
    lane: row.lane,
    state: row.state,
    episode: row.episode,
    since: row.since.toISOString(),
    ended_at: isoOrNull(row.ended_at),
    changed_at: row.changed_at.toISOString(),
    first_seen: row.first_seen.toISOString(),
    critical: row.lane === 'watchdog' || matchesAll(critical, row.labels),
  };
}
