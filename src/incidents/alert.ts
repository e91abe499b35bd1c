/** `GET /api/v1/alerts/:fingerprint`: who said what about it, and who was told. */
import { z } from 'zod';
import type { Labels } from '../alert/labels.ts';
import { HttpProblem } from '../http/problem.ts';
import { type AnyRoute, route } from '../http/route.ts';
import type { Queryable } from '../store/db.ts';
import { type AlertRow, alertColumns, alertItem, alertItemOf } from './alert-row.ts';
import { lastHeard } from './alerts.ts';
import type { IncidentDeps } from './deps.ts';
import {
  type DestinationColumns,
  destinationColumns,
  destinationOf,
  destinationRef,
  id,
  isoOrNull,
  labels,
  time,
} from './fields.ts';

export const fingerprintParams = z.strictObject({ fingerprint: z.string().min(1).max(100) });
/** A label set has few reporters, and an alert few incidents; these only bound what went wrong. */
const rowsShown = 500;

export const alertDetail = alertItem.extend({
  pinned_group: z.string().nullable().describe('The one alert group that it goes to, whatever the matchers say'),
  reporters: z.array(
    z.object({
      source: z.string().nullable().describe('null: the source has been deleted'),
      site: z.string().nullable(),
      says: z.enum(['firing', 'resolved']),
      replica_labels: labels.nullable(),
      annotations: labels,
      generator_url: z.string().nullable(),
      firing_at: time.describe('The latest startsAt that it reported'),
      resolved_at: time.nullable().describe('The latest endsAt that it reported'),
      last_seen: time.describe('Rewritten only now and then'),
    }),
  ),
  incidents: z.array(
    z.object({
      id,
      group: z.string(),
      builtin: z.string().nullable().describe('Which built-in alert group it is, if it is one'),
      opened_at: time,
      closed_at: time.nullable(),
      joined_at: time,
      left_at: time.nullable(),
    }),
  ),
  receipts: z
    .array(
      z.object({
        destination: destinationRef,
        episode: z.int(),
        state: z.enum(['firing', 'resolved', 'flapping', 'undeliverable']),
        told_at: time,
      }),
    )
    .describe('What each destination was last told about it'),
});
export type AlertDetail = z.infer<typeof alertDetail>;

export function alertRoutes(deps: IncidentDeps): AnyRoute[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/alerts/:fingerprint',
      tag: 'alerts',
      summary: 'One alert: who reported it, its incidents, and who was told what',
      role: 'viewer',
      params: fingerprintParams,
      responses: { 200: { description: 'The alert', schema: alertDetail } },
      handle: async ({ params }) => ({ status: 200, body: await readAlert(deps, params.fingerprint) }),
    }),
  ];
}

/** @throws HttpProblem 404 that says what else the fingerprint may be */
export async function readAlert(
  deps: Pick<IncidentDeps, 'db' | 'critical'>,
  fingerprint: string,
): Promise<AlertDetail> {
  const { db, critical } = deps;
  const found = await db.query<AlertRow>(`select ${alertColumns} from alert a where a.fingerprint = $1`, [fingerprint]);
  const row = found.rows[0];
  if (row === undefined) throw await noAlert(db, fingerprint);
  const heard = await lastHeard(db, [fingerprint]);
  return {
    ...alertItemOf(row, { heard: heard.get(fingerprint), critical }),
    pinned_group: row.pinned_group,
    reporters: await readReporters(db, fingerprint),
    incidents: await readIncidents(db, fingerprint),
    receipts: await readReceipts(db, fingerprint),
  };
}

/** Alertmanager shows fingerprints of full labels; ours leave `ignore_labels` out, so one may be asked for the other. */
async function noAlert(db: Queryable, fingerprint: string): Promise<HttpProblem> {
  const reporters = await db.query<{ alert_fingerprint: string }>(
    `select distinct r.alert_fingerprint from source s
     join reporter r on r.source_id = s.id and r.fingerprint = $1 limit 5`,
    [fingerprint],
  );
  const known = reporters.rows.map((r) => r.alert_fingerprint).filter((f) => f !== fingerprint);
  if (known.length > 0) {
    const which = `${fingerprint} is the fingerprint of one reporter, replica and source labels included`;
    return new HttpProblem(404, `${which}. Its alert is ${known.join(' or ')}.`);
  }
  const detail =
    `No alert has the fingerprint ${fingerprint}. It is that of the labels with what the source adds and without ` +
    'ignore_labels: find it with GET /api/v1/alerts?filter=alertname="…". Heartbeats are not alerts, malformed alerts ' +
    'are in GET /api/v1/quarantine, and ended alerts are deleted after the retention time.';
  return new HttpProblem(404, detail);
}

async function readReporters(db: Queryable, fingerprint: string): Promise<AlertDetail['reporters']> {
  const rows = await db.query<{
    source: string | null;
    site: string | null;
    fires: boolean;
    replica_labels: Labels | null;
    annotations: Labels;
    generator_url: string | null;
    firing_at: Date;
    resolved_at: Date | null;
    last_seen: Date;
  }>(
    `select s.name as source, s.site, r.resolved_at is null or r.firing_at > r.resolved_at as fires, r.replica_labels,
       r.annotations, r.generator_url, r.firing_at, r.resolved_at, r.last_seen
     from reporter r left join source s on s.id = r.source_id
     where r.alert_fingerprint = $1 order by r.last_seen desc, r.source_id, r.fingerprint limit $2`,
    [fingerprint, rowsShown],
  );
  return rows.rows.map(({ fires, ...r }) => ({
    ...r,
    says: fires ? 'firing' : 'resolved',
    firing_at: r.firing_at.toISOString(),
    resolved_at: isoOrNull(r.resolved_at),
    last_seen: r.last_seen.toISOString(),
  }));
}

async function readIncidents(db: Queryable, fingerprint: string): Promise<AlertDetail['incidents']> {
  const rows = await db.query<{
    id: string;
    group: string;
    builtin: string | null;
    opened_at: Date;
    closed_at: Date | null;
    joined_at: Date;
    left_at: Date | null;
  }>(
    `select i.id, g.name as "group", g.builtin, i.opened_at, i.closed_at, ia.joined_at, ia.left_at
     from incident_alert ia join incident i on i.id = ia.incident_id join alert_group g on g.id = i.group_id
     where ia.alert_fingerprint = $1 order by i.id desc limit $2`,
    [fingerprint, rowsShown],
  );
  return rows.rows.map((r) => ({
    ...r,
    opened_at: r.opened_at.toISOString(),
    closed_at: isoOrNull(r.closed_at),
    joined_at: r.joined_at.toISOString(),
    left_at: isoOrNull(r.left_at),
  }));
}

async function readReceipts(db: Queryable, fingerprint: string): Promise<AlertDetail['receipts']> {
  const rows = await db.query<
    DestinationColumns & { episode: number; state: AlertDetail['receipts'][number]['state']; told_at: Date }
  >(
    `select ${destinationColumns}, r.episode, r.state, r.told_at
     from receipt r join destination d on d.id = r.destination_id
     where r.alert_fingerprint = $1 order by r.told_at desc, d.id limit $2`,
    [fingerprint, rowsShown],
  );
  return rows.rows.map((r) => ({
    destination: destinationOf(r),
    episode: r.episode,
    state: r.state,
    told_at: r.told_at.toISOString(),
  }));
}
