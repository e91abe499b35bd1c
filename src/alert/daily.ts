/** When a daily message is due. Pure. */
import { digestFrom } from './digest.ts';
import { momentOf, readingAt } from './wall-clock.ts';

/** A time of day in a zone, as far as a daily message goes by it. */
export interface DailyTime {
  /** Minutes since midnight. */
  minute: number;
  zone: string;
}

/** Later than that it is not made up for: the next one is nearer. */
export const dailyLateMs = 12 * 3_600_000;

/** One day of a calendar, with its first moment and that of the next day. */
export interface Day {
  /** `2026-01-31` */
  date: string;
  from: Date;
  to: Date;
}

/** Its last time up to now, and the day before that one; null: that is too long ago. */
export function lastDaily({ minute, zone }: DailyTime, now: Date): { at: Date; date: string; before: Day } | null {
  const today = readingAt(zone, now.getTime()).day;
  for (const day of [today, today - 1]) {
    const at = momentOf(zone, { day, minute });
    if (at > now.getTime()) continue;
    if (now.getTime() - at >= dailyLateMs) return null;
    return { at: new Date(at), date: dateOf(day), before: dayAt(zone, day - 1) };
  }
  return null;
}

/** Its next time after now. */
export function nextDaily({ minute, zone }: DailyTime, now: Date): Date {
  return digestFrom({ zone, minutes: [minute] }, new Date(now.getTime() + 1));
}

function dayAt(zone: string, day: number): Day {
  const midnight = (of: number) => new Date(momentOf(zone, { day: of, minute: 0 }));
  return { date: dateOf(day), from: midnight(day), to: midnight(day + 1) };
}

function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
