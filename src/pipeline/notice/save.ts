/** Stores notices that were made, with a notification for each of their destinations. */
import type { Notice } from '../../alert/notice.ts';
import type { Db, Queryable } from '../../store/db.ts';
import { saveSteps } from '../steps.ts';

/** A notice with the destinations that it goes to: none, where there is nothing to say and that shall be remembered. */
export interface Made {
  key: string;
  notice: Notice;
  to: readonly number[];
}

/**
 * The key keeps another replica from making it too: whoever comes second makes nothing. Returns the destinations that have
 * something to be sent.
 */
export async function saveNotices(db: Db, made: readonly Made[], now: Date): Promise<number[]> {
  return made.length === 0 ? [] : db.transaction((tx) => insert(tx, made, now));
}

async function insert(tx: Queryable, made: readonly Made[], now: Date): Promise<number[]> {
  const to = made.flatMap((one) => one.to.map((destinationId) => ({ key: one.key, destinationId })));
  const { rows } = await tx.query<{ id: string; destination_id: number; kind: Notice['kind']; key: string }>(
    `with made as (
       insert into notice (kind, key, facts, created_at)
       select t.kind, t.key, t.facts::jsonb, $4 from unnest($1::text[], $2::text[], $3::text[]) as t (kind, key, facts)
       on conflict (key) do nothing returning id, kind, key),
     sent as (
       insert into notification (destination_id, notice_id, sequence, state, reason, next_at, created_at)
       select t.destination_id, m.id, 1, 'pending', m.kind, $4, $4
       from unnest($5::text[], $6::int[]) as t (key, destination_id) join made m using (key)
       returning id, destination_id, notice_id)
     select s.id, s.destination_id, m.kind, m.key from sent s join made m on m.id = s.notice_id`,
    [
      made.map((m) => m.notice.kind),
      made.map((m) => m.key),
      made.map((m) => JSON.stringify(m.notice)),
      now,
      to.map((t) => t.key),
      to.map((t) => t.destinationId),
    ],
  );
  const steps = rows.map(({ id, destination_id, kind, key }) => ({
    ...{ stage: 'converge' as const, reason: kind, notificationId: id, destinationId: destination_id },
    detail: { notice: key },
  }));
  await saveSteps(tx, steps, now);
  return [...new Set(rows.map((row) => row.destination_id))];
}
