import { hash } from 'node:crypto';
import type { Lane } from '../../alert/alert.ts';
import type { AlertGroup, Snapshot } from '../../alert/config.ts';
import { type Labels, labelsOf, labelValue, pickLabels } from '../../alert/labels.ts';
import type { Reason } from '../../alert/reason.ts';
import { matchesAll } from '../../matcher/compile.ts';

/** Where an alert goes: one incident of one alert group. */
export interface Placement {
  group: AlertGroup;
  groupLabels: Labels;
  /** Hash of the lane and the values of `group_by`: names the incident within its alert group. */
  groupKey: string;
  reason: Extract<Reason, 'matched' | 'unrouted' | 'pinned'>;
}

/** What routing needs to know of an alert. */
export interface Routable {
  labels: Labels;
  lane: Lane;
  pinnedGroup: string | null;
}

/** The same heartbeat lost from several sources is one incident (rule 11). */
const watchdogGroupBy = ['alertname', 'heartbeat'] as const;

/**
 * Which alert groups does it match? In order, the first match wins unless it says `continue`; what nothing matches
 * goes to the built-in `unrouted` group, so no alert is lost.
 */
export function route(alert: Routable, snapshot: Snapshot): Placement[] {
  if (alert.pinnedGroup !== null || alert.lane === 'watchdog') {
    return [place(alert, pinnedGroup(alert, snapshot), 'pinned')];
  }
  const placements: Placement[] = [];
  for (const group of snapshot.groups) {
    if (!matchesAll(group.matchers, alert.labels)) continue;
    placements.push(place(alert, group, 'matched'));
    if (!group.continue) break;
  }
  return placements.length > 0 ? placements : [place(alert, snapshot.builtin.unrouted, 'unrouted')];
}

function pinnedGroup(alert: Routable, snapshot: Snapshot): AlertGroup {
  const named = [...snapshot.groups, ...Object.values(snapshot.builtin)].find((g) => g.name === alert.pinnedGroup);
  return named ?? (alert.lane === 'watchdog' ? snapshot.builtin.watchdog : snapshot.builtin.self);
}

/** In a storm the same few places come again and again, and making one costs more than the rest of routing. */
const places = new WeakMap<AlertGroup, Map<string, Placement>>();
const placesKept = 10_000;

function place(alert: Routable, group: AlertGroup, reason: Placement['reason']): Placement {
  const groupBy = alert.lane === 'watchdog' ? watchdogGroupBy : group.policy.groupBy;
  // Each of these places is of one alert, and may be as long as its labels; those come from the database in another order.
  if (groupBy.includes('...')) return makePlace(alert.lane, group, labelsOf(Object.entries(alert.labels)), reason);
  let key = `${reason} ${alert.lane}`;
  // A label holds no NUL.
  for (const name of groupBy) key += `\0${labelValue(alert.labels, name)}`;
  const known = places.get(group)?.get(key);
  return known ?? keepPlace(key, makePlace(alert.lane, group, pickLabels(alert.labels, groupBy), reason));
}

function keepPlace(key: string, place: Placement): Placement {
  const kept = places.get(place.group);
  if (kept === undefined || kept.size >= placesKept) places.set(place.group, new Map([[key, place]]));
  else kept.set(key, place);
  return place;
}

function makePlace(lane: Lane, group: AlertGroup, groupLabels: Labels, reason: Placement['reason']): Placement {
  const text = JSON.stringify([lane, Object.entries(groupLabels)]);
  return { group, groupLabels, groupKey: hash('sha256', text).slice(0, 32), reason };
}
