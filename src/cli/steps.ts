/** Steps of *explain* as lines of text. */
import { z } from 'zod';

export const labelsShape = z.record(z.string(), z.string());
export const stepShape = z.object({
  at: z.string(),
  stage: z.string(),
  reason: z.string(),
  text: z.string(),
  destination: z.object({ channel: z.string() }).nullish(),
});
export type Step = z.output<typeof stepShape>;

/** One line each, in columns. */
export function stepLines(steps: readonly Step[]): string {
  const stages = Math.max(...steps.map((step) => step.stage.length));
  const reasons = Math.max(...steps.map((step) => reasonText(step).length));
  return steps
    .map(
      (step) =>
        `${timeText(step.at)}  ${step.stage.padEnd(stages)}  ${reasonText(step).padEnd(reasons)}  ${step.text}\n`,
    )
    .join('');
}

/** What the outbox keeps has been accepted by nobody. */
export function reasonText({ reason, destination }: Pick<Step, 'reason' | 'destination'>): string {
  return destination?.channel === 'outbox' && reason === 'accepted' ? 'kept' : reason;
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
