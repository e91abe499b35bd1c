/** From the stored time intervals to what a silence recurs by, and what answers say of both. */
import type { Recurrence, Snapshot } from '../alert/config.ts';
import { activityOf } from '../alert/silence.ts';
import { spanAt, type TimeInterval } from '../alert/time-interval.ts';
import { parseTimeInterval, type WindowText } from '../alert/time-interval-text.ts';
import type { View } from './crud.ts';
import type { Body } from './kinds.ts';

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

/** Whether time intervals are active now, and when that changes. */
export function intervalView({ timeIntervals }: Snapshot): View {
  return ({ body }, now) => {
    const { active, until } = spanAt(timeIntervals.get(String(body['name'])) ?? [], now);
    return { active_now: active, next_change_at: until?.toISOString() ?? null };
  };
}

/** What is said of a silence beside its body. */
export type SilenceMoment = {
  /** By its start and its end. */
  state: 'pending' | 'active' | 'expired';
  /** Whether it hides just now: false while a recurring one pauses. */
  active_now: boolean;
  next_change_at: string | null;
};

/** What is said of silences. A snapshot has none that has long ended. */
export function silenceView(snapshot: Snapshot): (...of: Parameters<View>) => SilenceMoment {
  const silences = new Map(snapshot.silences.map((silence) => [silence.id, silence]));
  return ({ id, body }, now) => {
    const silence = silences.get(String(id));
    const { active, until } = silence === undefined ? { active: false, until: null } : activityOf(silence, now);
    return { state: stateOf(body, now), active_now: active, next_change_at: until?.toISOString() ?? null };
  };
}

function stateOf(body: Body, now: Date): SilenceMoment['state'] {
  if (new Date(String(body['ends_at'])) <= now) return 'expired';
  return new Date(String(body['starts_at'])) > now ? 'pending' : 'active';
}
