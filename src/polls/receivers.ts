/** Learns by which receivers of their Alertmanagers the sources post here. */
import type { Db } from '../store/db.ts';

/** Names and sources are bounded: whoever posts under ever new names is not followed. */
const rememberedAtMost = 10_000;
const receiversAtMost = 100;

/** A receiver is stored when it is first seen by this process. */
export interface Receivers {
  note(sourceId: number, receiver: string | null, now: Date): void;
}

export function createReceivers(db: Db, onFault: (error: unknown) => void): Receivers {
  const seen = new Set<string>();
  return {
    note(sourceId, receiver, now) {
      if (receiver === null || receiver === '') return;
      const key = `${sourceId} ${receiver}`;
      if (seen.has(key)) return;
      if (seen.size >= rememberedAtMost) seen.clear();
      seen.add(key);
      store(db, { sourceId, receiver, now }).catch((error: unknown) => {
        seen.delete(key);
        onFault(error);
      });
    },
  };
}

async function store(
  db: Db,
  { sourceId, receiver, now }: { sourceId: number; receiver: string; now: Date },
): Promise<void> {
  await db.query(
    `insert into source_receiver (source_id, receiver, seen_at)
     select $1, $2, $3 where exists (select from source where id = $1)
       and (select count(*) from source_receiver where source_id = $1) < $4
     on conflict (source_id, receiver) do update set seen_at = excluded.seen_at`,
    [sourceId, receiver.slice(0, 500), now, receiversAtMost],
  );
}
