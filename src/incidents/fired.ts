/** When a stored alert fired. */
import type { Stretch } from '../alert/past.ts';

/** Of a row: what says when its alert fired. */
export interface Fires {
  state: 'firing' | 'resolved' | 'stale' | 'expired';
  since: Date;
  ended_at: Date | null;
  /** Those that are over, in milliseconds since 1970. */
  periods: readonly (readonly [since: number, end: number])[];
}

/** Of `alert a`: when it ended. What began and ended before anybody decided it has its end only in what its reporters say. */
export const endedColumn = `case when a.episode > 0 then a.ended_at else (
    select max(r.resolved_at) from reporter r where r.alert_fingerprint = a.fingerprint
    having bool_and(r.resolved_at is not null and r.firing_at <= r.resolved_at)) end as ended_at`;

/** Every firing period that is known, the earliest first; the last may be going on. */
export function firingsOf({ state, since, ended_at, periods }: Fires): Stretch[] {
  const over = periods.map(([from, to]) => ({ from: new Date(from), to: new Date(to) }));
  const last = over.at(-1);
  if (last !== undefined && last.from.getTime() === since.getTime() && ended_at !== null) return over;
  // What was reported and not decided yet has no episode, and fires as far as anybody knows.
  const ends = state === 'firing' || state === 'stale' ? null : ended_at;
  return [...over, { from: since, to: ends }];
}

/** The firing periods that touch a window, both of whose ends belong to it. */
export function firingsIn(alert: Fires, { from, to }: { from: Date; to: Date }): Stretch[] {
  return firingsOf(alert).filter((one) => one.from <= to && (one.to === null || one.to >= from));
}
