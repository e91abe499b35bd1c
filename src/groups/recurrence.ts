/** From the stored time intervals to what a silence recurs by, and what answers say of both. */
import type { Recurrence } from '../alert/config.ts';
import { activityOf } from '../alert/silence.ts';
import { isActive, nextChange, type TimeInterval } from '../alert/time-interval.ts';
import { parseTimeInterval, type WindowText } from '../alert/time-interval-text.ts';
import type { Queryable } from '../store/db.ts';
import type { View } from './crud.ts';

/** A stored time interval. */
export interface IntervalRow {
  name: string;
  time_intervals: readonly WindowText[];
}

/** Compiles stored time intervals, by name. One that cannot be read must not take the others with it. */
export function compileIntervals(
  rows: readonly IntervalRow[],
  log: { error(facts: object, text: string): void },
): Map<string, TimeInterval> {
  return new Map(
    rows.map(({ name, time_intervals }): [string, TimeInterval] => {
      try {
        return [name, parseTimeInterval(time_intervals)];
      } catch (error) {
        log.error({ err: error, of: `time interval ${name}` }, 'a stored time interval cannot be read: never active');
        return [name, []];
      }
    }),
  );
}

/** Null: it hides all the time. An interval that is not there is never active: rather somebody too many is told. */
export function recurrenceOf(
  names: readonly string[],
  intervals: ReadonlyMap<string, TimeInterval>,
): Recurrence | null {
  if (names.length === 0) return null;
  const named = names.map((name) => ({ name, interval: intervals.get(name) ?? [] }));
  return { intervals: named, together: named.flatMap(({ interval }) => interval) };
}

/** What cannot be read, the snapshot has logged. */
const logged = { error: () => {} };

/** Whether a time interval is active now, and when that changes. */
export const intervalView: View = ({ body }, now) => {
  const [interval = []] = compileIntervals([body as unknown as IntervalRow], logged).values();
  return { active_now: isActive(interval, now), next_change_at: nextChange(interval, now)?.toISOString() ?? null };
};

/**
 * A silence is pending, active or expired by its start and its end; whether it hides just now is `active_now`, which is
 * false while a recurring one pauses.
 */
export async function silenceView(db: Queryable): Promise<View> {
  const { rows } = await db.query<IntervalRow & Record<string, unknown>>(
    'select name, time_intervals from time_interval',
  );
  const intervals = compileIntervals(rows, logged);
  return ({ body }, now) => {
    const [startsAt, endsAt] = [new Date(String(body['starts_at'])), new Date(String(body['ends_at']))];
    const recurs = recurrenceOf((body['time_intervals'] as string[] | undefined) ?? [], intervals);
    const { active, until } = activityOf({ startsAt, endsAt, recurs }, now);
    return {
      state: endsAt <= now ? 'expired' : startsAt > now ? 'pending' : 'active',
      active_now: active,
      next_change_at: until?.toISOString() ?? null,
    };
  };
}
