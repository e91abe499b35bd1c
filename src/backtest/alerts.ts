/** The alerts of a replay: what is heard of them, and what a decision derives from that. */
import type { AlertState } from '../alert/alert.ts';
import type { Snapshot } from '../alert/config.ts';
import { deriveAlert, type ReporterFacts } from '../pipeline/dedupe/derive.ts';
import { inhibitableBy, inhibitsBy } from '../pipeline/inhibition.ts';
import { route } from '../pipeline/route/route.ts';
import type { PastAlert } from './history.ts';
import type { Incidents } from './incidents.ts';
import type { Inhibitions } from './inhibitions.ts';
import type { Replayed } from './world.ts';

/** One change of an alert, as it was heard of. */
export interface Heard {
  state: AlertState;
  since: Date;
  endedAt: Date | null;
}

/** An alert that nobody has heard of yet. Labels never change, so where it goes is worked out once. */
export function unheard(
  { fingerprint, labels, lane, pinnedGroup }: PastAlert,
  { snapshot, incidents, inhibitions }: { snapshot: Snapshot; incidents: Incidents; inhibitions: Inhibitions },
): Replayed {
  const long = new Date(0);
  const rules = snapshot.inhibitionRules;
  return {
    stored: {
      ...{ fingerprint, labels, lane, state: 'resolved', episode: 0, since: long, endedAt: null },
      ...{ changedAt: long, periods: [] },
    },
    ...{ reporter: null, news: false, inhibiting: false, incidents: new Set(), toldTo: new Set() },
    slots: incidents.slotsOf(route({ labels, lane, pinnedGroup }, snapshot)),
    inhibits: inhibitions.meetingsOf(inhibitsBy(rules, { labels, lane })),
    inhibitable: inhibitions.meetingsOf(inhibitableBy(rules, { labels, lane })),
  };
}

/**
 * Takes note of a change, as though all reporters of the alert were one.
 * @returns whether it begins to fire: then it has to be in an incident; else those that hold it are looked at
 */
export function hear(alert: Replayed, change: Heard): boolean {
  const before = alert.reporter;
  alert.reporter = reporterAfter(before, change);
  alert.news = true;
  const isBack = before !== null && !before.live && before.firingAt.getTime() === change.since.getTime();
  return change.state === 'firing' && !isBack;
}

function reporterAfter(before: ReporterFacts | null, { state, since, endedAt }: Heard): ReporterFacts {
  const resolvedAt = before?.resolvedAt ?? null;
  switch (state) {
    case 'firing':
      return {
        ...{ firingAt: since, live: true, expired: false },
        // Who ended later than that was another reporter.
        resolvedAt: endedAt !== null && endedAt.getTime() < since.getTime() ? endedAt : null,
      };
    case 'resolved':
      return { firingAt: since, resolvedAt: endedAt, live: true, expired: false };
    case 'stale':
      return { firingAt: since, resolvedAt, live: false, expired: false };
    case 'expired':
      return { firingAt: since, resolvedAt, live: false, expired: true };
  }
}

/** Derives the state of an alert for a decision. */
export function derive(alert: Replayed, now: Date): void {
  if (!alert.news || alert.reporter === null) return;
  alert.news = false;
  const { fingerprint, labels, lane } = alert.stored;
  alert.stored = { fingerprint, labels, lane, ...deriveAlert(alert.stored, [alert.reporter], now) };
}
