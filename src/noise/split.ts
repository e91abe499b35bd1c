/** Whether one trouble becomes many incidents, because `group_by` names what tells its alerts apart. Pure. */
import type { Labels } from '../alert/labels.ts';

/** When an incident opened, and the values of `group_by` that it stands for. */
export interface Opening {
  openedAt: Date;
  groupLabels: Labels;
}

/** Labels without which fewer incidents would have opened. */
export interface Split {
  /** What `group_by` would be. */
  groupBy: readonly string[];
  drops: readonly string[];
  incidents: number;
  /** So many would have opened instead. */
  after: number;
}

/** Incidents that open within that time of the first are of one moment: Alertmanagers wait half a minute, each for itself. */
const togetherMs = 60_000;

/** At most that share of the incidents may be left: what saves less is not worth a message that says less. */
const leftAtMost = 0.5;

/** Stands in every title: without it, nobody would see what an incident is about. */
const kept = 'alertname';

/**
 * Which label, or else which two, to drop from `group_by`: the fewest that help, and of those what leaves the fewest incidents.
 * Null: nothing helps.
 */
export function splitOf(openings: readonly Opening[], groupBy: readonly string[]): Split | null {
  const moments = momentsOf(openings);
  const incidents = openings.length;
  for (const choice of choicesOf(openings, groupBy)) {
    const judged = choice.map((drops) => ({ drops, after: incidentsWithout(moments, drops) }));
    const best = judged.reduce<(typeof judged)[number] | null>((a, b) => (a && a.after <= b.after ? a : b), null);
    if (best === null || best.after > incidents * leftAtMost) continue;
    const rest = groupBy.filter((name) => name !== '...' && !best.drops.includes(name));
    return { groupBy: rest.length > 0 ? rest : [kept], drops: best.drops, incidents, after: best.after };
  }
  return null;
}

/** What may be dropped: first each label alone, then each two. Of all labels (`...`) it is all but one. */
function choicesOf(openings: readonly Opening[], groupBy: readonly string[]): string[][][] {
  if (groupBy.includes('...')) {
    const names = new Set(openings.flatMap(({ groupLabels }) => Object.keys(groupLabels)));
    return [[[...names].filter((name) => name !== kept)]];
  }
  // What stands last is mostly the finest, and of equals the first wins.
  const names = groupBy.filter((name) => name !== kept).reverse();
  return [names.map((name) => [name]), names.flatMap((a, i) => names.slice(i + 1).map((b) => [b, a]))];
}

function momentsOf(openings: readonly Opening[]): Opening[][] {
  const moments: Opening[][] = [];
  for (const opening of [...openings].sort((a, b) => a.openedAt.getTime() - b.openedAt.getTime())) {
    const last = moments.at(-1);
    const first = last?.[0]?.openedAt.getTime() ?? Number.NEGATIVE_INFINITY;
    if (last !== undefined && opening.openedAt.getTime() - first <= togetherMs) last.push(opening);
    else moments.push([opening]);
  }
  return moments;
}

function incidentsWithout(moments: readonly Opening[][], drops: readonly string[]): number {
  const keyOf = ({ groupLabels }: Opening) =>
    JSON.stringify(
      Object.entries(groupLabels)
        .filter(([name]) => !drops.includes(name))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  return moments.reduce((sum, moment) => sum + new Set(moment.map(keyOf)).size, 0);
}
