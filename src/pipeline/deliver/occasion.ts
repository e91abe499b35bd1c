import type { Snapshot } from '../../alert/config.ts';
import type { Labels } from '../../alert/labels.ts';
import type { Occasion, TopLabel } from '../../alert/message.ts';
import type { Queryable } from '../../store/db.ts';
import type { Difference } from '../converge/difference.ts';
import { digestKey, quietKey, slotsOf, stormGroupOf } from '../converge/hold.ts';
import { type StormState, stormAt } from '../converge/storm.ts';
import { loadStorms } from '../converge/storms.ts';

/** What a message carries, as far as it says why it is one. */
export type Carried = readonly { together: string | null; difference: Difference }[];

/** Finds out why messages tell of much at once. */
export async function occasionsOf(
  tx: Queryable,
  snapshot: Snapshot,
  messages: readonly Carried[],
  now: Date,
): Promise<(carried: Carried) => Occasion | null> {
  const groups = messages.flatMap((carried) => stormGroupOf(sharedKey(carried) ?? '') ?? []);
  const storms = groups.length === 0 ? new Map<number, StormState>() : await loadStorms(tx, [...new Set(groups)]);
  return (carried) => {
    const key = sharedKey(carried);
    if (key === null) return null;
    if (key === quietKey) return { kind: 'quiet_hours' };
    if (key === digestKey) return { kind: 'digest' };
    const id = stormGroupOf(key);
    if (id === null) return null;
    return stormOf(snapshot, { id, state: storms.get(id) ?? null, carried, now });
  };
}

/** The key that all of a message share; a message that the rate has merged has none. */
export function sharedKey(carried: readonly { together: string | null }[]): string | null {
  const keys = new Set(carried.map((one) => one.together));
  return keys.size === 1 ? ([...keys][0] ?? null) : null;
}

function stormOf(
  snapshot: Snapshot,
  { id, state, carried, now }: { id: number; state: StormState | null; carried: Carried; now: Date },
): Occasion | null {
  const group = snapshot.groupsById.get(id);
  const slots = group && slotsOf(group.policy);
  if (state === null || !group || !slots) return null;
  const { beganAt: since, endedAt: until, alerts } = stormAt(state, slots, now);
  if (since === null) return null;
  return {
    kind: 'storm',
    group: group.name,
    since,
    until,
    alerts,
    intervalMs: slots.intervalMs,
    top: topLabels(carried.flatMap(({ difference }) => difference.fresh.map((alert) => alert.labels))),
  };
}

const labelsAtMost = 3;
const valuesAtMost = 5;

/**
 * What most of these have in common: the name of the alert first, then the labels whose few values say most. A label that all
 * share with the same value, or that nearly each has its own value of, says nothing.
 */
export function topLabels(all: readonly Labels[]): TopLabel[] {
  const counts = new Map<string, Map<string, number>>();
  for (const labels of all) {
    for (const [name, value] of Object.entries(labels)) {
      const values = counts.get(name) ?? new Map<string, number>();
      counts.set(name, values.set(value, (values.get(value) ?? 0) + 1));
    }
  }
  const telling = [...counts].filter(([name, { size }]) => name !== 'alertname' && size > 1 && size <= all.length / 2);
  const best = telling
    .map(([name, values]) => topOf(name, values, all.length))
    .sort((a, b) => a.others - b.others || (a.label < b.label ? -1 : 1));
  const names = counts.get('alertname');
  return [...(names === undefined ? [] : [topOf('alertname', names, all.length)]), ...best].slice(0, labelsAtMost);
}

function topOf(label: string, values: ReadonlyMap<string, number>, total: number): TopLabel {
  const top = [...values].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, valuesAtMost);
  return { label, values: top, others: total - top.reduce((sum, [, count]) => sum + count, 0) };
}
