/** When an alert group's mute and active times keep it quiet. Pure. */
import type { Policy, Recurrence } from './config.ts';
import { isActive, spanAt } from './time-interval.ts';

/** Why an alert group tells nobody at a moment. */
export interface Muted {
  /** The mute time that is active; null: none of its active times is. */
  interval: string | null;
  /** When somebody is told again; null: not within ten years. */
  until: Date | null;
}

type Times = Pick<Policy, 'muteTimes' | 'activeTimes'>;

/** Ends that follow each other without a gap are looked through, so many at most: then it is asked again. */
const looksAtMost = 50;

/** Alertmanager's `mute_time_intervals` and `active_time_intervals`: what keeps a group quiet now, null: nothing does. */
export function mutedAt(times: Times, now: Date): Muted | null {
  const first = blockAt(times, now);
  if (first === null) return null;
  let { until } = first;
  for (let look = 0; look < looksAtMost && until !== null; look++) {
    const next = blockAt(times, until);
    if (next === null) break;
    until = next.until;
  }
  return { interval: first.interval, until };
}

/** When a group that is not quiet now is so next; null: never, or not within ten years. */
export function mutedFrom({ muteTimes, activeTimes }: Times, now: Date): Date | null {
  const begins = muteTimes === null ? null : spanAt(muteTimes.together, now).until;
  const ends = activeTimes === null ? null : spanAt(activeTimes.together, now).until;
  if (begins === null || ends === null) return begins ?? ends;
  return new Date(Math.min(begins.getTime(), ends.getTime()));
}

function blockAt({ muteTimes, activeTimes }: Times, at: Date): Muted | null {
  if (muteTimes !== null) {
    const { active, until } = spanAt(muteTimes.together, at);
    if (active) return { interval: nameIn(muteTimes, at), until };
  }
  if (activeTimes === null) return null;
  const { active, until } = spanAt(activeTimes.together, at);
  return active ? null : { interval: null, until };
}

function nameIn({ intervals }: Recurrence, at: Date): string | null {
  return intervals.find(({ interval }) => isActive(interval, at))?.name ?? null;
}
