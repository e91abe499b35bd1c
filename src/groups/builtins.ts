import type { Db } from '../store/db.ts';
import { OWN_SOURCE } from './fields.ts';

/** Behind everything that admins order. */
const lastPosition = 1_000_000;

/** Makes what the service cannot be without: the source of its own alarms and the three built-in alert groups. */
export async function ensureBuiltins(db: Db, now: Date): Promise<void> {
  await db.query(`insert into source (name, kind, updated_at) values ($1, 'self', $2) on conflict (name) do nothing`, [
    OWN_SOURCE,
    now,
  ]);
  await db.query(
    `insert into alert_group (name, builtin, position, channels, updated_at)
     select b, b, $2, '{email,wecom-app}', $3 from unnest($1::text[]) as t (b) on conflict (builtin) do nothing`,
    [['unrouted', 'self', 'watchdog'], lastPosition, now],
  );
}
