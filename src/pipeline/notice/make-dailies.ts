/** Makes the daily messages that are due, as far as what they say can be found out. */
import type { Snapshot } from '../../alert/config.ts';
import type { Day } from '../../alert/daily.ts';
import type { DailyFacts } from '../../alert/notice.ts';
import type { Db } from '../../store/db.ts';
import type { Members } from '../converge/destinations.ts';
import type { DueDaily } from './daily.ts';
import { countDay, type DailyParts, findPresent } from './daily-facts.ts';
import { type Made, saveNotices } from './save.ts';

interface Parts {
  db: Db;
  daily: DailyParts;
  onUnmade: (error: unknown, name: string) => void;
}

interface Facts {
  snapshot: Snapshot;
  reached: Members['reached'];
  now: Date;
}

/** Makes those that it can, and tells of each that it cannot: that one stays due. Returns the destinations that have something to be sent. */
export async function makeDailies(parts: Parts, due: readonly DueDaily[], facts: Facts): Promise<number[]> {
  const { db, onUnmade } = parts;
  const find = createFinder(parts, facts);
  const made: Made[] = [];
  for (const one of due) {
    const { key, message, at, yesterday } = one;
    try {
      const found = await find(yesterday);
      const notice = { kind: 'daily_message' as const, name: message.name, dueAt: at.toISOString(), ...found };
      made.push({ key, notice, to: facts.reached(message) });
    } catch (error) {
      onUnmade(error, message.name);
    }
  }
  return saveNotices(db, made, facts.now).catch((error: unknown) => {
    for (const { message } of due) onUnmade(error, message.name);
    return [];
  });
}

/** Finds out what holds now once, and what happened on a day once for all who count that day. */
function createFinder({ db, daily }: Parts, { snapshot, now }: Facts): (day: Day) => Promise<DailyFacts> {
  let present: ReturnType<typeof findPresent> | null = null;
  const days = new Map<string, ReturnType<typeof countDay>>();
  return async (day) => {
    present ??= findPresent(db, snapshot, { daily, now });
    const facts = await present;
    const key = `${day.from.toISOString()} ${day.to.toISOString()}`;
    const yesterday = days.get(key) ?? countDay(db, day);
    days.set(key, yesterday);
    return { ...facts, yesterday: await yesterday };
  };
}
