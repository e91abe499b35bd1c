/** The storms of a replay: what `storm` and `incident_alert.counted_episode` are among the tables. */
import type { AlertGroup } from '../alert/config.ts';
import type { Truths } from '../pipeline/converge/incident.ts';
import type { StormState } from '../pipeline/converge/storm.ts';
import { begunIn, type Counted, counts, mayCount, stormsAfter } from '../pipeline/converge/storms.ts';
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
      const after = stormsAfter(groups, { before: states, begun: begunIn(uncounted(concerned, now)) }, now);
      for (const [id, state] of after) states.set(id, state);
    },
    of: ({ id }) => states.get(id) ?? null,
  };
}

/** Alerts that count and did not before; from here on they did. */
function uncounted(concerned: readonly Counting[], now: Date): Pick<Counted, 'groupId' | 'alert'>[] {
  const found: Pick<Counted, 'groupId' | 'alert'>[] = [];
  for (const { incident, alerts } of concerned) {
    const { group, counted } = incident;
    for (const alert of alerts) {
      const { fingerprint, episode } = alert;
      if (!counts(alert, group, now) || (counted.get(fingerprint) ?? -1) >= episode) continue;
      counted.set(fingerprint, episode);
      found.push({ groupId: group.id, alert });
    }
  }
  return found;
}
