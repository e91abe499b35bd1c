/** Which replica of this site probes the others: one, and when that is gone, another. By the database's clock (rule 12). */
import type { Queryable } from '../store/db.ts';
import type { PeerRules } from './decide.ts';

const leastLeaseMs = 10_000;

/**
 * For how long a replica has the lease: longer than a round may take (a probe that is asked once more, and then the others
 * about who is silent) and than it is to the next one. A replica that is gone is missed for no longer than that.
 */
export function leaseMs({ intervalMs, timeoutMs }: Pick<PeerRules, 'intervalMs' | 'timeoutMs'>): number {
  return Math.max(leastLeaseMs, 2 * intervalMs + 5 * timeoutMs);
}

export interface LeaseParts {
  db: Queryable;
  /** Of this process. */
  holder: string;
  rules: Pick<PeerRules, 'intervalMs' | 'timeoutMs'>;
  /** Shifts the database's clock, for tests. */
  offsetMs: () => number;
}

/** Whether this replica has the lease, for another while. */
export async function takeLease({ db, holder, rules, offsetMs }: LeaseParts): Promise<boolean> {
  const { rows } = await db.query(
    `insert into peer_lease as l (id, holder, until)
       values (true, $1, clock_timestamp() + ($2::float8 + $3::float8) * interval '1 ms')
     on conflict (id) do update set holder = excluded.holder, until = excluded.until
       where l.holder = $1 or l.until < clock_timestamp() + $3::float8 * interval '1 ms' returning id`,
    [holder, leaseMs(rules), offsetMs()],
  );
  return rows.length > 0;
}

/** Lets another replica go on at once. */
export async function leaveLease({ db, holder }: LeaseParts): Promise<void> {
  await db.query('delete from peer_lease where holder = $1', [holder]);
}
