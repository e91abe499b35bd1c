/** When more begins in one alert group than anybody can read piece by piece. Pure. */
import type { Storm } from '../../alert/config.ts';

/** What is known of an alert group's last storm. */
export interface StormState {
  /** Null: there was none. */
  beganAt: Date | null;
  /** When it is told of first; its other times follow at intervals. */
  firstAt: Date | null;
  /** Null: it goes on. */
  endedAt: Date | null;
  /** Alerts that have begun since it began, those that made it one among them. */
  alerts: number;
  /** When alerts have begun lately, in milliseconds since 1970, and how many, oldest first. */
  recent: readonly (readonly [atMs: number, alerts: number])[];
}

/** There has been no storm. */
export const calm: StormState = { beganAt: null, firstAt: null, endedAt: null, alerts: 0, recent: [] };

/** When messages of a storm are sent. */
export interface Slots extends Storm {
  /** The first message comes so long after the first of the alerts that made it one began. */
  groupWaitMs: number;
}

/** What began at times that are this near to each other is counted at one of them. */
const grains = 20;

/** Alerts that are counted, and when the first of them began. */
export interface Begun {
  alerts: number;
  since: Date;
}

/** The state when alerts have begun that nothing keeps from being told: with enough of them within the time, a storm begins. */
export function afterBegin(before: StormState, { alerts, since }: Begun, slots: Slots, now: Date): StormState {
  const state = stormAt(before, slots, now);
  if (alerts === 0) return state;
  const recent = counted(state.recent, alerts, slots, now);
  if (isOn(state)) return { ...state, alerts: state.alerts + alerts, recent };
  const within = sumSince(recent, now.getTime() - slots.withinMs);
  if (within <= slots.alerts) return { ...state, recent };
  const firstAt = new Date(Math.max(now.getTime(), since.getTime() + slots.groupWaitMs));
  return { beganAt: now, firstAt, endedAt: null, alerts: within, recent };
}

/** The state at a later time: a storm is over at the first of its messages before which no more than usual began. */
export function stormAt(state: StormState, slots: Slots, now: Date): StormState {
  if (state.firstAt === null || state.endedAt !== null) return state;
  const first = state.firstAt.getTime();
  // Whoever counted last has looked at all before: it went on.
  const countedAt = state.recent.at(-1)?.[0] ?? first;
  const gone = Math.max(0, Math.floor((countedAt - first) / slots.intervalMs));
  for (let slot = first + (gone + 1) * slots.intervalMs; slot <= now.getTime(); slot += slots.intervalMs) {
    const began = sumSince(state.recent, slot - slots.withinMs);
    if (began <= slots.alerts) return { ...state, endedAt: new Date(slot) };
  }
  return state;
}

/** Whether the storm goes on. */
export function isOn({ beganAt, endedAt }: StormState): boolean {
  return beganAt !== null && endedAt === null;
}

/** The last time at which a message of the storm was due, if it is not to come yet, and the next. */
export function slotsAt(firstAt: Date, intervalMs: number, now: Date): { last: Date | null; next: Date } {
  const first = firstAt.getTime();
  if (now < firstAt) return { last: null, next: firstAt };
  const last = first + Math.floor((now.getTime() - first) / intervalMs) * intervalMs;
  return { last: new Date(last), next: new Date(last + intervalMs) };
}

function counted(recent: StormState['recent'], alerts: number, { withinMs }: Slots, now: Date): StormState['recent'] {
  // Times that are looked at from now on lie after it.
  const kept = recent.filter(([at]) => at > now.getTime() - withinMs - withinMs / grains);
  const last = kept.at(-1);
  const near = last !== undefined && now.getTime() - last[0] < withinMs / grains;
  if (near) return [...kept.slice(0, -1), [last[0], last[1] + alerts]];
  return [...kept, [now.getTime(), alerts]];
}

function sumSince(recent: StormState['recent'], afterMs: number): number {
  return recent.reduce((sum, [at, alerts]) => (at > afterMs ? sum + alerts : sum), 0);
}
