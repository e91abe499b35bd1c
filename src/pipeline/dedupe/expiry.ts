import { type Outage, observedMs } from '../../alert/outage.ts';

const minute = 60_000;
/** Until a group's rhythm is known. */
const unlearnedExpiryMs = 24 * 60 * minute;
/** Peers of one Alertmanager cluster may both post the same flush; such echoes teach nothing about its rhythm. */
const echoMs = 30_000;
/** An Alertmanager that restarts repeats early; so a rhythm counts only after several repeats, and never below this. */
const repeatsToLearn = 3;
export const shortestExpiryMs = 30 * minute;

/** How often one Alertmanager group is repeated when nothing changed. */
export interface Rhythm {
  lastPostAt: Date;
  longestGapMs: number;
  repeats: number;
}

/**
 * Of what polls report: as long as an Alertmanager holds it they repeat it every 10 minutes, so it has ended over there when
 * they do not for the shortest expiry.
 */
export const pollRhythm = { longestGapMs: 10 * minute, repeats: repeatsToLearn };

/** After how much observed silence a reporter of this group is "no longer reported" (rule 2). */
export function expiryMs(rhythm: Pick<Rhythm, 'longestGapMs' | 'repeats'> | null): number {
  if (rhythm === null || !isLearned(rhythm)) return unlearnedExpiryMs;
  return Math.max(shortestExpiryMs, 3 * rhythm.longestGapMs);
}

/**
 * How old a reporter's last-seen may become before a repeat rewrites it (rule 3): a quarter of the expiry. Before the
 * rhythm is learned that of the shortest expiry counts, or the post that teaches it would find the reporters of
 * its group already expired.
 */
export function rewriteAfterMs(rhythm: Pick<Rhythm, 'longestGapMs' | 'repeats'> | null): number {
  return (isLearned(rhythm) ? expiryMs(rhythm) : shortestExpiryMs) / 4;
}

function isLearned(rhythm: Pick<Rhythm, 'longestGapMs' | 'repeats'> | null): boolean {
  return rhythm !== null && rhythm.repeats >= repeatsToLearn;
}

/**
 * When to look again at a reporter that expires at `expires`. Its rhythm may be learned any time, and bring that nearer; so
 * until then it is looked at after each shortest expiry.
 */
export function lookAgainAt(expires: Date, rhythm: Pick<Rhythm, 'longestGapMs' | 'repeats'> | null, now: Date): Date {
  return isLearned(rhythm) ? expires : new Date(Math.min(expires.getTime(), now.getTime() + shortestExpiryMs));
}

/** Learns from one post of the group: only an unchanged repeat shows how long its Alertmanager stays silent. */
export function learn(before: Rhythm | null, now: Date, unchanged: boolean, outages: readonly Outage[]): Rhythm {
  if (before === null) return { lastPostAt: now, longestGapMs: 0, repeats: 0 };
  const gapMs = observedMs(before.lastPostAt, now, outages);
  if (!unchanged || gapMs < echoMs) return { ...before, lastPostAt: now };
  return { lastPostAt: now, longestGapMs: Math.max(before.longestGapMs, gapMs), repeats: before.repeats + 1 };
}

/** When a reporter that stays silent expires, were we never away again. */
export function expiresAt(lastSeen: Date, expiry: number, now: Date, outages: readonly Outage[]): Date {
  const leftMs = expiry - observedMs(lastSeen, now, outages);
  return new Date(now.getTime() + leftMs);
}
