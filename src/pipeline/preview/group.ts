/** What a draft of an alert group would do: loads, and lets pure code judge and word. */
import type { AlertTruth } from '../../alert/alert.ts';
import type { Snapshot } from '../../alert/config.ts';
import type { Change, GroupDraft, GroupPreview, PreviewedAlert, Tally } from '../../alert/preview.ts';
import type { Matcher } from '../../matcher/matcher.ts';
import type { Db } from '../../store/db.ts';
import { createTurns } from '../../turns.ts';
import { audienceOf } from '../converge/audience.ts';
import { truthOf, ungated } from '../converge/gates.ts';
import { loadTexts } from '../converge/load.ts';
import { suppressAt } from '../converge/suppress.ts';
import { listed, type Sender } from '../deliver/compose.ts';
import { judge, withDraft } from './draft.ts';
import { type DraftIncident, dueOf, inventedIncident, newsOf } from './sample.ts';
import { examine, type Kept } from './stored.ts';
import { alike, type Wording, wordFor } from './words.ts';

/** What previewing needs from the rest of the service. */
export interface PreviewParts {
  db: Db;
  snapshot: () => Promise<Snapshot>;
  now: () => Date;
  critical: readonly Matcher[];
  sender: Sender;
  /** Every channel that a contact or a robot can be reached by. */
  wordings: ReadonlyMap<string, Wording>;
  retentionMs: number;
}

const week = 7 * 24 * 3_600_000;
/** Alerts that are listed of each kind of change. */
const listedAtMost = 50;
/** Incidents that are worded; what comes after them would only be counted anyway. */
const incidentsAtMost = 200;
/** Languages and time zones that are worded. */
const wordedAtMost = 12;

const changes: readonly Change[] = ['gains', 'keeps', 'loses', 'shadowed'];
const none = (): Tally => ({ open: 0, ended: 0 });

/** Says which stored alerts a draft would get, who gets them today, and what its members would read. */
export async function previewGroup(parts: PreviewParts, draft: GroupDraft): Promise<GroupPreview> {
  const now = parts.now();
  const today = await parts.snapshot();
  const after = withDraft(today, draft);
  const seen = createSeen();
  const gates = { inhibitions: new Map(), suppress: suppressAt(today.silences, now), critical: parts.critical };
  const from = new Date(now.getTime() - week);
  const window = { from, to: now, kept: new Date(now.getTime() - parts.retentionMs) };
  const reach = await examine(parts.db, window, (alert) => {
    const judged = judge(alert, today, after, draft);
    if (judged.change !== null) seen.note(alert, truthOf(alert, gates, ungated(now)).truth, judged);
  });
  const { incidents, sample } = seen.sample() ?? {
    incidents: [inventedIncident(draft, after, now, parts.critical)],
    sample: 'example' as const,
  };
  const channels = await word(parts, draft, incidents, now);
  return { reach, ...seen.result(), sample, incidents: sample === 'open' ? incidents.length : 0, channels };
}

/** Gathers what is judged, within bounds. */
function createSeen() {
  const counts = Object.fromEntries(changes.map((c) => [c, none()])) as Record<Change, Tally>;
  const groups = new Map<string, { today: Tally; after: Tally }>();
  const alerts: PreviewedAlert[] = [];
  const listedOf = new Map<Change, number>();
  const open = new Map<string, DraftIncident>();
  let recent: { key: string; incident: DraftIncident } | null = null;

  function count(name: string, when: 'today' | 'after', kind: keyof Tally): void {
    const tallies = groups.get(name) ?? { today: none(), after: none() };
    groups.set(name, tallies);
    tallies[when][kind]++;
  }

  function place(
    alert: Kept,
    truth: AlertTruth,
    { groupKey, groupLabels }: { groupKey: string; groupLabels: DraftIncident['groupLabels'] },
  ) {
    const fresh = { groupLabels, lane: alert.lane, alerts: [] };
    if (isOpen(alert)) {
      const incident = open.get(groupKey) ?? fresh;
      open.set(groupKey, incident);
      incident.alerts.push(truth);
      return;
    }
    recent ??= { key: groupKey, incident: fresh };
    // As it was told: firing.
    const fired: AlertTruth = { ...truth, state: 'firing', endedAt: null, suppressedBy: null };
    if (recent.key === groupKey) recent.incident.alerts.push(fired);
  }

  return {
    note(alert: Kept, truth: AlertTruth, { change, place: to, ...where }: ReturnType<typeof judge>) {
      if (change === null) return;
      const kind = isOpen(alert) ? 'open' : 'ended';
      counts[change][kind]++;
      for (const group of where.today) count(group.name, 'today', kind);
      for (const group of where.after) count(group.name, 'after', kind);
      if (to !== null) place(alert, truth, to);
      const already = listedOf.get(change) ?? 0;
      listedOf.set(change, already + 1);
      if (already < listedAtMost) alerts.push(viewOf(alert, truth, { change, ...where }));
    },
    sample(): { incidents: DraftIncident[]; sample: 'open' | 'recent' } | null {
      if (open.size > 0) return { incidents: [...open.values()], sample: 'open' };
      return recent && { incidents: [recent.incident], sample: 'recent' };
    },
    result: () => ({ counts, groups: [...groups].map(([name, tallies]) => ({ name, ...tallies })), alerts }),
  };
}

const isOpen = ({ state }: Kept) => state === 'firing' || state === 'stale';

function viewOf(
  alert: Kept,
  truth: AlertTruth,
  { change, today, after }: Pick<ReturnType<typeof judge>, 'today' | 'after'> & { change: Change },
): PreviewedAlert {
  const { fingerprint, labels, state, since, endedAt, critical } = truth;
  return {
    ...{ fingerprint, labels, state, since, endedAt, critical, change },
    open: isOpen(alert),
    silenced: truth.suppressedBy !== null,
    today: today.map((g) => g.name),
    after: after.map((g) => g.name),
  };
}

async function word(
  parts: PreviewParts,
  draft: GroupDraft,
  incidents: readonly DraftIncident[],
  now: Date,
): Promise<GroupPreview['channels']> {
  const { sender, wordings } = parts;
  const told = incidents
    .map((incident) => ({ incident, news: newsOf(incident, draft) }))
    .filter(({ news }) => news.fresh.length > 0)
    .slice(0, incidentsAtMost);
  const texts = await loadTexts(parts.db, listed(told.map(({ news }) => news)));
  const due = told.map(({ incident, news }, i) => dueOf(incident, { news, draft, texts, sender, number: i + 1 }));
  const channels: GroupPreview['channels'] = [];
  const turns = createTurns();
  // Also those whom it tells only when nobody acknowledges.
  const audience = audienceOf(draft.group, new Set(wordings.keys()), now, draft.group.escalation.length);
  for (const addresses of alike(audience).slice(0, wordedAtMost)) {
    const wording = wordings.get(addresses[0]?.channel ?? '');
    if (wording !== undefined) channels.push(wordFor(addresses, { wording, due, sender, now }));
    await turns();
  }
  return channels;
}
