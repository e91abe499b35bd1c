/** The rows of who inhibits whom: kept by the decisions that find out, and read by those that ask. */
import type { InhibitionRule } from '../../alert/config.ts';
import type { Queryable } from '../../store/db.ts';
import { inhibitableBy, inhibitsBy, type Place } from '../inhibition.ts';
import type { StoredAlert } from './load.ts';

/** An alert, as far as it matters for what inhibits it. */
type Subject = Pick<StoredAlert, 'fingerprint' | 'labels' | 'lane'>;

/** Why nobody is told of an alert just now: another one inhibits it. */
export interface Inhibition {
  reason: 'inhibited';
  place: Place;
  /** Fingerprint of an alert that fires and inhibits it. */
  inhibitor: string;
  /** What that one is called, cut off; null: it has no `alertname`. */
  inhibitorName: string | null;
}

type Row = { rule_id: number; equal_key: string; both_sides: boolean; alert_fingerprint: string };

/**
 * Writes down which of these alerts inhibit others from now on, and which do so no longer. Only what fires inhibits: of what
 * is stale nobody knows whether it is still true, and it must not keep anything from anybody.
 *
 * @returns open incidents that something inhibited and nothing does now: they are due, each marked
 */
export async function keepInhibitors(
  tx: Queryable,
  alerts: readonly StoredAlert[],
  { rules, now }: { rules: readonly InhibitionRule[]; now: Date },
): Promise<string[]> {
  if (rules.length === 0) return [];
  const wanted = new Map(
    alerts
      .filter((alert) => alert.state === 'firing')
      .flatMap((alert) => inhibitsBy(rules, alert).map((place) => rowOf(alert.fingerprint, place)))
      .map((row) => [keyOf(row), row]),
  );
  const stored = await tx.query<Row>(
    'select rule_id, equal_key, both_sides, alert_fingerprint from inhibitor where alert_fingerprint = any($1::text[])',
    [alerts.map((a) => a.fingerprint)],
  );
  const there = new Set(stored.rows.map(keyOf));
  await addInhibitors(
    tx,
    [...wanted].filter(([key]) => !there.has(key)).map(([, row]) => row),
  );
  const gone = stored.rows.filter((row) => !wanted.has(keyOf(row)));
  if (gone.length === 0) return [];
  await tx.query(
    `delete from inhibitor i using unnest($1::int[], $2::text[], $3::boolean[], $4::text[])
       as t (rule_id, equal_key, both_sides, alert_fingerprint)
     where i.rule_id = t.rule_id and i.equal_key = t.equal_key and i.both_sides = t.both_sides
       and i.alert_fingerprint = t.alert_fingerprint`,
    columnsOf(gone),
  );
  return wakeInhibited(tx, now, gone);
}

function rowOf(fingerprint: string, { rule, equalKey, bothSides }: Place): Row {
  return { rule_id: rule.id, equal_key: equalKey, both_sides: bothSides, alert_fingerprint: fingerprint };
}

function keyOf(row: Row): string {
  return `${row.rule_id} ${row.equal_key} ${row.both_sides} ${row.alert_fingerprint}`;
}

function columnsOf(rows: readonly Row[]): unknown[][] {
  return [
    rows.map((r) => r.rule_id),
    rows.map((r) => r.equal_key),
    rows.map((r) => r.both_sides),
    rows.map((r) => r.alert_fingerprint),
  ];
}

/** A rule may have been deleted since the configuration was loaded. */
async function addInhibitors(tx: Queryable, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into inhibitor (rule_id, equal_key, both_sides, alert_fingerprint)
     select t.* from unnest($1::int[], $2::text[], $3::boolean[], $4::text[])
       as t (rule_id, equal_key, both_sides, alert_fingerprint)
     join inhibition_rule r on r.id = t.rule_id order by 1, 2, 4 for key share of r
     on conflict (rule_id, equal_key, alert_fingerprint) do update set both_sides = excluded.both_sides`,
    columnsOf(rows),
  );
}

/**
 * Marks the open incidents whose alerts were inhibited, and are no longer; `freed`: only those that these inhibited. Without
 * it every one: a decision that goes on beside ours may have found an alert inhibited by what we take away.
 */
export async function wakeInhibited(db: Queryable, now: Date, freed?: readonly Row[]): Promise<string[]> {
  const { rows } = await db.query<{ incident_id: string }>(
    `insert into incident_due (incident_id, due_at)
     select distinct d.incident_id, $1::timestamptz from inhibited d
     where not exists (select from inhibitor i where i.rule_id = d.rule_id and i.equal_key = d.equal_key
         and not (i.both_sides and d.both_sides))
       and ($2::int[] is null or (d.rule_id, d.equal_key) in (select * from unnest($2::int[], $3::text[])))
       and not exists (select from incident_due already where already.incident_id = d.incident_id and already.due_at <= $1)
     returning incident_id`,
    [now, freed?.map((r) => r.rule_id) ?? null, freed?.map((r) => r.equal_key) ?? null],
  );
  return rows.map((row) => row.incident_id);
}

/** Which of these alerts are inhibited now, and by what: the first rule that fits. */
export async function loadInhibitions(
  db: Queryable,
  alerts: readonly Subject[],
  rules: readonly InhibitionRule[],
): Promise<Map<string, Inhibition>> {
  const asked = alerts.flatMap((alert) => inhibitableBy(rules, alert).map((place) => ({ alert, place })));
  if (asked.length === 0) return new Map();
  const { rows } = await db.query<Row & { name: string | null }>(
    `select i.*, left(a.labels->>'alertname', 200) as name
     from (
       select rule_id, equal_key, both_sides, min(alert_fingerprint) as alert_fingerprint
       from (select distinct * from unnest($1::int[], $2::text[]) as t (rule_id, equal_key)) k
       join inhibitor using (rule_id, equal_key) group by 1, 2, 3) i
     left join alert a on a.fingerprint = i.alert_fingerprint order by 1, 2, 3`,
    [asked.map(({ place }) => place.rule.id), asked.map(({ place }) => place.equalKey)],
  );
  const byPlace = new Map<string, (Row & { name: string | null })[]>();
  for (const row of rows) {
    const key = `${row.rule_id} ${row.equal_key}`;
    byPlace.set(key, [...(byPlace.get(key) ?? []), row]);
  }
  const found = new Map<string, Inhibition>();
  for (const { alert, place } of asked) {
    const there = byPlace.get(`${place.rule.id} ${place.equalKey}`) ?? [];
    const row = there.find((r) => !(r.both_sides && place.bothSides));
    if (row !== undefined && !found.has(alert.fingerprint))
      found.set(alert.fingerprint, {
        ...{ reason: 'inhibited', place },
        ...{ inhibitor: row.alert_fingerprint, inhibitorName: row.name },
      });
  }
  return found;
}

/** For whoever asks which alert inhibits which: by the fingerprint of the one that is inhibited. */
export function loadInhibitorsBy(rules: readonly InhibitionRule[]) {
  return async (db: Queryable, alerts: readonly Subject[]): Promise<Map<string, string>> => {
    const found = await loadInhibitions(db, alerts, rules);
    return new Map([...found].map(([fingerprint, { inhibitor }]) => [fingerprint, inhibitor]));
  };
}

/** Writes down what the decisions of these incidents found inhibited; `closed` ones wait for nothing. */
export async function saveInhibited(
  tx: Queryable,
  incidents: readonly { incidentId: string; closed: boolean; inhibitions: readonly Inhibition[] }[],
  rules: readonly InhibitionRule[],
): Promise<void> {
  if (rules.length === 0) return;
  const rows = incidents.flatMap(({ incidentId, closed, inhibitions }) => {
    const kinds = new Map<string, { incidentId: string; row: Row; alerts: number }>();
    for (const { place, inhibitor } of closed ? [] : inhibitions) {
      const row = rowOf(inhibitor, place);
      const key = `${row.rule_id} ${row.equal_key} ${row.both_sides}`;
      const kind = kinds.get(key) ?? { incidentId, row, alerts: 0 };
      kinds.set(key, { ...kind, alerts: kind.alerts + 1 });
    }
    return [...kinds.values()];
  });
  await tx.query('delete from inhibited where incident_id = any($1::bigint[])', [incidents.map((i) => i.incidentId)]);
  if (rows.length === 0) return;
  await tx.query(
    `insert into inhibited (rule_id, equal_key, both_sides, inhibitor, incident_id, alerts)
     select t.* from unnest($1::int[], $2::text[], $3::boolean[], $4::text[], $5::bigint[], $6::int[])
       as t (rule_id, equal_key, both_sides, inhibitor, incident_id, alerts)
     join inhibition_rule r on r.id = t.rule_id for key share of r`,
    [...columnsOf(rows.map((r) => r.row)), rows.map((r) => r.incidentId), rows.map((r) => r.alerts)],
  );
}

/** Of an incident with many inhibited alerts, so many causes are named. */
const namedAtMost = 5;

/** What *explain* shall know of the causes: which rules, and which alerts inhibit. */
export function inhibitionsIn(inhibitions: readonly Inhibition[]): Record<string, unknown>[] {
  const each = new Map(inhibitions.map((i) => [`${i.place.rule.id} ${i.inhibitor}`, i]));
  return [...each.values()].slice(0, namedAtMost).map((i) => ({
    ...{ rule: i.place.rule.name, inhibitor: i.inhibitor, name: i.inhibitorName },
  }));
}
