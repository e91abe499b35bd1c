import type { Lane } from '../../alert/alert.ts';
import type { Silence } from '../../alert/config.ts';
import type { Labels } from '../../alert/labels.ts';
import type { Reason } from '../../alert/reason.ts';
import { activityOf, intervalInForce } from '../../alert/silence.ts';
import type { Suppressor } from './gates.ts';
import { inhibitionsIn } from './inhibitors.ts';
import { indexSilences } from './silence-index.ts';

/** Why nobody is told of an alert just now, and when that may end. */
export interface Suppression {
  reason: 'silenced';
  /** When to look again: what suppresses it ends or pauses then. */
  until: Date;
  /** What suppresses it. */
  by: Silence;
}

/** An alert, as far as it matters for who is told of it. */
type Subject = Readonly<{ labels: Labels; lane: Lane }>;

/** Finds what suppresses an alert at one moment; null: nothing does. */
export type Suppress = (alert: Subject) => Suppression | null;

/**
 * What silences suppress at a moment, to be asked about many alerts. A watchdog alarm passes every gate (rule 11): nothing
 * silences it. Of several silences the one that lasts longest counts, so the incident is not looked at in between for nothing.
 */
export function suppressAt(silences: readonly Silence[], now: Date): Suppress {
  const active = silences.flatMap((by) => {
    const { active, until } = activityOf(by, now);
    return active && until !== null ? [{ by, until }] : [];
  });
  const index = indexSilences(active);
  return ({ labels, lane }) => {
    if (lane === 'watchdog' || active.length === 0) return null;
    let longest: { by: Silence; until: Date } | null = null;
    for (const found of index.matching(labels)) if (longest === null || found.until > longest.until) longest = found;
    return longest && { reason: 'silenced', ...longest };
  };
}

/** Every silence that hides an alert at a moment, to be asked about many alerts. */
export function silencedByAt(silences: readonly Silence[], now: Date): (alert: Subject) => Silence[] {
  const active = silences.filter((silence) => activityOf(silence, now).active);
  const index = indexSilences(active.map((by) => ({ by })));
  return ({ labels, lane }) => {
    if (lane === 'watchdog' || active.length === 0) return [];
    return [...new Set(index.matching(labels).map(({ by }) => by))];
  };
}

/**
 * When the first silence begins, or goes on after a pause, that hides an alert which none hides at this moment; null: none
 * will. Whatever is decided from then on finds it, so nothing depends on a look at that moment; but *explain* shall say
 * from when on nobody is told, and open pages shall show it.
 */
export function suppressedFrom(silences: readonly Silence[], now: Date): (alert: Subject) => Date | null {
  const coming = silences.flatMap((by) => {
    const { active, until } = activityOf(by, now);
    return active || until === null ? [] : [{ by, at: until }];
  });
  const index = indexSilences(coming);
  return ({ labels, lane }) => {
    if (lane === 'watchdog' || coming.length === 0) return null;
    let first: Date | null = null;
    for (const { at } of index.matching(labels)) if (first === null || at < first) first = at;
    return first;
  };
}

/** Of an incident that many silences cover, so many are named. */
const namedAtMost = 5;

/** Something that {@link suppressionsIn} tells of is why. */
export function isSuppressed(reason: Reason): boolean {
  return reason === 'silenced' || reason === 'inhibited' || reason === 'muted';
}

/** What *explain* shall know of what suppresses: the silences, the alerts that inhibit, the mute time. */
export function suppressionsIn(all: readonly Suppressor[], now: Date): Record<string, unknown> {
  const silences = all.flatMap((s) => (s.reason === 'silenced' ? s : []));
  const inhibitions = all.flatMap((s) => (s.reason === 'inhibited' ? s : []));
  const muted = all.find((s) => s.reason === 'muted');
  return {
    ...(silences.length > 0 ? { silences: silencesIn(silences, now) } : {}),
    ...(inhibitions.length > 0 ? { inhibited_by: inhibitionsIn(inhibitions) } : {}),
    ...(muted === undefined ? {} : { muted: { time_interval: muted.interval, until: muted.until } }),
  };
}

/** Which they are, by which time interval, until when. */
function silencesIn(suppressions: readonly Suppression[], now: Date): Record<string, unknown>[] {
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
