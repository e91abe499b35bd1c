/** What do posts lack that polls show? Pure. */
import type { HeldAlert } from '../alert/held.ts';

/** What a poll may find: an alert that was not posted, or an end that was not. */
export type FindingKind = 'missed_alert' | 'missed_resolve';

/** A reporter of the source that fires, as it is stored. */
export interface Reporting {
  /** Of the full labels. */
  fingerprint: string;
  firingAt: Date;
  lastSeen: Date;
  /** Its alert has ended although it fires: it has not been repeated for too long. */
  ended: boolean;
  /** Polls have reported it, and no post since. */
  polled: boolean;
}

/** Something that does not fit together, and since when. */
export interface Watched {
  kind: FindingKind;
  fingerprint: string;
  /** The first poll that showed it. */
  since: Date;
  /** Polls in a row that showed it. */
  polls: number;
}

/** One round of polls of a source, beside what is stored of it. Heartbeats are left out: a poll is no beat. */
export interface ReconcileFacts {
  /** What the members that answered hold, by fingerprint of the full labels. */
  held: ReadonlyMap<string, Pick<HeldAlert, 'active' | 'receivers'>>;
  /** At least one member answered. */
  answered: boolean;
  /** Every member of the cluster answered, and can be believed when it does not hold something. */
  complete: boolean;
  /** Those that fire, by fingerprint. */
  reporting: ReadonlyMap<string, Reporting>;
  watched: readonly Watched[];
  /** Receivers by which the source posts here. */
  receivers: ReadonlySet<string>;
  /** The source posts nothing any more. */
  quiet: boolean;
}

/** How long something has to last before it is believed. */
export interface ReconcileRules {
  /** A group's `group_wait` or `group_interval` may pass before it is posted. */
  graceMs: number;
  polls: number;
  /** So much is found, and so much repeated, by one round: the rest by the next. */
  atMost: number;
}

/** What to do. */
export interface Reconciled {
  /** To be reported as firing, or as resolved at `since`. */
  found: Watched[];
  /** Fingerprints of what is held and no post repeats: to be reported once more. */
  repeat: string[];
  /** What is watched from now on. */
  watched: Watched[];
  /** Something was left for the next round. */
  cut: boolean;
}

/** What nobody posts is repeated this often: well before it would count as no longer reported. */
const repeatAfterMs = 10 * 60_000;

/**
 * Alertmanager posts what is active and routed to a receiver of ours; so that is missed when no reporter says it. An end is
 * missed when a reporter fires that no member holds. Both only after they have lasted: a post may be on its way.
 */
export function reconcile(facts: ReconcileFacts, rules: ReconcileRules, now: Date): Reconciled {
  const watched = [...missedAlerts(facts, now), ...missedResolves(facts, now)];
  const isDue = ({ since, polls }: Watched) => polls >= rules.polls && now.getTime() - since.getTime() >= rules.graceMs;
  const due = watched.filter(isDue);
  const repeat = facts.answered ? repeats(facts, now) : [];
  return {
    found: due.slice(0, rules.atMost),
    repeat: repeat.slice(0, rules.atMost),
    watched: [...watched.filter((one) => !isDue(one)), ...due.slice(rules.atMost)],
    cut: due.length > rules.atMost || repeat.length > rules.atMost,
  };
}

function missedAlerts({ held, reporting, receivers, ...facts }: ReconcileFacts, now: Date): Watched[] {
  if (!facts.answered) return [];
  const before = watchedOf(facts.watched, 'missed_alert');
  return [...held].flatMap(([fingerprint, alert]) => {
    const reported = reporting.get(fingerprint);
    if (reported !== undefined && !reported.ended) return [];
    if (!alert.active || !alert.receivers.some((name) => receivers.has(name))) return [];
    return [next('missed_alert', fingerprint, before.get(fingerprint), now)];
  });
}

function missedResolves({ held, reporting, ...facts }: ReconcileFacts, now: Date): Watched[] {
  if (!facts.complete) return [];
  const before = watchedOf(facts.watched, 'missed_resolve');
  return [...reporting.values()].flatMap((reporter) => {
    const { fingerprint, ended, firingAt, lastSeen } = reporter;
    if (ended || held.has(fingerprint)) return [];
    const known = before.get(fingerprint);
    // Somebody has said since then that it fires: that is newer than the poll.
    const isOld = known !== undefined && (firingAt > known.since || lastSeen > known.since);
    return [next('missed_resolve', fingerprint, isOld ? undefined : known, now)];
  });
}

function watchedOf(watched: readonly Watched[], kind: FindingKind): Map<string, Watched> {
  return new Map(watched.filter((one) => one.kind === kind).map((one) => [one.fingerprint, one]));
}

function next(kind: FindingKind, fingerprint: string, before: Watched | undefined, now: Date): Watched {
  return { kind, fingerprint, since: before?.since ?? now, polls: (before?.polls ?? 0) + 1 };
}

function repeats({ held, reporting, quiet }: ReconcileFacts, now: Date): string[] {
  return [...reporting.values()]
    .filter(({ fingerprint, ended, polled, lastSeen }) => {
      const old = now.getTime() - lastSeen.getTime() >= repeatAfterMs;
      return old && !ended && (polled || quiet) && held.get(fingerprint)?.active === true;
    })
    .map(({ fingerprint }) => fingerprint);
}

/** What a member says of itself, and when we first heard of its start. */
export interface MemberFacts {
  answered: boolean;
  cluster: string;
  peers: number;
  startedSeenAt: Date | null;
}

/** A member that has just started holds nothing yet: Prometheus repeats what fires within a minute or so. */
const startingMs = 5 * 60_000;

/**
 * Whether it means something that no member holds an alert: all members are asked, all have answered, none has just started,
 * and none sees a member that we do not know.
 *
 * @param unasked members without an address
 */
export function isComplete(members: readonly MemberFacts[], unasked: number, now: Date): boolean {
  if (members.length === 0 || unasked > 0) return false;
  return members.every(({ answered, cluster, peers, startedSeenAt }) => {
    const settled = startedSeenAt !== null && now.getTime() - startedSeenAt.getTime() >= startingMs;
    return answered && settled && (cluster === 'ready' || cluster === 'disabled') && peers <= members.length;
  });
}
