import type { Queryable } from '../../store/db.ts';
import type { Settled } from './save.ts';

/** Stores how far the escalation of some incidents has come; most decisions change nothing of it. */
export async function saveEscalations(
  tx: Queryable,
  settled: readonly Pick<Settled, 'incidentId' | 'escalation'>[],
): Promise<void> {
  const changed = settled.flatMap(({ incidentId, escalation: { before, after } }) =>
    before.reached === after.reached && before.since?.getTime() === after.since?.getTime()
      ? []
      : { incidentId, ...after },
  );
  if (changed.length === 0) return;
  await tx.query(
    `update incident i set escalated_steps = t.reached, unacknowledged_since = t.since
     from unnest($1::bigint[], $2::smallint[], $3::timestamptz[]) as t (id, reached, since) where i.id = t.id`,
    [changed.map((c) => c.incidentId), changed.map((c) => c.reached), changed.map((c) => c.since)],
  );
}
