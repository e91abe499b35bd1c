/** Who inhibits whom in a replay: what `inhibitor` and `inhibited` are among the tables. */
import { labelValue } from '../alert/labels.ts';
import type { Inhibition } from '../pipeline/converge/inhibitors.ts';
import type { Place } from '../pipeline/inhibition.ts';
import type { Incident, Replayed } from './world.ts';

/** Keeps who inhibits whom. */
export interface Inhibitions {
  /** Where alerts with these places meet those that they inhibit, or that inhibit them. */
  meetingsOf(places: readonly Place[]): Meeting[];
  /**
   * Writes down whether an alert inhibits others from now on.
   * @returns the incidents that it inhibited, and nothing does now
   */
  note(alert: Replayed): Incident[];
  /** What inhibits some of these alerts, by fingerprint. */
  among(alerts: Iterable<Replayed>): ReadonlyMap<string, Inhibition>;
  /** Notes what an incident waits for; none when it is closed. */
  wait(incident: Incident, inhibitions: readonly Inhibition[]): void;
}

/** A place of a rule, with the alerts that inhibit there. */
export interface Meeting {
  place: Place;
  there: Inhibitors;
}

/** The alerts that inhibit in one place of a rule. */
interface Inhibitors {
  /** By fingerprint. */
  oneSide: Map<string, Replayed>;
  bothSides: Map<string, Replayed>;
}

export function createInhibitions(): Inhibitions {
  const places = new Map<string, Inhibitors>();
  const waiting = new Map<string, Set<Incident>>();

  function meetingOf(place: Place): Meeting {
    const key = `${place.rule.id} ${place.equalKey}`;
    const there = places.get(key) ?? { oneSide: new Map(), bothSides: new Map() };
    places.set(key, there);
    return { place, there };
  }

  function noteAt({ place, there }: Meeting, alert: Replayed, inhibits: boolean): void {
    const side = place.bothSides ? there.bothSides : there.oneSide;
    if (inhibits) side.set(alert.stored.fingerprint, alert);
    else side.delete(alert.stored.fingerprint);
  }

  function freed({ place: { rule, equalKey }, there }: Meeting): Incident[] {
    return [true, false].flatMap((bothSides) => {
      const all = waiting.get(waitKey({ rule, equalKey, bothSides })) ?? [];
      return inhibitor(there, bothSides) === null ? [...all] : [];
    });
  }

  /** The first rule that fits. */
  function inhibitionOf({ inhibitable }: Replayed): Inhibition | null {
    for (const { place, there } of inhibitable) {
      const by = inhibitor(there, place.bothSides);
      if (by === null) continue;
      const { fingerprint, labels } = by.stored;
      return { reason: 'inhibited', place, inhibitor: fingerprint, inhibitorName: labelValue(labels, 'alertname') };
    }
    return null;
  }

  function forget(incident: Incident): void {
    for (const key of incident.waitsFor) waiting.get(key)?.delete(incident);
    incident.waitsFor.clear();
  }

  return {
    meetingsOf: (all) => all.map(meetingOf),
    note(alert) {
      const inhibits = alert.stored.state === 'firing';
      if (inhibits === alert.inhibiting || alert.inhibits.length === 0) return [];
      alert.inhibiting = inhibits;
      for (const meeting of alert.inhibits) noteAt(meeting, alert, inhibits);
      return inhibits ? [] : alert.inhibits.flatMap(freed);
    },
    among(alerts) {
      const found = new Map<string, Inhibition>();
      for (const alert of alerts) {
        const by = alert.inhibitable.length === 0 ? null : inhibitionOf(alert);
        if (by !== null) found.set(alert.stored.fingerprint, by);
      }
      return found;
    },
    wait(incident, inhibitions) {
      forget(incident);
      for (const { place } of inhibitions) {
        const key = waitKey(place);
        incident.waitsFor.add(key);
        waiting.set(key, (waiting.get(key) ?? new Set()).add(incident));
      }
    },
  };
}

/** Alerts that match both sides do not inhibit each other. */
function inhibitor(there: Inhibitors, bothSides: boolean): Replayed | null {
  return first(there.oneSide) ?? (bothSides ? null : first(there.bothSides));
}

function first(all: ReadonlyMap<string, Replayed>): Replayed | null {
  for (const one of all.values()) return one;
  return null;
}

function waitKey({ rule, equalKey, bothSides }: Place): string {
  return `${rule.id} ${equalKey} ${bothSides}`;
}
