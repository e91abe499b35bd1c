/** Which alerts of open incidents a silence hides now: those that fire, and those of whose end somebody still has to hear. */
import type { Lane } from '../alert/alert.ts';
import type { Labels } from '../alert/labels.ts';
import { activityOf } from '../alert/silence.ts';
import type { IncidentDeps } from './deps.ts';
import type { IncidentItem } from './incident-row.ts';

/** More alerts than this are not looked at: then some incidents look less silenced than they are, and no reader waits. */
const alertsRead = 20_000;

/** By id of the incident; one of which nothing is silenced is not in it. Reads nothing while no silence is active. */
export async function silencedIn(
  deps: Pick<IncidentDeps, 'db' | 'now' | 'snapshot' | 'suppression'>,
  incidentIds: readonly string[],
): Promise<Map<string, IncidentItem['silenced']>> {
  const now = deps.now();
  const active = (await deps.snapshot()).silences.filter((s) => activityOf(s, now).active);
  const silenced = new Map<string, IncidentItem['silenced']>();
  if (active.length === 0 || incidentIds.length === 0) return silenced;
  const { rows } = await deps.db.query<{ incident_id: string; labels: Labels; lane: Lane; fires: boolean }>(
    `select ia.incident_id, a.labels, a.lane, a.state = 'firing' as fires
     from incident i join incident_alert ia on ia.incident_id = i.id
     join alert a on a.fingerprint = ia.alert_fingerprint
     where i.id = any($1::bigint[]) and i.closed_at is null and ia.left_at is null and (a.state = 'firing'
       or a.state in ('resolved', 'expired') and exists (
         select from receipt r where r.alert_fingerprint = a.fingerprint and r.state = 'firing'))
     limit $2`,
    [incidentIds, alertsRead],
  );
  for (const { incident_id: id, fires, ...alert } of rows) {
    const by = deps.suppression(alert, active, now);
    if (by === null) continue;
    const { alerts, ended, until } = silenced.get(id) ?? { alerts: 0, ended: 0, until: null };
    const ends = by.until.toISOString();
    silenced.set(id, {
      alerts: alerts + (fires ? 1 : 0),
      ended: ended + (fires ? 0 : 1),
      until: until === null || ends < until ? ends : until,
    });
  }
  return silenced;
}
