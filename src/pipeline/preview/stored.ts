import type { Reach } from '../../alert/preview.ts';
import type { Queryable } from '../../store/db.ts';
import { createTurns } from '../../turns.ts';
import type { StoredAlert } from '../converge/load.ts';

/** A stored alert with what routing needs to know of it. */
export interface Kept extends StoredAlert {
  pinnedGroup: string | null;
}

/** One preview looks at no more alerts than this. */
export const examinedAtMost = 20_000;
const chunkSize = 1_000;

const columns = `fingerprint, labels, lane, pinned_group as "pinnedGroup", state, episode, since, ended_at as "endedAt",
  changed_at as "changedAt", changed_at::text as cursor`;

type Row = Kept & { cursor: string } & Record<string, unknown>;

/** Every alert that is open now, in chunks: those that nobody has been told of yet, then those that are known to fire. */
export async function* openAlerts(db: Queryable): AsyncGenerator<Kept[]> {
  const waiting = await undecided(db);
  if (waiting.length > 0) yield waiting;
  const seen = new Set(waiting.map((a) => a.fingerprint));
  for await (const chunk of firing(db)) yield chunk.filter((a) => !seen.has(a.fingerprint));
}

/**
 * Alerts that have been reported and wait for the first decision of their incident, `group_wait` for one: until then
 * no state is stored, and the row says resolved.
 */
async function undecided(db: Queryable): Promise<Kept[]> {
  const { rows } = await db.query<Row>(
    `select ${columns} from alert where episode = 0 and fingerprint in (
       select ia.alert_fingerprint from incident_alert ia where ia.left_at is null and ia.incident_id in (
         select id from incident where closed_at is null and last_flush_at is null and due_at is not null
         union select incident_id from incident_due))
     order by fingerprint limit $1`,
    // One more than is looked at, so that the cut is noticed.
    [examinedAtMost + 1],
  );
  return rows.map((alert) => ({ ...alert, state: 'firing', episode: 1 }));
}

async function* firing(db: Queryable): AsyncGenerator<Row[]> {
  for (let after = ''; ; ) {
    const { rows } = await db.query<Row>(
      `select ${columns} from alert where state in ('firing', 'stale') and fingerprint > $1
       order by fingerprint limit $2`,
      [after, chunkSize],
    );
    if (rows.length > 0) yield rows;
    if (rows.length < chunkSize) return;
    after = rows.at(-1)?.fingerprint ?? after;
  }
}

/** Every alert that has ended since then, the newest first, in chunks. */
async function* endedAlerts(db: Queryable, since: Date): AsyncGenerator<Row[]> {
  let last: Row | undefined;
  for (;;) {
    const { rows }: { rows: Row[] } = await db.query<Row>(
      `select ${columns} from alert
       where episode > 0 and changed_at >= $1 and state not in ('firing', 'stale')
         and ($2::text is null or changed_at <= $2::timestamptz and (changed_at, fingerprint) < ($2::timestamptz, $3))
       order by changed_at desc, fingerprint desc limit $4`,
      [since, last?.cursor ?? null, last?.fingerprint ?? '', chunkSize],
    );
    if (rows.length > 0) yield rows;
    if (rows.length < chunkSize) return;
    last = rows.at(-1);
  }
}

/**
 * Shows what is stored to `look`: first what is open, then what has ended since `from`, the newest first. Long work
 * lets others have their turn.
 */
export async function examine(
  db: Queryable,
  { from, to, kept }: { from: Date; to: Date; kept: Date },
  look: (alert: Kept) => void,
): Promise<Reach> {
  let examined = 0;
  let last: Kept | null = null;
  let capped = false;
  const turns = createTurns();
  for await (const chunk of both(db, from)) {
    for (const alert of chunk) {
      capped = examined === examinedAtMost;
      if (capped) break;
      examined++;
      last = alert;
      look(alert);
      await turns();
    }
    if (capped) break;
  }
  const oldest = capped ? (last?.changedAt ?? to) : from;
  return { from, to, reachesBackTo: new Date(Math.max(oldest.getTime(), kept.getTime())), examined, capped };
}

async function* both(db: Queryable, since: Date): AsyncGenerator<Kept[]> {
  yield* openAlerts(db);
  yield* endedAlerts(db, since);
}
