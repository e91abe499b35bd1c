/** The strips of all streams, read for the page. */
import type { Queryable } from '../store/db.ts';
import { loadOutages } from '../store/outages.ts';
import { type StateChange, type StripPiece, stripMs, stripOf, stripStepMs } from './strip.ts';
import type { HeartbeatView } from './watchdog.ts';

/** @returns the strip of each of `views`, by its id */
export async function readStrips(
  db: Queryable,
  views: readonly Pick<HeartbeatView, 'id' | 'state' | 'firstBeatAt'>[],
  now: Date,
): Promise<Map<number, StripPiece[]>> {
  const since = new Date(now.getTime() - stripMs - stripStepMs);
  const outages = await loadOutages(db, since);
  const changes = await loadChanges(db, since);
  return new Map(
    views.map((view) => [view.id, stripOf({ ...view, changes: changes.get(view.id) ?? [], outages }, now)]),
  );
}

async function loadChanges(db: Queryable, since: Date): Promise<Map<number, StateChange[]>> {
  const { rows } = await db.query<StateChange & { stream_id: number }>(
    'select stream_id, at, was, state from heartbeat_change where at > $1 order by at, id',
    [since],
  );
  const changes = new Map<number, StateChange[]>();
  for (const { stream_id, ...change } of rows) changes.set(stream_id, [...(changes.get(stream_id) ?? []), change]);
  return changes;
}
