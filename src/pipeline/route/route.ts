import { hash } from 'node:crypto';
import type { Lane } from '../../alert/alert.ts';
import type { AlertGroup, Snapshot } from '../../alert/config.ts';
import { type Labels, pickLabels } from '../../alert/labels.ts';
import type { Reason } from '../../alert/reason.ts';

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
    if (!group.matchers.every((m) => m.matches(alert.labels[m.name] ?? ''))) continue;
    placements.push(place(alert, group, 'matched'));
    if (!group.continue) break;
  }
  return placements.length > 0 ? placements : [place(alert, snapshot.builtin.unrouted, 'unrouted')];
}

function pinnedGroup(alert: Routable, snapshot: Snapshot): AlertGroup {
  const named = [...snapshot.groups, ...Object.values(snapshot.builtin)].find((g) => g.name === alert.pinnedGroup);
  return named ?? (alert.lane === 'watchdog' ? snapshot.builtin.watchdog : snapshot.builtin.self);
}

function place(alert: Routable, group: AlertGroup, reason: Placement['reason']): Placement {
  const groupBy = alert.lane === 'watchdog' ? watchdogGroupBy : group.policy.groupBy;
  const groupLabels = groupBy.includes('...') ? alert.labels : pickLabels(alert.labels, groupBy);
  return { group, groupLabels, groupKey: shortHash(JSON.stringify([alert.lane, Object.entries(groupLabels)])), reason };
}

/** In a storm the same few texts come again and again; hashing costs more than the rest of routing. */
const hashes = new Map<string, string>();
const hashesKept = 10_000;

function shortHash(text: string): string {
  const known = hashes.get(text);
  if (known !== undefined) return known;
  if (hashes.size >= hashesKept) hashes.clear();
  const made = hash('sha256', text).slice(0, 32);
  // With group_by '...' each text is of one alert, and may be as long as its labels.
  if (text.length < 1_000) hashes.set(text, made);
  return made;
}
