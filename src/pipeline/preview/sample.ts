import type { AlertTruth } from '../../alert/alert.ts';
import type { Snapshot } from '../../alert/config.ts';
import { type Labels, labelsOf } from '../../alert/labels.ts';
import type { GroupDraft } from '../../alert/preview.ts';
import { matchesAll } from '../../matcher/compile.ts';
import type { Matcher } from '../../matcher/matcher.ts';
import { type Difference, difference } from '../converge/difference.ts';
import type { Texts } from '../converge/load.ts';
import { composePart, kindOf, type Sender } from '../deliver/compose.ts';
import { route } from '../route/route.ts';
import type { DueIncident } from './words.ts';

/** An incident as a draft would make it. */
export interface DraftIncident {
  groupLabels: Labels;
  lane: 'normal' | 'watchdog';
  alerts: AlertTruth[];
}

/** An incident of one invented alert that the draft would get: what its equality matchers say, and little else. */
export function inventedIncident(
  draft: GroupDraft,
  after: Snapshot,
  now: Date,
  critical: readonly Matcher[],
): DraftIncident {
  const said = draft.group.matchers
    .filter((m) => m.op === '=' && m.value !== '')
    .map((m) => [m.name, m.value] as const);
  const labels = labelsOf(new Map([['alertname', 'Example'], ['severity', 'warning'], ...said]));
  const place = route(
    { labels, lane: 'normal', pinnedGroup: null },
    { ...after, groups: [{ ...draft.group, matchers: [] }] },
  );
  const truth: AlertTruth = {
    fingerprint: 'example',
    labels,
    state: 'firing',
    episode: 1,
    since: now,
    endedAt: null,
    changedAt: now,
    critical: matchesAll(critical, labels),
    suppressedBy: null,
    ...{ pendingUntil: null, continues: 1, keptUntil: null, flappingUntil: null },
  };
  return { groupLabels: place[0]?.groupLabels ?? labels, lane: 'normal', alerts: [truth] };
}

/** What a member who has been told nothing yet would be told of an incident. */
export function newsOf({ alerts }: DraftIncident, { group }: GroupDraft): Difference {
  return difference(alerts, { member: true, receipts: new Map() }, group.policy.sendResolved);
}

/** An incident on its way to being packed and worded. */
export function dueOf(
  { groupLabels, lane }: DraftIncident,
  facts: { news: Difference; draft: GroupDraft; texts: ReadonlyMap<string, Texts>; sender: Sender; number: number },
): DueIncident {
  const { news, draft, texts, sender, number } = facts;
  const part = composePart(
    {
      incidentId: String(number),
      group: draft.group.name,
      groupLabels,
      sequence: 1,
      kind: kindOf('opened', news, lane === 'watchdog'),
      difference: news,
      acknowledgedBy: null,
      escalatedAfterMs: null,
      texts,
    },
    sender,
  );
  return { id: part.incidentId, priority: lane === 'watchdog' ? 2 : part.critical ? 1 : 0, together: null, part };
}
