/** Finds out how this service fares: one write, and one statement that reads. */
import type { Db } from '../store/db.ts';
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

interface FailingRow {
  channel: string;
  since: string;
  acceptedAt: string | null;
}

/**
 * A destination that backs off keeps back what is not urgent, as `dueDestinations` knows: that is due from then on. One that is
 * tried again is due anew each time, so it is counted by when it was made.
 */
async function readWaiting(db: Db, now: Date): Promise<Waiting> {
  const { rows } = await db.query<{ dueSince: Date | null; failing: FailingRow[] }>(
    `select (select min(case when n.priority > 0 then n.next_at else greatest(n.next_at, d.retry_at) end)
          from notification n join destination d on d.id = n.destination_id
          where n.state = 'pending' and n.next_at <= $1
            and (n.priority > 0 or d.retry_at is null or d.retry_at <= $1)) as "dueSince",
       (select coalesce(json_agg(f order by f.channel), '[]') from (
          select d.channel, min(n.created_at) as since,
            (select max(o.last_accepted_at) from destination o where o.channel = d.channel) as "acceptedAt"
          from notification n join destination d on d.id = n.destination_id
          where n.state = 'pending' and n.reason = 'retry' group by d.channel) f) as failing`,
    [now],
  );
  const [row] = rows;
  return {
    dueSince: row?.dueSince ?? null,
    failing: (row?.failing ?? []).map(({ channel, since, acceptedAt }) => ({
      ...{ channel, since: new Date(since), acceptedAt: acceptedAt === null ? null : new Date(acceptedAt) },
    })),
  };
}
