/** What the last polls showed of heartbeats. */
import type { PollView, ReadPolls, StreamKey } from '../alert/poll-view.ts';
import type { Db } from '../store/db.ts';

interface Row extends Record<string, unknown> {
  source_id: number;
  kind: 'alertmanager' | 'prometheus';
  member: string;
  answers: boolean;
  beats: Record<string, number>;
}

/** What is older than so many intervals says nothing of now. */
const intervals = 4;

export function createReadPolls({ db, now, intervalMs }: { db: Db; now: () => Date; intervalMs: number }): ReadPolls {
  return async (streams) => {
    const { rows } = await db.query<Row>(
      `select source_id, kind, member, misses = 0 as answers, beats from poll_member
       where source_id = any($1::int[]) and polled_at > $2 order by member`,
      [streams.map(({ sourceId }) => sourceId), new Date(now().getTime() - intervals * intervalMs)],
    );
    return streams.map((stream) => viewOf(rows, stream));
  };
}

function viewOf(rows: readonly Row[], { sourceId, fingerprint }: StreamKey): PollView | null {
  const own = rows.filter((row) => row.source_id === sourceId);
  if (own.length === 0) return null;
  const prometheus = own.find(({ kind }) => kind === 'prometheus');
  const members = own.filter(({ kind }) => kind === 'alertmanager');
  return {
    members: members.map(({ member, answers, beats }) => ({
      ...{ member, answers },
      heldMs: answers ? (beats[fingerprint] ?? null) : null,
    })),
    prometheusAnswers: prometheus?.answers ?? null,
  };
}
