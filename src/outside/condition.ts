/** Finds out how this service fares: one write, and one statement that reads. */
import type { Db } from '../store/db.ts';
import { dueSince } from '../store/due-since.ts';
import type { FailingDestinations } from './failing.ts';
import type { Prove } from './proof.ts';
import type { Condition } from './well.ts';

/** What it is found out from. */
export interface ConditionParts {
  db: Db;
  prove: Prove;
  tickedAt: () => Date;
  selfCheck: () => Condition['selfCheck'];
}

type Waiting = Pick<Condition, 'dueSince' | 'failing'>;

export async function readCondition(parts: ConditionParts, now: Date): Promise<Condition> {
  const known = { tickedAt: parts.tickedAt(), selfCheck: parts.selfCheck() };
  const database = await parts.prove();
  if (database !== null) return { ...known, database, dueSince: null, failing: [] };
  const waiting = await readWaiting(parts.db, now).catch((): null => null);
  if (waiting === null) return { ...known, database: 'the database does not answer', dueSince: null, failing: [] };
  return { ...known, database, ...waiting };
}

/** As JSON has it. */
type FailingRow = Omit<FailingDestinations, 'since' | 'acceptedAt'> & { since: string; acceptedAt: string | null };

export async function readWaiting(db: Db, now: Date): Promise<Waiting> {
  const { rows } = await db.query<{ dueSince: Date | null; failing: FailingRow[] }>(
    `select ${dueSince} as "dueSince",
       (select coalesce(json_agg(f), '[]') from (
          select d.channel, d.last_reason as reason, count(*)::int as count,
            min(coalesce(o.first_failed_at, d.last_failed_at)) as since,
            (select max(s.last_accepted_at) from destination s where s.channel = d.channel) as "acceptedAt"
          from destination d cross join lateral (
            select count(n.id) as open, min(a.finished_at) filter (where a.outcome <> 'accepted') as first_failed_at
            from notification n left join attempt a on a.notification_id = n.id
            where n.destination_id = d.id and n.state in ('pending', 'sending')) o
          where d.failures > 0 and o.open > 0 group by d.channel, d.last_reason) f) as failing`,
    [now],
  );
  const [row] = rows;
  return {
    dueSince: row?.dueSince ?? null,
    failing: (row?.failing ?? []).map(({ since, acceptedAt, ...one }) => ({
      ...{ ...one, since: new Date(since), acceptedAt: acceptedAt === null ? null : new Date(acceptedAt) },
    })),
  };
}
