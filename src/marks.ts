/** What tells whether something has changed, in any replica: for the pages that listen. */
import type { Marks } from './http/events.ts';
import type { Db } from './store/db.ts';

/**
 * A report that is news marks its incidents as due until they are decided; every later change of an alert, an incident or
 * a notification leaves a step. All of these are read from the end of an index.
 */
const marksSql = `select (select version::text from config_version) as config,
  (select concat((select max(id) from incident_due), ' ', max(id)) from step) as step,
  (select max(id)::text from attempt) as attempt,
  (select concat(max(last_accepted_at), max(last_failed_at), max(retry_at)) from destination) as destination,
  (select concat(count(*), max(state_since), floor(extract(epoch from max(last_beat_at)) / 10)) from heartbeat_stream) as heartbeat`;

/** Reads them in one statement. */
export async function readMarks(db: Db): Promise<Marks> {
  const { rows } =
    await db.query<Record<'config' | 'step' | 'attempt' | 'destination' | 'heartbeat', string | null>>(marksSql);
  const { config, step, attempt, destination, heartbeat } = rows[0] ?? {};
  return {
    incidents: String(step),
    alerts: String(step),
    notifications: [step, attempt, destination].join(' '),
    heartbeats: String(heartbeat),
    config: String(config),
  };
}
