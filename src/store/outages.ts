/**
 * The clock of our own absences. A row is rewritten at every tick, by whichever replica comes first; when it is older
 * than the tolerance, nobody was there: a restart, a lost database, a blocked event loop, or a clock that was set forward.
 */
import type { Outage } from '../alert/outage.ts';
import type { Queryable } from './db.ts';

/** A silence of ours that is longer than this is an absence. */
export const absenceToleranceMs = 10_000;

/** The row that says when somebody was last there. */
const ALIVE = 'alive';
/** The row that says since when a replica finds `alive` in its own future, while nobody moves it on. */
const BEHIND = 'behind';

interface Tick {
  now: Date;
  /** How often every replica ticks. */
  tickMs: number;
  toleranceMs: number;
}

/**
 * Says that we are here now, and records the absence that this ends, if any. Any number of replicas may call it.
 *
 * A replica whose clock is behind leaves the row alone while the others move it on. Only when it has not moved for
 * `toleranceMs` was the clock itself set back, and the row follows it: else two replicas whose clocks differ would see an
 * absence of the other at every tick, and no alarm could ever come due.
 *
 * @returns the absence that was recorded by this call
 */
export async function recordTick(db: Queryable, tick: Tick): Promise<Outage | null> {
  const { rows } = await db.query<{ name: string; at: Date }>('select name, at from tick where name = any($1)', [
    [ALIVE, BEHIND],
  ]);
  const alive = rows.find((row) => row.name === ALIVE)?.at;
  if (alive === undefined) {
    await insertTick(db, ALIVE, tick.now);
    return null;
  }
  const gapMs = tick.now.getTime() - alive.getTime();
  if (Math.abs(gapMs) < tick.tickMs / 2) return null;
  if (gapMs < 0) {
    await fallBehind(db, tick, alive, rows.find((row) => row.name === BEHIND)?.at);
    return null;
  }
  return moveOn(db, alive, tick.now, gapMs > tick.toleranceMs);
}

/** The absences that ended after `since`, the earliest first. */
export async function loadOutages(db: Queryable, since: Date): Promise<Outage[]> {
  const { rows } = await db.query<{ from_at: Date; to_at: Date }>(
    'select from_at, to_at from outage where to_at > $1 order by from_at, id',
    [since],
  );
  return rows.map((row) => ({ from: row.from_at, to: row.to_at }));
}

/**
 * The absences that are known, and the one that may have just ended: what is decided between the return of a lost database
 * and the next tick must not count it against anybody.
 */
export function withAbsence(outages: readonly Outage[], tickedAt: Date, now: Date): readonly Outage[] {
  const absent = now.getTime() - tickedAt.getTime() > absenceToleranceMs;
  return absent ? [...outages, { from: tickedAt, to: now }] : outages;
}

async function insertTick(db: Queryable, name: string, at: Date): Promise<void> {
  await db.query('insert into tick (name, at) values ($1, $2) on conflict (name) do nothing', [name, at]);
}

/** Moves the row from `alive` to now. Only one of several replicas that try at once does it, and records the absence. */
async function moveOn(db: Queryable, alive: Date, now: Date, absent: boolean): Promise<Outage | null> {
  const { rows } = await db.query(
    `with moved as (update tick set at = $2 where name = '${ALIVE}' and at = $1 returning name),
          level as (delete from tick where name = '${BEHIND}')
     insert into outage (from_at, to_at) select $1, $2 from moved where $3::boolean returning id`,
    [alive, now, absent],
  );
  return rows.length > 0 ? { from: alive, to: now } : null;
}

async function fallBehind(db: Queryable, tick: Tick, alive: Date, behind: Date | undefined): Promise<void> {
  if (behind === undefined) return insertTick(db, BEHIND, tick.now);
  const waitedMs = tick.now.getTime() - behind.getTime();
  const again = waitedMs < 0;
  if (again || waitedMs >= tick.toleranceMs) await stepBack(db, alive, tick.now);
}

/** What was recorded while the clock was ahead reaches into time that is still to come, and must not hide it. */
async function stepBack(db: Queryable, alive: Date, now: Date): Promise<void> {
  await db.query(
    `with moved as (update tick set at = $2 where name = '${ALIVE}' and at = $1 returning name),
          level as (delete from tick where name = '${BEHIND}'),
          unborn as (delete from outage where from_at >= $2)
     update outage set to_at = $2 where from_at < $2 and to_at > $2 and exists (select from moved)`,
    [alive, now],
  );
}
