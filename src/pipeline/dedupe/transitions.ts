/** The changes of alerts that are kept for backtests. */
import type { Db } from '../../store/db.ts';
import { fires } from './dedupe.ts';
import type { AlertEpisode } from './derive.ts';

/** A reporter, as far as it tells when it was heard. */
export interface Heard {
  firingAt: Date;
  resolvedAt: Date | null;
  /** Null: long ago. */
  firstSeen: Date | null;
  /** When it said last what it has not said before. */
  lastSeen: Date;
}

/**
 * When what changed an alert was reported: a decision may look at it as late as `group_wait` after that, and with another
 * configuration another one would have looked sooner. What changes without a report changes when we notice. Pure.
 */
export function heardAt(before: AlertEpisode, after: AlertEpisode, reporters: readonly Heard[], now: Date): Date {
  const began = after.state === 'firing' && after.episode > before.episode;
  if (!began && after.state !== 'resolved') return now;
  const said = began ? whoSaidSince(after.since, reporters.filter(fires)) : reporters.filter((r) => !fires(r));
  const times = said.map((r) => timeOf(r).getTime());
  if (times.length === 0) return now;
  const at = began ? Math.min(...times) : Math.max(...times);
  return new Date(Math.min(now.getTime(), Math.max(before.changedAt.getTime(), at)));
}

/** `group_wait` counts from the earliest start: whoever was heard first may have said a later one. */
function whoSaidSince(since: Date, firing: readonly Heard[]): readonly Heard[] {
  const first = firing.filter((r) => r.firingAt <= since);
  return first.length > 0 ? first : firing;
}

/** A start that shifts is written anew; who never said that it ended has fired since it was first heard. */
function timeOf({ resolvedAt, firstSeen, lastSeen }: Heard): Date {
  return resolvedAt === null ? (firstSeen ?? lastSeen) : lastSeen;
}

const batch = 1_000;

/** Forgets what changed before `before`. Returns how many changes went. */
export async function retainTransitions(db: Db, before: Date): Promise<number> {
  let deleted = 0;
  for (let count = batch; count === batch; deleted += count) {
    const { rowCount } = await db.query(
      `delete from transition t using (
         select heard_at, id from transition where heard_at < $1 order by heard_at, id limit $2) old
       where t.heard_at = old.heard_at and t.id = old.id`,
      [before, batch],
    );
    count = rowCount ?? 0;
  }
  return deleted;
}
