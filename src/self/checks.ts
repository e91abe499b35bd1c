import type { Db } from '../store/db.ts';
import type { Trouble } from './troubles.ts';

/** Messages that have been due for this long are a backlog. */
const backlogMs = 5 * 60_000;

/** Looks for due messages that nobody has sent; a stopped queue would else go unnoticed for weeks. */
export async function checkBacklog(db: Db, now: Date): Promise<Trouble[]> {
  const rows = await db.query<{ channel: string; count: number }>(
    `select d.channel, count(*)::int as count from notification n join destination d on d.id = n.destination_id
     where n.state = 'pending' and n.next_at <= $1 group by d.channel`,
    [new Date(now.getTime() - backlogMs)],
  );
  return rows.rows.map(({ channel, count }) => ({
    name: 'DeliveryBacklog',
    labels: { channel },
    summary: `Messages by ${channel} wait for more than 5 minutes`,
    description: `${count} messages are due and have not been sent. See the failed attempts under /api/v1/notifications.`,
  }));
}

/**
 * Looks for two sources of different sites that report the same label sets while neither adds labels of its own: what
 * are two alerts then looks like one that two sources report.
 */
export async function checkSharedLabels(db: Db): Promise<Trouble[]> {
  const rows = await db.query<{ a: string; b: string }>(
    `select a.name as a, b.name as b from source a join source b on a.name < b.name and a.site <> b.site
     where a.kind = 'alertmanager' and b.kind = 'alertmanager' and a.labels = '{}' and b.labels = '{}'
       and exists (select from reporter x join reporter y on y.fingerprint = x.fingerprint
         where x.source_id = a.id and y.source_id = b.id)`,
  );
  return rows.rows.map(({ a, b }) => ({
    name: 'SourcesShareLabels',
    labels: { source: a, other_source: b },
    summary: `Sources ${a} and ${b} report equal label sets from different sites`,
    description: `Give each source labels of its own (for example site), or set external_labels in Prometheus: else an alert of one hides the same alert of the other.`,
  }));
}
