/** The noise report as the API shows it. */
import { z } from 'zod';
import { formatDuration } from '../alert/duration.ts';
import type { Proposal } from './propose.ts';
import type { NoiseRow, NoisyGroup } from './report.ts';

const count = z.int().min(0);

const draftFor = <T extends z.ZodRawShape>(policy: T) => ({
  policy: z.object(policy).describe('What of the policy it changes'),
  alert_group: z
    .object({ key: z.string(), draft: z.record(z.string(), z.unknown()) })
    .describe('What a backtest and a preview take'),
});

const proposal = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('for'),
    for: z.string(),
    shorter: count.describe('So many of the firing periods that were told are over sooner, and would not be told'),
    told: count,
    criticals: z
      .object({ later: count, never: count })
      .describe('Firing periods of critical alerts in the whole alert group that would be told later, or never'),
    ...draftFor({ for: z.string() }),
  }),
  z.object({
    kind: z.literal('flapping'),
    changes: count,
    within: z.string(),
    quick_changes: count.describe('Begins and ends that came when the alert had changed more often than that'),
    alerts: count.describe('How many alerts did so'),
    criticals: z
      .object({ never: count })
      .describe('Such begins of critical alerts in the whole alert group: none of them would be told by itself'),
    ...draftFor({ flapping: z.object({ changes: count, within: z.string() }) }),
  }),
  z.object({
    kind: z.literal('group_by'),
    group_by: z.array(z.string()),
    drops: z.array(z.string()).describe('Labels that split what began at the same moment'),
    incidents: count.describe('The newest 200 at most'),
    after: count.describe('So many would have opened in their place'),
    ...draftFor({ group_by: z.array(z.string()) }),
  }),
]);

const row = z.object({
  alert_group: z.string(),
  builtin: z.enum(['unrouted', 'self', 'watchdog']).nullable(),
  managed: z.boolean().describe('apply manages the alert group: its file has to be changed'),
  alertname: z.string(),
  messages: count,
  incidents: count.describe('Of which somebody was told'),
  acknowledged: count.describe('Of these incidents; an acknowledgement that was lifted does not count'),
  episodes: count.describe('Firing periods that began'),
  ended: count.describe('Firing periods that ended'),
  median_seconds: z.number().nullable().describe('Of those that ended'),
  short: count.describe('Those that ended within two minutes'),
  proposals: z.array(proposal).describe('Two at most'),
});

/** What the route answers. */
export const noiseAnswer = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  rows: z.array(row).describe('Alert names in alert groups with most messages first, 100 at most; no watchdog alarms'),
});

/** @see noiseAnswer */
export function answerOf(rows: readonly NoiseRow[], from: Date, to: Date): z.infer<typeof noiseAnswer> {
  return { from: from.toISOString(), to: to.toISOString(), rows: rows.map(rowOf) };
}

function rowOf({ group, medianMs, proposals, ...figures }: NoiseRow): z.infer<typeof row> {
  const { alertname, messages, incidents, acknowledged, episodes, ended, short } = figures;
  return {
    ...{ alert_group: group.name, builtin: group.builtin, managed: group.managed, alertname, messages, incidents },
    ...{ acknowledged, episodes, ended, short, median_seconds: medianMs === null ? null : medianMs / 1000 },
    proposals: proposals.map((one) => proposalOf(one, group)),
  };
}

function proposalOf(proposed: Proposal, group: NoisyGroup): z.infer<typeof proposal> {
  switch (proposed.kind) {
    case 'for': {
      const { kind, forMs, shorter, told, criticals } = proposed;
      const lasts = formatDuration(forMs);
      return { kind, for: lasts, shorter, told, criticals, ...draftOf(group, { for: lasts }) };
    }
    case 'flapping': {
      const { kind, changes, quick, criticals } = proposed;
      const within = formatDuration(proposed.withinMs);
      const figures = { quick_changes: quick.changes, alerts: quick.alerts, criticals };
      return { kind, changes, within, ...figures, ...draftOf(group, { flapping: { changes, within } }) };
    }
    case 'group_by': {
      const { kind, incidents, after } = proposed;
      const [groupBy, drops] = [[...proposed.groupBy], [...proposed.drops]];
      return { kind, group_by: groupBy, drops, incidents, after, ...draftOf(group, { group_by: groupBy }) };
    }
  }
}

function draftOf<T extends object>({ name, body }: NoisyGroup, policy: T) {
  const changed = { ...(body['policy'] as object | undefined), ...policy };
  return { policy, alert_group: { key: name, draft: { ...body, policy: changed } } };
}
