/** What the previews answer, for the document of the API; and how they become JSON. */
import { z } from 'zod';
import type { GroupPreview, SilencePreview } from '../alert/preview.ts';
import type { Body } from './kinds.ts';

const labels = z.record(z.string(), z.string());
const time = z.iso.datetime();
const tally = z.object({ open: z.int(), ended: z.int() });
const state = z.enum(['firing', 'resolved', 'stale', 'expired']);
const change = z
  .enum(['gains', 'keeps', 'loses', 'shadowed'])
  .describe('shadowed: its matchers match, but an earlier alert group takes the alert');
const names = z.array(z.string());

export const groupPreviewAnswer = z.object({
  position: z.int().describe('How many alert groups come before it'),
  reach: z.object({
    from: time,
    to: time,
    reaches_back_to: time.describe('Nothing that ended before this was looked at, or is kept'),
    examined: z.int(),
    capped: z.boolean().describe('More is stored than one preview looks at'),
  }),
  counts: z.object({ gains: tally, keeps: tally, loses: tally, shadowed: tally }),
  groups: z
    .array(z.object({ name: z.string(), today: tally, after: tally }))
    .describe('Which alert groups get these alerts, today and after'),
  alerts: z
    .array(
      z.object({
        ...{ fingerprint: z.string(), labels, state, since: time, ended_at: time.nullable() },
        ...{ critical: z.boolean(), open: z.boolean(), silenced: z.boolean(), change },
        today: names.describe('Alert groups that get it today'),
        after: names.describe('Alert groups that would get it'),
      }),
    )
    .describe('The first 50 of each change: what is open, then the newest. Each alert with its last episode only'),
  sample: z.enum(['open', 'recent', 'example']).describe('What the messages are made of'),
  incidents: z.int().describe('Open incidents that it would have'),
  channels: z.array(
    z.object({
      ...{ channel: z.string(), locale: z.string(), timezone: z.string(), reaches: names, configured: z.boolean() },
      limit_bytes: z.int().nullable(),
      messages: z.int().describe('Messages at once'),
      waiting: z.int().describe('Incidents that wait because of the rate limit'),
      shown: z.array(
        z.object({
          parts: z.int(),
          content: z.object({
            subject: z.string().nullable(),
            text: z.string(),
            html: z.string().nullable(),
            format: z.string().nullable(),
          }),
          bytes: z.object({ subject: z.int(), text: z.int(), html: z.int() }),
        }),
      ),
    }),
  ),
});

export function groupPreviewBody(preview: GroupPreview, position: number): Body {
  const { reach, alerts, channels, ...rest } = preview;
  const { reachesBackTo, ...window } = reach;
  return {
    position,
    ...rest,
    reach: { ...window, reaches_back_to: reachesBackTo },
    alerts: alerts.map(({ endedAt, ...alert }) => ({ ...alert, ended_at: endedAt })),
    channels: channels.map(({ limitBytes, ...channel }) => ({ ...channel, limit_bytes: limitBytes })),
  };
}

export const silencePreviewAnswer = z.object({
  examined: z.int(),
  capped: z.boolean().describe('More fires than one preview looks at'),
  alerts: z.object({
    total: z.int(),
    critical: z.int(),
    already_silenced: z.int(),
    items: z.array(
      z.object({
        ...{ fingerprint: z.string(), labels, state, since: time, critical: z.boolean() },
        silenced: z.boolean().describe('Another silence hides it already'),
      }),
    ),
  }),
  incidents: z.object({
    total: z.int(),
    wholly: z.int().describe('Nothing else of them fires'),
    items: z.array(
      z.object({
        ...{ id: z.string(), group: z.string(), group_labels: labels, critical: z.boolean() },
        ...{ hidden: z.int(), firing: z.int() },
      }),
    ),
  }),
  critical_firing: z.int(),
  watchdog_untouched: z.int().describe('Watchdog alarms that match: nothing silences them'),
  hides_all_critical: z.boolean().describe("Saving it needs an admin's confirmation"),
  why: z.enum(['every_possible_critical', 'every_critical_now']).nullable(),
});

export function silencePreviewBody(preview: SilencePreview): Body {
  const { alerts, incidents, criticalFiring, watchdogUntouched, hidesAllCritical, ...rest } = preview;
  const { alreadySilenced, ...counted } = alerts;
  return {
    ...rest,
    alerts: { ...counted, already_silenced: alreadySilenced },
    incidents: {
      ...incidents,
      items: incidents.items.map(({ groupLabels, ...item }) => ({ ...item, group_labels: groupLabels })),
    },
    critical_firing: criticalFiring,
    watchdog_untouched: watchdogUntouched,
    hides_all_critical: hidesAllCritical,
  };
}
