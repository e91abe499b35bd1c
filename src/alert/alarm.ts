/** Our own alarms: they go through the same pipeline as every other alert. */
import type { Lane } from './alert.ts';
import type { Labels } from './labels.ts';

/**
 * One alarm. Submitting the same labels and `startsAt` again changes nothing, so whoever raises one may repeat it, and
 * must: an alarm that is not repeated is one day "no longer reported" (rule 2).
 */
export interface Alarm {
  labels: Labels;
  annotations: Labels;
  startsAt: Date;
  /** Null raises it, a date is its recovery. */
  endsAt: Date | null;
  lane: Lane;
  /** Name of the alert group that is told; null: the built-in group of its lane. */
  pinnedGroup: string | null;
}

/** Takes alarms into the pipeline; resolves when they are committed. */
export type Submit = (alarms: readonly Alarm[]) => Promise<void>;
