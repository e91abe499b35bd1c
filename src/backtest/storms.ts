/** The storms of a replay: what `storm` and `incident_alert.counted_episode` are among the tables. */
import type { AlertGroup } from '../alert/config.ts';
import type { Truths } from '../pipeline/converge/incident.ts';
import type { Begun, StormState } from '../pipeline/converge/storm.ts';
import { counts, mayCount, stormsAfter } from '../pipeline/converge/storms.ts';
import type { Incident } from './world.ts';

/** An incident that is being decided. */
export interface Counting {
  incident: Incident;
  alerts: Truths['alerts'];
}

/** Keeps the storms. */
export interface Storms {
  /** Counts what has begun in incidents that are decided together, each episode once in each incident. */
  count(together: readonly Counting[], now: Date): void;
  /** Null: its policy knows no storms, or nothing has been counted. */
  of(group: AlertGroup): StormState | null;
}

export function createStorms(): Storms {
  const states = new Map<number, StormState>();

  return {
    count(together, now) {
      const concerned = together.filter(({ incident }) => mayCount(incident));
      if (concerned.length === 0) return;
      const groups = [...new Set(concerned.map(({ incident }) => incident.group))];
      const after = stormsAfter(groups, { before: states, begun: begunIn(concerned, now) }, now);
      for (const [id, state] of after) states.set(id, state);
    },
    of: ({ id }) => states.get(id) ?? null,
  };
}

function begunIn(concerned: readonly Counting[], now: Date): Map<number, Begun> {
  const begun = new Map<number, Begun>();
  for (const { incident, alerts } of concerned) {
    const { group, counted } = incident;
    for (const alert of alerts) {
      const { fingerprint, episode, since } = alert;
      if (!counts(alert, group, now) || (counted.get(fingerprint) ?? -1) >= episode) continue;
      counted.set(fingerprint, episode);
      const known = begun.get(group.id);
      const first = known === undefined || since < known.since ? since : known.since;
      begun.set(group.id, { alerts: (known?.alerts ?? 0) + 1, since: first });
    }
  }
  return begun;
}
