/** Whether an alert comes and goes too often, and what pauses are too short to count. Pure. */
import type { Flapping } from '../../alert/config.ts';
import type { StoredAlert } from './load.ts';

type Times = Pick<StoredAlert, 'state' | 'episode' | 'since' | 'periods'>;

/** A firing period with the pauses that do not count, in milliseconds since 1970. */
export interface Spell {
  since: number;
  /** Null while it lasts. */
  end: number | null;
  /** Its first episode. */
  episode: number;
}

/**
 * The firing periods of an alert as a policy sees them, oldest first: those with a pause of at most `keepMs` between them are
 * one, as Prometheus's `keep_firing_for` makes them.
 */
export function spellsOf({ state, episode, since, periods }: Times, keepMs: number): Spell[] {
  const lasts = state === 'firing' || state === 'stale';
  const all: [since: number, end: number | null][] = periods.map(([from, to]) => [from, to]);
  if (lasts) all.push([since.getTime(), null]);
  const first = episode - all.length + 1;
  const spells: Spell[] = [];
  all.forEach(([from, end], i) => {
    const last = spells.at(-1);
    if (keepMs > 0 && last !== undefined && last.end !== null && from - last.end <= keepMs) last.end = end;
    else spells.push({ since: from, end, episode: first + i });
  });
  return spells;
}

/**
 * Until when an alert with these firing periods flaps, null when it does not. It begins when it has changed more often than
 * the policy allows within its time, and ends when at most half as many changes lie in it: else it would begin and end
 * itself all the time.
 */
export function flappingUntil(spells: readonly Spell[], policy: Flapping, now: Date): Date | null {
  const { changes, withinMs } = policy;
  const calm = Math.floor(changes / 2);
  let window: number[] = [];
  let flaps = false;
  const moveTo = (at: number) => {
    window = window.filter((change) => change > at - withinMs);
    if (window.length <= calm) flaps = false;
  };
  for (const change of spells.flatMap(({ since, end }) => (end === null ? [since] : [since, end]))) {
    if (change > now.getTime()) break;
    moveTo(change);
    window.push(change);
    if (window.length > changes) flaps = true;
  }
  moveTo(now.getTime());
  return flaps ? new Date((window[window.length - calm - 1] as number) + withinMs) : null;
}
