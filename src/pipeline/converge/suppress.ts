import type { Lane } from '../../alert/alert.ts';
import type { Silence } from '../../alert/config.ts';
import type { Labels } from '../../alert/labels.ts';
import type { Reason } from '../../alert/reason.ts';
import { activityOf, intervalInForce } from '../../alert/silence.ts';
import { matchesAll } from '../../matcher/compile.ts';

/** Why nobody is told of an alert just now, and when that may end. */
export interface Suppression {
  reason: Reason;
  /** When to look again: what suppresses it ends or pauses then. */
  until: Date;
  /** What suppresses it. */
  by: Silence;
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
  let longest: { by: Silence; until: Date } | null = null;
  for (const by of silences) {
    const { active, until } = activityOf(by, now);
    if (!active || until === null) continue;
    if (longest !== null && until <= longest.until) continue;
    if (covers(by, alert.labels)) longest = { by, until };
  }
  return longest && { reason: 'silenced', ...longest };
}

/** A silence that hides nothing now and will at that moment. */
export interface Beginning {
  by: Silence;
  at: Date;
}

/** The silences that begin, or go on after a pause, the next first. */
export function beginningsOf(silences: readonly Silence[], now: Date): Beginning[] {
  return silences
    .flatMap((by): Beginning[] => {
      const { active, until } = activityOf(by, now);
      return active || until === null ? [] : [{ by, at: until }];
    })
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

/**
 * When the first of them will suppress an alert. Whatever is decided from then on finds it, so nothing depends on a look at
 * that moment; but *explain* shall say from when on nobody is told, and open pages shall show it.
 */
export function suppressedFrom(alert: { labels: Labels; lane: Lane }, beginnings: readonly Beginning[]): Date | null {
  if (alert.lane === 'watchdog') return null;
  return beginnings.find(({ by }) => covers(by, alert.labels))?.at ?? null;
}

/** Of an incident that many silences cover, so many are named. */
const namedAtMost = 5;

/** What *explain* shall know of the silences behind suppressions: which they are, by which time interval, until when. */
export function silencesIn(suppressions: readonly Suppression[], now: Date): Record<string, unknown>[] {
  const each = new Map(suppressions.map((s) => [s.by.id, s]));
  return [...each.values()].slice(0, namedAtMost).map(({ by, until }) => ({
    id: by.id,
    name: by.name,
    // Whole characters: the database takes no half of a surrogate pair.
    comment: [...by.comment].slice(0, 100).join(''),
    time_interval: intervalInForce(by, now),
    until,
  }));
}

function covers(silence: Silence, labels: Labels): boolean {
  return silence.matchers.some((set) => set.length > 0 && matchesAll(set, labels));
}
