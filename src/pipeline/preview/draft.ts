import type { AlertGroup, Snapshot } from '../../alert/config.ts';
import type { Change, GroupDraft } from '../../alert/preview.ts';
import { matchesAll } from '../../matcher/compile.ts';
import { type Placement, type Routable, route } from '../route/route.ts';

/** The configuration as it would be with a draft in the place of what it replaces. */
export function withDraft(snapshot: Snapshot, { group, replaces, position }: GroupDraft): Snapshot {
  const { builtin } = group;
  if (builtin !== null) return { ...snapshot, builtin: { ...snapshot.builtin, [builtin]: group } };
  const others = snapshot.groups.filter((g) => g.name !== replaces);
  return { ...snapshot, groups: [...others.slice(0, position), group, ...others.slice(position)] };
}

/** Where an alert goes today, and where it would go. */
export interface Judgement {
  today: AlertGroup[];
  after: AlertGroup[];
  /** Its place in the draft, null when the draft does not get it. */
  place: Placement | null;
  /** Null: the draft has nothing to do with it. */
  change: Change | null;
}

/** Compares where an alert goes with and without the draft, with the same code that routes. */
export function judge(alert: Routable, today: Snapshot, after: Snapshot, draft: GroupDraft): Judgement {
  const before = route(alert, today).map((p) => p.group);
  const placed = route(alert, after);
  const place = placed.find((p) => p.group === draft.group) ?? null;
  const had = before.some((g) => g.name === draft.replaces);
  return { today: before, after: placed.map((p) => p.group), place, change: changeOf(alert, { had, place, draft }) };
}

function changeOf(
  { labels, lane, pinnedGroup }: Routable,
  { had, place, draft }: { had: boolean; place: Placement | null; draft: GroupDraft },
): Change | null {
  if (place !== null) return had ? 'keeps' : 'gains';
  if (had) return 'loses';
  if (lane === 'watchdog' || pinnedGroup !== null || draft.group.builtin !== null) return null;
  return matchesAll(draft.group.matchers, labels) ? 'shadowed' : null;
}
