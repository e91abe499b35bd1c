/** What is between an alert and whoever is to be told of it. Pure. */
import type { AlertTruth } from '../../alert/alert.ts';
import type { Policy } from '../../alert/config.ts';
import { type Muted, mutedAt } from '../../alert/mute-time.ts';
import { matchesAll } from '../../matcher/compile.ts';
import type { Matcher } from '../../matcher/matcher.ts';
import { flappingUntil, spellsOf } from './flapping.ts';
import type { Inhibition } from './inhibitors.ts';
import type { StoredAlert } from './load.ts';
import type { Suppress, Suppression } from './suppress.ts';

/** The gates that are the same for every alert group. */
export interface Gates {
  /** By fingerprint. */
  inhibitions: ReadonlyMap<string, Inhibition>;
  suppress: Suppress;
  critical: readonly Matcher[];
}

/** Its alert group tells nobody just now. */
export type MuteTime = Muted & { reason: 'muted' };

/** Everything that can suppress an alert. */
export type Suppressor = Inhibition | Suppression | MuteTime;

/** The gates of one alert group at one moment. */
export interface GroupGates extends Pick<Policy, 'forMs' | 'keepFiringForMs' | 'flapping'> {
  muted: MuteTime | null;
  now: Date;
}

/** What the policy of an alert group puts between its alerts and its members now. */
export function gatesOf(policy: Policy, now: Date): GroupGates {
  const muted = mutedAt(policy, now);
  const { forMs, keepFiringForMs, flapping } = policy;
  return { muted: muted && { reason: 'muted', ...muted }, forMs, keepFiringForMs, flapping, now };
}

/** No alert group's policy in between: what a draft is shown of. */
export function ungated(now: Date): GroupGates {
  return { muted: null, forMs: 0, keepFiringForMs: 0, flapping: null, now };
}

/**
 * The truth of a stored alert at the moment of its gates, in their order (rule 10), and what suppresses it. An alarm of the
 * watchdog passes them all (rule 11).
 *
 * @param before what was true of the same stored alert earlier, by the same policy: it is the answer where it cannot have changed
 */
export function truthOf(
  alert: StoredAlert,
  gates: Gates,
  group: GroupGates,
  before?: AlertTruth,
): { truth: AlertTruth; by: Suppressor | null } {
  const watchdog = alert.lane === 'watchdog';
  const by = gates.inhibitions.get(alert.fingerprint) ?? gates.suppress(alert) ?? (watchdog ? null : group.muted);
  const suppressedBy = by?.reason ?? null;
  if (before !== undefined && before.suppressedBy === suppressedBy && isSettled(before)) return { truth: before, by };
  const critical = watchdog || matchesAll(gates.critical, alert.labels);
  const { fingerprint, labels, state, episode, since, endedAt } = alert;
  const seen = seenBy(watchdog ? ungated(group.now) : group, alert);
  // What is added to a copy costs more than all the rest of it, so the copy comes last.
  return { truth: { fingerprint, labels, state, episode, since, endedAt, critical, suppressedBy, ...seen }, by };
}

/** Nothing of it changes only because time goes by: what lies in the past stays there. */
function isSettled({ pendingUntil, keptUntil, flappingUntil }: AlertTruth): boolean {
  return pendingUntil === null && keptUntil === null && flappingUntil === null;
}

type Seen = Pick<AlertTruth, 'changedAt' | 'pendingUntil' | 'continues' | 'keptUntil' | 'flappingUntil'>;

/** What an alert group's policy makes of when an alert began and ended. */
function seenBy({ forMs, keepFiringForMs, flapping, now }: GroupGates, alert: StoredAlert): Seen {
  const fires = alert.state === 'firing';
  const ripeMs = alert.since.getTime() + forMs;
  const ended = alert.state === 'resolved' || alert.state === 'expired';
  const keptMs = ended && alert.endedAt !== null ? alert.endedAt.getTime() + keepFiringForMs : 0;
  const spells = keepFiringForMs > 0 || flapping !== null ? spellsOf(alert, keepFiringForMs) : [];
  return {
    // Nobody could be told before it was ripe, so for whoever asks what has changed it began then.
    changedAt: fires && ripeMs > alert.changedAt.getTime() ? new Date(ripeMs) : alert.changedAt,
    pendingUntil: fires && ripeMs > now.getTime() ? new Date(ripeMs) : null,
    continues: spells.at(-1)?.episode ?? alert.episode,
    keptUntil: keptMs > now.getTime() ? new Date(keptMs) : null,
    flappingUntil: flapping && flappingUntil(spells, flapping, now),
  };
}
