/** What fires, in the words of Alertmanager's API v2: its groups are our open incidents, its receivers our alert groups. */
import type { Lane } from '../alert/alert.ts';
import type { Silence } from '../alert/config.ts';
import { type Labels, labelsOf } from '../alert/labels.ts';
import { HttpProblem } from '../http/problem.ts';
import { matchesAll } from '../matcher/compile.ts';
import type { Matcher } from '../matcher/matcher.ts';
import type { Db } from '../store/db.ts';
import { createTurns } from '../turns.ts';
import type { AlertGroupBody, GettableAlert } from './fields.ts';

/** Which alerts are asked for. */
export interface Asked {
  filters: readonly Matcher[];
  /** Names of alert groups. */
  receiver: (name: string) => boolean;
  active: boolean;
  silenced: boolean;
  inhibited: boolean;
}

/** So many places of alerts in incidents are read at once: Alertmanager's API has no pages. */
export const placesAtMost = 20_000;

interface Row extends Record<string, unknown> {
  incident_id: string;
  group_labels: Labels;
  receiver: string;
  fingerprint: string;
  labels: Labels;
  lane: Lane;
  since: Date;
  changed_at: Date;
}

/** What an alert says beside its labels. */
export interface Texts {
  annotations: Labels;
  generatorUrl: string | null;
}

/** The texts of alerts, of the reporter that was heard last. */
export type LoadTexts = (db: Db, fingerprints: readonly string[]) => Promise<ReadonlyMap<string, Texts>>;

type Subject = { fingerprint: string; labels: Labels; lane: Lane };

/** Which silences hide an alert now. */
export type SilencedBy = (alert: Subject) => readonly Silence[];

/** By fingerprint, what inhibits which of these alerts now. */
export type LoadInhibitors = (db: Db, alerts: readonly Subject[]) => Promise<ReadonlyMap<string, string>>;

/**
 * Every incident that is open with those of its alerts that fire and are asked for; alerts that nobody has decided yet are
 * among them. Incidents without any are left out.
 * @throws HttpProblem 400 when that is too much for one answer
 */
export async function readGroups(
  db: Db,
  asked: Asked,
  {
    loadTexts,
    loadInhibitors,
    silencedBy,
    now,
  }: { loadTexts: LoadTexts; loadInhibitors: LoadInhibitors; silencedBy: SilencedBy; now: Date },
): Promise<AlertGroupBody[]> {
  const rows = await readPlaces(db, asked.filters);
  const places = new Map<string, Row[]>();
  for (const row of rows) places.set(row.fingerprint, [...(places.get(row.fingerprint) ?? []), row]);
  const texts = await loadTexts(db, [...places.keys()]);
  const inhibitors = await loadInhibitors(db, rows);
  const bodies = new Map<string, GettableAlert>();
  const turns = createTurns();
  for (const [fingerprint, [row, ...others]] of places) {
    await turns();
    if (row === undefined || !matchesAll(asked.filters, row.labels)) continue;
    const by = { silences: silencedBy(row), inhibitor: inhibitors.get(fingerprint) };
    const [silenced, inhibited] = [by.silences.length > 0, by.inhibitor !== undefined];
    if ((silenced && !asked.silenced) || (inhibited && !asked.inhibited)) continue;
    if (!silenced && !inhibited && !asked.active) continue;
    const names = [...new Set([row, ...others].map(({ receiver }) => receiver))];
    bodies.set(fingerprint, bodyOf(row, { names, texts: texts.get(fingerprint), by, now }));
  }
  const wanted = rows.filter((row) => bodies.has(row.fingerprint) && asked.receiver(row.receiver));
  const groups = new Map<string, AlertGroupBody>();
  for (const row of wanted) {
    const group = groups.get(row.incident_id) ?? groupOf(row);
    groups.set(row.incident_id, group);
    group.alerts.push(bodies.get(row.fingerprint) as GettableAlert);
  }
  return [...groups.values()];
}

/** Each alert of these groups once, by its fingerprint. */
export function alertsIn(groups: readonly AlertGroupBody[]): GettableAlert[] {
  const each = new Map(groups.flatMap((group) => group.alerts.map((alert) => [alert.fingerprint, alert])));
  return [...each.values()].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
}

/** The database sorts out what it can compare for equality; the rest is for us. */
async function readPlaces(db: Db, filters: readonly Matcher[]): Promise<Row[]> {
  const equal = filters.filter((m) => m.op === '=');
  const fits = equal.map((_, n) => `and coalesce(a.labels->>$${2 * n + 2}, '') = $${2 * n + 3}`);
  const { rows } = await db.query<Row>(
    `select i.id as incident_id, i.group_labels, g.name as receiver, a.fingerprint, a.labels, a.lane, a.since, a.changed_at
     from incident i
     join alert_group g on g.id = i.group_id
     join incident_alert ia on ia.incident_id = i.id and ia.left_at is null
     join alert a on a.fingerprint = ia.alert_fingerprint
     where i.closed_at is null and (a.state in ('firing', 'stale') or a.episode = 0 and exists (
       select from reporter r where r.alert_fingerprint = a.fingerprint
         and (r.resolved_at is null or r.firing_at > r.resolved_at))) ${fits.join(' ')}
     order by g.name, i.id, a.fingerprint limit $1`,
    [placesAtMost + 1, ...equal.flatMap((m) => [m.name, m.value])],
  );
  if (rows.length <= placesAtMost) return rows;
  throw new HttpProblem(400, `more than ${placesAtMost} alerts: ask for fewer with filter=name="value"`);
}

/** As in Alertmanager, a label of `group_by` that the alerts lack is not among the labels of the group. */
function groupOf({ group_labels, receiver }: Row): AlertGroupBody {
  const there = Object.entries(group_labels).filter(([, value]) => value !== '');
  return { labels: labelsOf(there), receiver: { name: receiver }, alerts: [] };
}

/** An alert that fires has no end yet; Alertmanager says so by one that lies ahead, `resolve_timeout` at first. */
const assumedMs = 5 * 60_000;

function bodyOf(
  row: Row,
  {
    names,
    texts,
    by: { silences, inhibitor },
    now,
  }: {
    names: readonly string[];
    texts: Texts | undefined;
    by: { silences: readonly Silence[]; inhibitor: string | undefined };
    now: Date;
  },
): GettableAlert {
  return {
    annotations: texts?.annotations ?? {},
    endsAt: new Date(now.getTime() + assumedMs).toISOString(),
    fingerprint: row.fingerprint,
    receivers: names.map((name) => ({ name })),
    startsAt: row.since.toISOString(),
    status: {
      inhibitedBy: inhibitor === undefined ? [] : [inhibitor],
      silencedBy: silences.map((silence) => silence.id),
      state: silences.length > 0 || inhibitor !== undefined ? 'suppressed' : 'active',
    },
    updatedAt: row.changed_at.toISOString(),
    ...(texts?.generatorUrl ? { generatorURL: texts.generatorUrl } : {}),
    labels: row.labels,
  };
}
