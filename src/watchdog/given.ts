/** Alarms that were raised without the database, as the database has them: another replica may have raised them first. */
import type { Alarm } from '../alert/alarm.ts';
import { lostAlarm } from './alarms.ts';
import type { Raised } from './memory.ts';
import type { StoredRaise } from './missed.ts';

/**
 * What was found at another replica's raise is part of the labels, and so is the start: whatever is stored about an alarm
 * that was told from memory is about the one of the row.
 */
export function createGiven() {
  const stored = new WeakMap<Alarm, Alarm>();
  return {
    /** Learns how these are stored. @returns those whose stream has no alarm in the database */
    learn(raised: readonly Raised[], rows: readonly StoredRaise[]): Raised[] {
      const byId = new Map(rows.map((row) => [row.id, row]));
      return raised.filter(({ id, alarm, facts }) => {
        const row = byId.get(id);
        if (row === undefined) return true;
        stored.set(alarm, lostAlarm({ ...facts, stream: { ...facts.stream, blame: row.blame } }, row.alarmedAt));
        return false;
      });
    },
    /** What is not known to be stored otherwise is as it was raised. */
    asStored: (alarm: Alarm): Alarm => stored.get(alarm) ?? alarm,
  };
}
