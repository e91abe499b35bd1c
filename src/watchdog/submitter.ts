/** Keeps what the pipeline was told equal to the alarms that are out. */
import type { Alarm, Submit } from '../alert/alarm.ts';
import { withdrawnAlarm } from './alarms.ts';

/** An alarm that is out is repeated this often, so that it never counts as "no longer reported" (rule 2). */
export const repeatAlarmMs = 5 * 60_000;

/** What the streams say at one tick. */
export interface AlarmsNow {
  /** The alarms that are out, each with the id of its stream. */
  out: readonly { streamId: number; alarm: Alarm }[];
  recovered: readonly Alarm[];
  /** Streams that could not be decided: their alarms stay as they are. */
  undecided: ReadonlySet<number>;
  /** Streams without an alarm: if this process still knows one, another has submitted its recovery. */
  calm: ReadonlySet<number>;
}

interface Submitted {
  streamId: number;
  alarm: Alarm;
  at: Date;
}

/**
 * Makes the function that submits the difference between the alarms that are out and what this process has submitted:
 * new ones, repeats, recoveries, and the end of those whose stream is gone. Every process submits what is out at least
 * once, so nothing depends on the one that raised it. When `submit` fails, the next call does all of it again.
 */
export function createSubmitter(submit: Submit): (alarms: AlarmsNow, now: Date) => Promise<void> {
  const submitted = new Map<string, Submitted>();

  function isDue(alarm: Alarm, now: Date): boolean {
    const before = submitted.get(keyOf(alarm));
    if (before === undefined || before.alarm.startsAt.getTime() !== alarm.startsAt.getTime()) return true;
    return Math.abs(now.getTime() - before.at.getTime()) >= repeatAlarmMs;
  }

  return async (alarms, now) => {
    const raised = alarms.out.filter(({ alarm }) => isDue(alarm, now));
    for (const [key, { streamId }] of submitted) if (alarms.calm.has(streamId)) submitted.delete(key);
    const known = new Set([...alarms.out.map(({ alarm }) => alarm), ...alarms.recovered].map(keyOf));
    const withdrawn = [...submitted]
      .filter(([key, { streamId }]) => !known.has(key) && !alarms.undecided.has(streamId))
      .map(([, { alarm }]) => withdrawnAlarm(alarm, now));
    const ended = [...alarms.recovered, ...withdrawn];
    const all = [...raised.map(({ alarm }) => alarm), ...ended];
    if (all.length === 0) return;
    await submit(all);
    for (const { streamId, alarm } of raised) submitted.set(keyOf(alarm), { streamId, alarm, at: now });
    for (const alarm of ended) submitted.delete(keyOf(alarm));
  };
}

function keyOf(alarm: Alarm): string {
  return JSON.stringify(alarm.labels);
}
