import type { AlertState, Lane, Receipt } from '../../alert/alert.ts';
import type { Labels } from '../../alert/labels.ts';
import type { Queryable } from '../../store/db.ts';
import type { Period } from '../dedupe/derive.ts';

/** A stored alert. */
export interface StoredAlert {
  fingerprint: string;
  labels: Labels;
  lane: Lane;
  state: AlertState;
  episode: number;
  since: Date;
  endedAt: Date | null;
  changedAt: Date;
  /** Firing periods that are over; see `AlertEpisode`. */
  periods: readonly Period[];
}

/**
 * The alerts of each of these incidents, without those that an edit has moved away. A place whose alert is gone, which
 * nothing should leave behind, counts as none: else its incident could never be decided, nor any that is due with it.
 */
export async function loadAlerts(
  db: Queryable,
  incidentIds: readonly string[],
): Promise<{ alerts: Map<string, StoredAlert>; byIncident: Map<string, string[]> }> {
  const members = await db.query<{ incident_id: string; alert_fingerprint: string }>(
    `select incident_id, alert_fingerprint from incident_alert
     where incident_id = any($1::bigint[]) and left_at is null order by incident_id, alert_fingerprint`,
    [incidentIds],
  );
  const alerts = await readAlerts(db, [...new Set(members.rows.map((r) => r.alert_fingerprint))]);
  const byIncident = new Map<string, string[]>(incidentIds.map((id) => [id, []]));
  for (const { incident_id: id, alert_fingerprint: f } of members.rows) if (alerts.has(f)) byIncident.get(id)?.push(f);
  return { alerts, byIncident };
}

async function readAlerts(db: Queryable, fingerprints: readonly string[]): Promise<Map<string, StoredAlert>> {
  const { rows } = await db.query<{ [K in keyof StoredAlert]: StoredAlert[K] }>(
    `select fingerprint, labels, lane, state, episode, since, ended_at as "endedAt", changed_at as "changedAt", periods
     from alert where fingerprint = any($1::text[])`,
    [fingerprints],
  );
  return new Map(rows.map((alert) => [alert.fingerprint, alert]));
}

/** What a message says about an alert beside its labels. */
export interface Texts {
  annotations: Labels;
  generatorUrl: string | null;
}

/** The texts of these alerts, of the reporter that was heard last. */
export async function loadTexts(db: Queryable, fingerprints: readonly string[]): Promise<Map<string, Texts>> {
  if (fingerprints.length === 0) return new Map();
  const { rows } = await db.query<{ alert_fingerprint: string; annotations: Labels; generator_url: string | null }>(
    `select distinct on (alert_fingerprint) alert_fingerprint, annotations, generator_url from reporter
     where alert_fingerprint = any($1::text[]) order by alert_fingerprint, last_seen desc, source_id, fingerprint`,
    [fingerprints],
  );
  return new Map(rows.map((r) => [r.alert_fingerprint, { annotations: r.annotations, generatorUrl: r.generator_url }]));
}

/** Receipts of every destination about these alerts: destination -> alert -> receipt. */
export async function loadReceipts(
  db: Queryable,
  fingerprints: readonly string[],
  destinationId: number | null,
): Promise<Map<number, Map<string, Receipt>>> {
  const rows = await db.query<{
    destination_id: number;
    alert_fingerprint: string;
    episode: number;
    state: Receipt['state'];
    told_at: Date;
  }>(
    `select destination_id, alert_fingerprint, episode, state, told_at from receipt
     where alert_fingerprint = any($1::text[]) and ($2::int is null or destination_id = $2)`,
    [fingerprints, destinationId],
  );
  const receipts = new Map<number, Map<string, Receipt>>();
  for (const r of rows.rows) {
    const of = receipts.get(r.destination_id) ?? new Map<string, Receipt>();
    receipts.set(r.destination_id, of);
    of.set(r.alert_fingerprint, {
      destinationId: r.destination_id,
      alertFingerprint: r.alert_fingerprint,
      episode: r.episode,
      state: r.state,
      toldAt: r.told_at,
    });
  }
  return receipts;
}
