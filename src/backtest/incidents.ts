/** The incidents of a replay: opened, reopened and joined as alerts come. Rule 7 of the design. */
import type { StoredAlert } from '../pipeline/converge/load.ts';
import { lookAt } from '../pipeline/route/place.ts';
import type { Placement } from '../pipeline/route/route.ts';
import { type Incident, never, type Replayed, type Slot } from './world.ts';

/** Keeps the incidents. */
export interface Incidents {
  /** Where an alert belongs; made once for each. */
  slotsOf(placements: readonly Placement[]): Slot[];
  /** Puts alerts that begin to fire at the same moment into the incidents where they belong; returns them, each marked. */
  place(alerts: Iterable<Replayed>, now: Date): Set<Incident>;
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
    const order = `${String(placement.group.id).padStart(10, '0')} ${placement.groupKey}`;
    const slot = slots.get(key) ?? { placement, order, newest: null };
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
    incident.acknowledgedCritical = null;
    incident.escalation = { since: null, reached: 0 };
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

  function join(slot: Slot, alert: Replayed, now: Date): Incident {
    const incident = held(slot, alert, now);
    incident.alerts.add(alert);
    alert.incidents.add(incident);
    const arrival = { lane: alert.stored.lane, startsAt: alert.reporter?.firingAt ?? now };
    const at = lookAt(arrival, slot.placement, { inhibits: alert.inhibits.length > 0, now }).getTime();
    incident.markedAt = Math.min(incident.markedAt, at);
    if (isCritical(alert.stored)) incident.urgentAt = Math.min(incident.urgentAt, at);
    return incident;
  }

  return {
    slotsOf: (placements) => placements.map(slotOf),
    place(alerts, now) {
      const wanted = [...alerts].flatMap((alert) => alert.slots.map((slot) => ({ alert, slot })));
      wanted.sort((a, b) => (a.slot.order < b.slot.order ? -1 : Number(a.slot.order > b.slot.order)));
      return new Set(wanted.map(({ alert, slot }) => join(slot, alert, now)));
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
