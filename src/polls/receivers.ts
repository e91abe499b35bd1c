/** Learns by which receivers of their Alertmanagers the sources post here. */
import type { Db } from '../store/db.ts';

/** Names and sources are bounded: whoever posts under ever new names is not followed. */
const rememberedAtMost = 10_000;
const receiversAtMost = 100;

/** So long is a receiver believed by which nothing is posted any more: it may lead elsewhere by now. */
export const receiverLastsMs = 7 * 24 * 3_600_000;
const storedAgainAfterMs = 24 * 3_600_000;

/** A receiver is stored when it is first seen by this process, and then once a day. */
export interface Receivers {
  note(sourceId: number, receiver: string | null, now: Date): void;
}

export function createReceivers(db: Db, onFault: (error: unknown) => void): Receivers {
  /** When each was stored last. */
  const seen = new Map<string, number>();
  return {
    note(sourceId, receiver, now) {
      if (receiver === null || receiver === '') return;
      const key = `${sourceId} ${receiver}`;
      const ageMs = now.getTime() - (seen.get(key) ?? Number.NEGATIVE_INFINITY);
      // A stored time that lies in the future is of a clock that was set back.
      if (ageMs >= 0 && ageMs < storedAgainAfterMs) return;
      if (seen.size >= rememberedAtMost) seen.clear();
      seen.set(key, now.getTime());
      store(db, { sourceId, receiver, now }).catch((error: unknown) => {
        seen.delete(key);
        onFault(error);
      });
    },
  };
}

/** The oldest goes for a new one when there are too many. */
async function store(
  db: Db,
  { sourceId, receiver, now }: { sourceId: number; receiver: string; now: Date },
): Promise<void> {
  await db.query(
    `with gone as (
       delete from source_receiver where source_id = $1 and receiver in (
         select receiver from source_receiver where source_id = $1 and receiver <> $2
         order by seen_at desc, receiver offset $4 - 1))
     insert into source_receiver (source_id, receiver, seen_at)
     select $1, $2, $3 where exists (select from source where id = $1)
     on conflict (source_id, receiver) do update set seen_at = excluded.seen_at`,
    [sourceId, receiver.slice(0, 500), now, receiversAtMost],
  );
}
