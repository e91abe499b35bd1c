/** Which replica of this site probes the others: one, and when that is gone, another. By the database's clock (rule 12). */
import type { Queryable } from '../store/db.ts';

/** Longer than a round may take; a replica that is gone is missed for no longer than that. */
const leaseMs = 10_000;

export interface LeaseParts {
  db: Queryable;
  /** Of this process. */
  holder: string;
  /** Shifts the database's clock, for tests. */
  offsetMs: () => number;
}

/** Whether this replica has the lease, for another while. */
export async function takeLease({ db, holder, offsetMs }: LeaseParts): Promise<boolean> {
  const { rows } = await db.query(
    `insert into peer_lease as l (id, holder, until)
       values (true, $1, clock_timestamp() + ($2::float8 + $3::float8) * interval '1 ms')
     on conflict (id) do update set holder = excluded.holder, until = excluded.until
       where l.holder = $1 or l.until < clock_timestamp() + $3::float8 * interval '1 ms' returning id`,
    [holder, leaseMs, offsetMs()],
  );
  return rows.length > 0;
}

/** Lets another replica go on at once. */
export async function leaveLease({ db, holder }: LeaseParts): Promise<void> {
  await db.query('delete from peer_lease where holder = $1', [holder]);
}
