import type { Matcher } from '../matcher/matcher.ts';
import { type Truths, truthsOf } from '../pipeline/converge/incident.ts';
import type { Inhibitions } from './inhibitions.ts';
import type { Silenced } from './silences.ts';
import type { Incident } from './world.ts';

/** Finds the truth of incidents. */
export interface TruthFinder {
  of(incident: Incident, now: Date): Truths;
  /** The state of an alert has changed, and so may what it inhibits. */
  changed(): void;
}

/**
 * Every destination of an incident is decided and told at the same moment, some of them twice: what is true then is worked
 * out once, and from one moment to the next only of the alerts that have changed. An incident only ever gets more alerts, so
 * those that were seen keep their order.
 */
export function createTruths(parts: {
  silenced: (now: Date) => Silenced;
  inhibitions: Inhibitions;
  critical: readonly Matcher[];
}): TruthFinder {
  let changes = 0;

  function find({ alerts, group, seen }: Incident, now: Date): Truths {
    const gates = {
      inhibitions: parts.inhibitions.among(alerts),
      suppress: parts.silenced(now).suppress,
      critical: parts.critical,
    };
    const stored = [...alerts].map((alert) => alert.stored);
    return truthsOf(stored, group.policy, gates, now, seen?.truths);
  }

  return {
    changed() {
      changes += 1;
    },
    of(incident, now) {
      const { seen } = incident;
      const same =
        seen !== null &&
        seen.changes === changes &&
        seen.at === now.getTime() &&
        seen.truths.stored.length === incident.alerts.size;
      if (same) return seen.truths;
      const truths = find(incident, now);
      incident.seen = { at: now.getTime(), changes, truths };
      return truths;
    },
  };
}
