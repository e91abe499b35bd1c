/** The incidents of a replay: opened, reopened and joined as alerts come. Rule 7 of the design. */
import type { StoredAlert } from '../pipeline/converge/load.ts';
import { lookAt } from '../pipeline/route/place.ts';
import type { Placement } from '../pipeline/route/route.ts';
import { type Incident, never, type Replayed, type Slot } from './world.ts';

/** Keeps the incidents. */
export interface Incidents {
  /** Where an alert belongs; made once for each. */
  slotsOf(placements: readonly Placement[]): Slot[];
  /** Puts an alert that begins to fire into the incidents where it belongs; returns them, each marked. */
  place(alert: Replayed, now: Date): Incident[];
  /** Takes a closed one out of the way; it may be opened again. */
  closed(incident: Incident): void;
  /** The open one of an alert group and `group_by` values. */
  find(groupId: number, groupKey: string): Incident | undefined;
  /** How many have been opened. */
  opened(): number;
}

/** @param isCritical whether an alert is */
export function createIncidents(isCritical: (alert: StoredAlert) => boolean): Incidents {
  const slots = new Map<string, Slot>();
  let opened = 0;

  function slotOf(placement: Placement): Slot {
    const key = `${placement.group.id} ${placement.groupKey}`;
    const slot = slots.get(key) ?? { placement, newest: null };
    slots.set(key, slot);
    return slot;
  }

  function open(slot: Slot, { stored }: Replayed): Incident {
    const { group, groupKey } = slot.placement;
    opened += 1;
    const incident: Incident = {
      id: opened,
      group,
      groupKey,
      lane: stored.lane,
      alerts: new Set(),
      counted: new Map(),
      critical: false,
      escalation: { since: null, reached: 0 },
      lastFlushAt: null,
      acknowledgedAt: null,
      acknowledgedCritical: null,
      threads: new Map(),
      open: new Map(),
      closedAt: null,
      dueAt: never,
      markedAt: never,
      urgentAt: never,
      lookAgainAt: 0,
      queuedAt: never,
      waitsFor: new Set(),
      seen: null,
    };
    slot.newest = incident;
    return incident;
  }

  function reopen(incident: Incident): Incident {
    incident.closedAt = null;
    incident.acknowledgedAt = null;
    for (const alert of incident.alerts) alert.incidents.add(incident);
    return incident;
  }

  function held(slot: Slot, alert: Replayed, now: Date): Incident {
    const { newest, placement } = slot;
    if (newest === null) return open(slot, alert);
    if (newest.closedAt === null) return newest;
    const again = newest.closedAt > now.getTime() - placement.group.policy.groupIntervalMs;
    return again ? reopen(newest) : open(slot, alert);
  }

  return {
    slotsOf: (placements) => placements.map(slotOf),
    place(alert, now) {
      const startsAt = alert.reporter?.firingAt ?? now;
      const inhibits = alert.inhibits.length > 0;
      const urgent = isCritical(alert.stored);
      return alert.slots.map((slot) => {
        const incident = held(slot, alert, now);
        incident.alerts.add(alert);
        alert.incidents.add(incident);
        const at = lookAt({ lane: alert.stored.lane, startsAt }, slot.placement, { inhibits, now }).getTime();
        incident.markedAt = Math.min(incident.markedAt, at);
        if (urgent) incident.urgentAt = Math.min(incident.urgentAt, at);
        return incident;
      });
    },
    closed(incident) {
      for (const alert of incident.alerts) alert.incidents.delete(incident);
      incident.seen = null;
    },
    find(groupId, groupKey) {
      const found = slots.get(`${groupId} ${groupKey}`)?.newest ?? undefined;
      return found?.closedAt === null ? found : undefined;
    },
    opened: () => opened,
  };
}
