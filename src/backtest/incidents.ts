/** The incidents of a replay: opened, reopened and joined as alerts come. Rule 7 of the design. */
import { lookAt } from '../pipeline/route/place.ts';
import type { Placement } from '../pipeline/route/route.ts';
import { type Incident, never, type Replayed } from './world.ts';

/** Keeps the incidents. */
export interface Incidents {
  /** Puts an alert that begins to fire into the incidents where it belongs; returns them, each marked. */
  place(alert: Replayed, now: Date): Incident[];
  /** Takes a closed one out of the way; it may be opened again. */
  closed(incident: Incident): void;
  /** The open one of an alert group and `group_by` values. */
  find(groupId: number, groupKey: string): Incident | undefined;
  /** How many have been opened. */
  opened(): number;
}

export function createIncidents(): Incidents {
  /** The newest of each alert group and `group_by` values, open or closed. */
  const newest = new Map<string, Incident>();
  let opened = 0;

  function open(key: string, { group, groupKey }: Placement, { stored }: Replayed): Incident {
    opened += 1;
    const incident: Incident = {
      id: opened,
      group,
      groupKey,
      lane: stored.lane,
      alerts: new Set(),
      lastFlushAt: null,
      acknowledgedAt: null,
      acknowledgedCritical: null,
      threads: new Map(),
      open: new Map(),
      closedAt: null,
      dueAt: never,
      markedAt: never,
      lookAgainAt: 0,
      queuedAt: never,
      waitsFor: new Set(),
      seen: null,
    };
    newest.set(key, incident);
    return incident;
  }

  function reopen(incident: Incident): Incident {
    incident.closedAt = null;
    incident.acknowledgedAt = null;
    for (const alert of incident.alerts) alert.incidents.add(incident);
    return incident;
  }

  function held(placement: Placement, alert: Replayed, now: Date): Incident {
    const key = `${placement.group.id} ${placement.groupKey}`;
    const last = newest.get(key);
    if (last === undefined) return open(key, placement, alert);
    if (last.closedAt === null) return last;
    const again = last.closedAt > now.getTime() - placement.group.policy.groupIntervalMs;
    return again ? reopen(last) : open(key, placement, alert);
  }

  return {
    place(alert, now) {
      const startsAt = alert.reporter?.firingAt ?? now;
      const inhibits = alert.inhibits.length > 0;
      return alert.placements.map((placement) => {
        const incident = held(placement, alert, now);
        incident.alerts.add(alert);
        alert.incidents.add(incident);
        const at = lookAt({ lane: alert.stored.lane, startsAt }, placement, { inhibits, now }).getTime();
        incident.markedAt = Math.min(incident.markedAt, at);
        return incident;
      });
    },
    closed(incident) {
      for (const alert of incident.alerts) alert.incidents.delete(incident);
      incident.seen = null;
    },
    find(groupId, groupKey) {
      const found = newest.get(`${groupId} ${groupKey}`);
      return found?.closedAt === null ? found : undefined;
    },
    opened: () => opened,
  };
}
