/** Steps of *explain* as lines of text. */
import { z } from 'zod';

export const labelsShape = z.record(z.string(), z.string());
export const stepShape = z.object({ at: z.string(), stage: z.string(), reason: z.string(), text: z.string() });
export type Step = z.output<typeof stepShape>;

/** One line each, in columns. */
export function stepLines(steps: readonly Step[]): string {
  const stages = Math.max(...steps.map((step) => step.stage.length));
  const reasons = Math.max(...steps.map((step) => step.reason.length));
  return steps
    .map(
      ({ at, stage, reason, text }) => `${timeText(at)}  ${stage.padEnd(stages)}  ${reason.padEnd(reasons)}  ${text}\n`,
    )
    .join('');
}

/** `2026-01-05 08:00:00Z` */
export function timeText(at: string): string {
  return at.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
}

/** `{a="1", b="2"}` */
export function labelText(set: Readonly<Record<string, string>>): string {
  return `{${Object.entries(set)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')}}`;
}
