/** How far the escalation of an incident has come, as its page shows it. Pure. */
import { z } from 'zod';
import type { AlertGroup } from '../alert/config.ts';
import { formatDuration } from '../alert/duration.ts';
import { isoOrNull, time } from './fields.ts';
import type { IncidentRow } from './incident-row.ts';

const names = z.array(z.string());

export const escalationView = z
  .object({
    counting_since: time.nullable().describe('Since when nobody has acknowledged it; null: just now nothing counts'),
    steps: z.array(
      z.object({
        after: z.string(),
        reached: z.boolean(),
        at: time.nullable().describe('When it will be reached, if nobody acknowledges; null: it is, or nothing counts'),
        members: names,
        schedules: names,
        robots: names,
      }),
    ),
  })
  .describe('Who is told next when nobody acknowledges; the steps of the alert group as it is now');
export type EscalationView = z.infer<typeof escalationView>;

type Facts = Pick<IncidentRow, 'escalated_steps' | 'unacknowledged_since' | 'closed_at'>;

/** When its next step is reached unless somebody acknowledges; null: by itself never. */
export function nextStepAt(row: Facts, group: Pick<AlertGroup, 'escalation'> | undefined): Date | null {
  const next = group?.escalation[row.escalated_steps];
  if (next === undefined || row.unacknowledged_since === null || row.closed_at !== null) return null;
  return new Date(row.unacknowledged_since.getTime() + next.afterMs);
}

/** Its steps, reached and to come. */
export function escalationOf(row: Facts, group: Pick<AlertGroup, 'escalation'> | undefined): EscalationView {
  const since = row.closed_at === null ? row.unacknowledged_since : null;
  const called = (all: readonly { name: string }[]) => all.map(({ name }) => name);
  return {
    counting_since: isoOrNull(since),
    steps: (group?.escalation ?? []).map(({ afterMs, members, schedules, robots }, index) => {
      const reached = index < row.escalated_steps;
      return {
        ...{ after: formatDuration(afterMs), reached },
        at: reached || since === null ? null : new Date(since.getTime() + afterMs).toISOString(),
        ...{ members: called(members), schedules: called(schedules), robots: called(robots) },
      };
    }),
  };
}
