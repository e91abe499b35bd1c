/** When a silence hides: from its start to its end, and if it recurs only while one of its time intervals is active. */
import type { Silence } from './config.ts';
import { isActive, spanAt } from './time-interval.ts';

/** A silence at a moment. */
export interface Activity {
  /** It hides what it matches. */
  active: boolean;
  /** When that changes; null: not any more, or not within ten years. */
  until: Date | null;
}

type Times = Pick<Silence, 'startsAt' | 'endsAt' | 'recurs'>;

/** Whether a silence hides at a moment, and when that changes. Pure. */
export function activityOf({ startsAt, endsAt, recurs }: Times, now: Date): Activity {
  if (endsAt <= now) return { active: false, until: null };
  if (startsAt > now) return { active: false, until: firstActive({ startsAt, endsAt, recurs }) };
  if (recurs === null) return { active: true, until: endsAt };
  const { active, until } = spanAt(recurs.together, now, endsAt);
  if (until !== null && until < endsAt) return { active, until };
  return { active, until: active ? endsAt : null };
}

function firstActive({ startsAt, endsAt, recurs }: Times): Date | null {
  if (recurs === null || isActive(recurs.together, startsAt)) return startsAt;
  const { until } = spanAt(recurs.together, startsAt, endsAt);
  return until !== null && until < endsAt ? until : null;
}

/** The name of the interval that lets a silence hide now, null for one that does not recur. Pure. */
export function intervalInForce({ recurs }: Pick<Silence, 'recurs'>, now: Date): string | null {
  return recurs?.intervals.find(({ interval }) => isActive(interval, now))?.name ?? null;
}
