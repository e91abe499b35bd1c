/** What a draft of a silence would hide now. */
import type { Silence } from '../../alert/config.ts';
import type { HiddenAlert, HiddenIncident, SilenceDraft, SilencePreview, SilenceVerdict } from '../../alert/preview.ts';
import type { Queryable } from '../../store/db.ts';
import { createTurns } from '../../turns.ts';
import { truthOf, ungated } from '../converge/gates.ts';
import { suppressAt } from '../converge/suppress.ts';
import { hidesEveryCritical } from './every-critical.ts';
import type { PreviewParts } from './group.ts';
import { type Kept, openAlerts } from './stored.ts';

/** Alerts and incidents that are listed; all are counted. */
const listedAtMost = 100;
/** One silence looks at no more open alerts. */
const examinedAtMost = 50_000;

/** Says which alerts a silence would hide now, how many of them are critical, and whether too much would be hidden. */
export async function previewSilence(parts: PreviewParts, draft: SilenceDraft): Promise<SilencePreview> {
  const { seen, examined } = await look(parts, draft);
  const why = hidesEveryCritical(draft.matchers, parts.critical) ? 'every_possible_critical' : seen.why();
  return {
    examined,
    capped: examined >= examinedAtMost,
    ...seen.result(),
    incidents: await hiddenIncidents(parts.db, seen.fingerprints),
    hidesAllCritical: why !== null,
    why,
  };
}

/** The part of a preview that decides whether a silence needs a second confirmation; cheap enough for a storm. */
export async function judgeSilence(parts: PreviewParts, draft: SilenceDraft): Promise<SilenceVerdict> {
  if (hidesEveryCritical(draft.matchers, parts.critical)) return { why: 'every_possible_critical', criticalFiring: 0 };
  const { seen } = await look(parts, draft);
  return { why: seen.why(), criticalFiring: seen.result().criticalFiring };
}

async function look(parts: PreviewParts, draft: SilenceDraft) {
  const now = parts.now();
  const { silences } = await parts.snapshot();
  const seen = createSeen(
    asIfNow(draft, now),
    silences.filter((s) => s.id !== draft.replaces),
    now,
  );
  const gates = { inhibitions: new Map(), suppress: () => null, critical: parts.critical };
  const turns = createTurns();
  let examined = 0;
  for await (const chunk of openAlerts(parts.db)) {
    if (examined >= examinedAtMost) break;
    for (const alert of chunk) {
      seen.look(alert, truthOf(alert, gates, ungated(now)).truth.critical);
      await turns();
    }
    examined += chunk.length;
  }
  return { seen, examined };
}

/** A silence that begins later, or recurs, is previewed as though it hid now. */
function asIfNow({ matchers }: SilenceDraft, now: Date): Silence {
  const endsAt = new Date(now.getTime() + 1);
  return { id: 'draft', name: null, matchers, startsAt: now, endsAt, recurs: null, createdBy: '', comment: '' };
}

function createSeen(draft: Silence, others: readonly Silence[], now: Date) {
  const alerts = { total: 0, critical: 0, alreadySilenced: 0, items: [] as HiddenAlert[] };
  // Recurring silences that pause count once as they are and once as though they hid: neither way may hide everything.
  const suppress = suppressAt(others, now);
  const asIfHiding = suppressAt(
    others.map((s) => ({ ...s, recurs: null })),
    now,
  );
  const critical = [suppress, asIfHiding].map((by) => ({ suppress: by, heard: 0, hidden: 0 }));
  const byDraft = suppressAt([draft], now);
  let criticalFiring = 0;
  const fingerprints: string[] = [];
  let watchdogUntouched = 0;
  return {
    fingerprints,
    look(alert: Kept, isCritical: boolean) {
      const matches = byDraft({ labels: alert.labels, lane: 'normal' }) !== null;
      if (alert.lane === 'watchdog') {
        if (matches) watchdogUntouched++;
        return;
      }
      const silenced = suppress(alert) !== null;
      if (isCritical) criticalFiring++;
      for (const tally of isCritical ? critical : []) {
        if (tally.suppress(alert) !== null) continue;
        tally.heard++;
        if (matches) tally.hidden++;
      }
      if (!matches) return;
      alerts.total++;
      if (silenced) alerts.alreadySilenced++;
      if (isCritical) alerts.critical++;
      fingerprints.push(alert.fingerprint);
      if (alerts.items.length < listedAtMost) alerts.items.push(viewOf(alert, isCritical, silenced));
    },
    /** Those that other silences hide already count as hidden: together the two would hide everything. */
    why: () =>
      criticalFiring >= 2 && critical.some(({ heard, hidden }) => hidden > 0 && hidden === heard)
        ? ('every_critical_now' as const)
        : null,
    result: () => ({ alerts, criticalFiring, watchdogUntouched }),
  };
}

function viewOf({ fingerprint, labels, state, since }: Kept, critical: boolean, silenced: boolean): HiddenAlert {
  return { fingerprint, labels, state, since, critical, silenced };
}

/** The open incidents of these alerts, those of which nothing else fires first. */
async function hiddenIncidents(db: Queryable, fingerprints: readonly string[]): Promise<SilencePreview['incidents']> {
  const { rows } = await db.query<HiddenIncident & { total: number; wholly: number } & Record<string, unknown>>(
    `with hidden as (
       select ia.incident_id, count(*)::int as hidden
       from unnest($1::text[]) f (fingerprint) join incident_alert ia on ia.alert_fingerprint = f.fingerprint
       join incident i on i.id = ia.incident_id
       where ia.left_at is null and i.closed_at is null group by 1),
     counted as (
       select h.*, (select count(*)::int from incident_alert ia join alert a on a.fingerprint = ia.alert_fingerprint
         where ia.incident_id = h.incident_id and ia.left_at is null and (a.state in ('firing', 'stale') or a.episode = 0)) as firing
       from hidden h)
     select c.incident_id as id, g.name as "group", i.group_labels as "groupLabels", i.critical, c.hidden, c.firing,
       count(*) over ()::int as total, count(*) filter (where c.hidden >= c.firing) over ()::int as wholly
     from counted c join incident i on i.id = c.incident_id join alert_group g on g.id = i.group_id
     order by c.hidden >= c.firing desc, i.critical desc, c.incident_id desc limit $2`,
    [fingerprints, listedAtMost],
  );
  const items = rows.map(({ total: _, wholly: __, ...item }) => item);
  return { total: rows[0]?.total ?? 0, wholly: rows[0]?.wholly ?? 0, items };
}
