/** What the figures of a backtest say. Pure. */
import type { BeforeAfter, Comparison, Receiver, Timeline } from '../../client/backtest-types.ts';

export const changeOf = ({ before, after }: BeforeAfter): number => after - before;

const same = ({ before, after }: BeforeAfter): boolean => before === after;

/** Whether everybody would be told the same as now, and at the same time. */
export function changesNothing({ messages, incidents, limited, timeline, receivers, criticals }: Comparison): boolean {
  const { told, later, never, sooner } = criticals;
  return (
    [messages, incidents, limited, told].every(same) &&
    later + never + sooner === 0 &&
    receivers.every((one) => [one.messages, one.reminders, one.limited].every(same)) &&
    timeline.before.every((n, i) => n === timeline.after[i])
  );
}

/** People and rooms that get messages, and would get none on any channel. */
export function silencedOf(receivers: readonly Receiver[]): ReadonlySet<string> {
  const told = (one: Receiver) => one.messages.after > 0;
  const still = new Set(receivers.filter(told).map(whoOf));
  return new Set(receivers.filter((one) => one.stops && !still.has(whoOf(one))).map(whoOf));
}

/** Whose a receiver is: somebody has several, one on each channel. */
export const whoOf = ({ kind, name }: Receiver): string => `${kind} ${name}`;

/** The timeline from where anything is known. */
export function knownPart(timeline: Timeline, knownSince: string | null): Timeline {
  const { starts_at, step_ms, before, after } = timeline;
  const unknownMs = knownSince === null ? 0 : Date.parse(knownSince) - Date.parse(starts_at);
  const parts = Math.min(before.length - 1, Math.max(0, Math.floor(unknownMs / step_ms)));
  return {
    starts_at: new Date(Date.parse(starts_at) + parts * step_ms).toISOString(),
    ...{ step_ms, before: before.slice(parts), after: after.slice(parts) },
  };
}

/** The part of the time with the most messages, the first of several; null: there is no message. */
export function peakOf({ starts_at, step_ms }: Timeline, messages: readonly number[]) {
  const most = Math.max(0, ...messages);
  if (most === 0) return null;
  const from = Date.parse(starts_at) + messages.indexOf(most) * step_ms;
  return { messages: most, from, to: from + step_ms };
}

/** Columns for a plot: when each part begins, in seconds, and what went out in it. The last one ends, too. */
export function columnsOf({ starts_at, step_ms, before, after }: Timeline): [number[], number[], number[]] {
  const first = Date.parse(starts_at);
  const lasting = (messages: readonly number[]) => [...messages, messages.at(-1) ?? 0];
  return [lasting(before).map((_, i) => (first + i * step_ms) / 1_000), lasting(before), lasting(after)];
}
