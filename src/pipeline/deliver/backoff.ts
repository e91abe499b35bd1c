import type { FailureKind } from '../../channels/channel.ts';

const second = 1_000;
const minute = 60 * second;

/**
 * Waits after the n-th failure. Early ones are short, because most faults pass; later ones leave a greylisting server
 * (which wants to see the same sender again after 5 minutes or more) and a dead relay in peace.
 */
const transientMs = [5 * second, 15 * second, 30 * second, minute, 2 * minute, 5 * minute, 10 * minute] as const;
/** Somebody has to change a setting; WeCom takes about a minute to apply one. */
const configMs = [minute, 2 * minute, 5 * minute] as const;

/** How long to wait before the next attempt, in ms. `failures` counts from 1. */
export function backoffMs(kind: FailureKind, failures: number, retryAfterMs: number | null): number {
  const steps = kind === 'config' ? configMs : transientMs;
  const step = steps[Math.min(failures, steps.length) - 1] ?? transientMs[0];
  return Math.max(step, retryAfterMs ?? 0);
}
