import type { Lane } from '../../alert/alert.ts';
import type { Silence } from '../../alert/config.ts';
import type { Labels } from '../../alert/labels.ts';
import type { Reason } from '../../alert/reason.ts';

/** Why nobody is told of an alert just now, and when that may end. */
export interface Suppression {
  reason: Reason;
  until: Date;
  /** What suppresses it, for people. */
  by: string;
}

/**
 * Finds what suppresses an alert, or null. A watchdog alarm passes every gate (rule 11): nothing silences it.
 * Of several silences the one that lasts longest counts, so the incident is not looked at in between for nothing.
 */
export function suppression(
  alert: { labels: Labels; lane: Lane },
  silences: readonly Silence[],
  now: Date,
): Suppression | null {
  if (alert.lane === 'watchdog') return null;
  let longest: Silence | null = null;
  for (const silence of silences) {
    if (silence.startsAt > now || silence.endsAt <= now) continue;
    if (longest !== null && silence.endsAt <= longest.endsAt) continue;
    if (covers(silence, alert.labels)) longest = silence;
  }
  return longest && { reason: 'silenced', until: longest.endsAt, by: longest.id };
}

function covers(silence: Silence, labels: Labels): boolean {
  return silence.matchers.some((set) => set.length > 0 && set.every((m) => m.matches(labels[m.name] ?? '')));
}
