import type { Db } from '../store/db.ts';

/** Destinations that have something to send, and whose nudge has had its time: it may be lost. */
export async function dueDestinations(db: Db, now: Date, leaseOffsetMs: number, limit: number): Promise<number[]> {
  const rows = await db.query<{ destination_id: number }>(
    `select n.destination_id from notification n join destination d on d.id = n.destination_id
     where (n.state = 'pending' and n.next_at <= $1 and (n.priority > 0 or d.retry_at is null or d.retry_at <= $1))
        or (n.state = 'sending' and n.carrier_id is null and n.lease_until < clock_timestamp() + $2::float8 * interval '1 ms')
     group by n.destination_id order by max(n.priority) desc, min(n.id) limit $3`,
    [now, leaseOffsetMs, limit],
  );
  return rows.rows.map((row) => row.destination_id);
}

/** How long receipts outlive their episode; they are what keeps a late repeat from being told twice. */
const receiptDays = 7;
/** The strips of heartbeats show one day. */
const heartbeatChangeDays = 2;
const day = 24 * 60 * 60_000;
const batch = 1_000;

/**
 * Alerts that ended long ago and are in no incident any more. They are locked first and looked at again then: a report may
 * have brought one back meanwhile, and one that comes now waits, and makes it anew.
 */
async function forgetAlerts(db: Db, before: Date, limit: number): Promise<number> {
  return db.transaction(async (tx) => {
    const old = await tx.query<{ fingerprint: string }>(
      `select a.fingerprint from alert a
       where a.state in ('resolved', 'expired') and a.changed_at < $1
         and not exists (select from incident_alert ia where ia.alert_fingerprint = a.fingerprint)
       limit $2 for update of a skip locked`,
      [before, limit],
    );
    const deleted = await tx.query(
      `delete from alert a where a.fingerprint = any($1::text[])
         and not exists (select from incident_alert ia where ia.alert_fingerprint = a.fingerprint)`,
      [old.rows.map((row) => row.fingerprint)],
    );
    return deleted.rowCount ?? 0;
  });
}

/** What retention deletes, oldest first; each in small batches, so that nothing waits for it. */
const deletions: readonly ({ days: number | null } & ({ sql: string } | { run: typeof forgetAlerts }))[] = [
  {
    days: null,
    sql: `delete from incident_alert where (incident_id, alert_fingerprint) in (
            select ia.incident_id, ia.alert_fingerprint from incident_alert ia join incident i on i.id = ia.incident_id
            where i.closed_at < $1 limit $2)`,
  },
  { days: null, sql: 'delete from incident where id in (select id from incident where closed_at < $1 limit $2)' },
  {
    days: null,
    sql: "delete from notification where id in (select id from notification where created_at < $1 and state not in ('pending', 'sending') and incident_id is null limit $2)",
  },
  { days: null, sql: 'delete from notice where id in (select id from notice where created_at < $1 limit $2)' },
  {
    days: null,
    sql: 'delete from incident_due where id in (select id from incident_due where due_at < $1 limit $2)',
  },
  { days: null, sql: 'delete from step where id in (select id from step where at < $1 order by at limit $2)' },
  {
    days: null,
    sql: `delete from source_group g using (select source_id, group_key from source_group where last_post_at < $1 limit $2) old
          where g.source_id = old.source_id and g.group_key = old.group_key`,
  },
  { days: null, sql: 'delete from quarantine where id in (select id from quarantine where received_at < $1 limit $2)' },
  {
    days: null,
    sql: `delete from source_gap g using (select source_id, from_at from source_gap where to_at < $1 limit $2) old
          where g.source_id = old.source_id and g.from_at = old.from_at`,
  },
  { days: null, sql: 'delete from outage where id in (select id from outage where to_at < $1 limit $2)' },
  {
    days: heartbeatChangeDays,
    sql: 'delete from heartbeat_change where id in (select id from heartbeat_change where at < $1 limit $2)',
  },
  {
    days: receiptDays,
    sql: `delete from receipt r using (select r.destination_id, r.alert_fingerprint from receipt r
            left join alert a on a.fingerprint = r.alert_fingerprint
            where a.fingerprint is null or (a.state in ('resolved', 'expired') and a.ended_at < $1) limit $2) old
          where r.destination_id = old.destination_id and r.alert_fingerprint = old.alert_fingerprint`,
  },
  { days: null, run: forgetAlerts },
  {
    days: null,
    sql: `delete from reporter r using (select r.source_id, r.fingerprint from reporter r
            where r.last_seen < $1 and not exists (select from alert a where a.fingerprint = r.alert_fingerprint) limit $2) old
          where r.source_id = old.source_id and r.fingerprint = old.fingerprint`,
  },
];

/** Deletes what is older than the retention. Returns how many rows went. */
export async function retain(db: Db, now: Date, retentionMs: number): Promise<number> {
  let deleted = 0;
  for (const one of deletions) {
    const before = new Date(now.getTime() - Math.min(retentionMs, one.days === null ? retentionMs : one.days * day));
    for (let count = batch; count === batch; deleted += count) {
      count =
        'run' in one ? await one.run(db, before, batch) : ((await db.query(one.sql, [before, batch])).rowCount ?? 0);
    }
  }
  return deleted;
}
