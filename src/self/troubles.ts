/** Our own trouble is an alert too (rule 14): events that raise an alarm, and end it when they have stayed away. */
import type { Alarm, Submit } from '../alert/alarm.ts';
import { type Labels, labelsOf } from '../alert/labels.ts';
import type { Db } from '../store/db.ts';

/** Kinds of trouble that are noticed as single events. */
export const troubleNames = [
  'WebhookRefused', // a body of a known source was not accepted, so its alerts are missing
  'AlertsQuarantined', // a malformed alert was put aside
  'AlertsTruncated', // the Alertmanager left alerts out of a post
  'SourcesShareLabels', // two sites report the same label sets, so one hides the other
  'DeliveryBacklog', // due messages wait for long
  'DeliveryRateLimited', // messages wait for a rate limit for long
  'PollFailing', // a member of a source does not answer
  'IncidentsUndecided', // deciding an incident fails again and again
] as const;

/** One trouble that was noticed just now. */
export interface Trouble {
  name: (typeof troubleNames)[number];
  /** What tells it from others of its kind; few, bounded values. */
  labels: Record<string, string>;
  summary: string;
  description: string;
}

/** An event that has not come again for this long is over. */
const overAfterMs = 10 * 60_000;

interface Known {
  alarm: Alarm;
  lastAt: Date;
  raised: boolean;
}

/** Collects events and turns them into alarms at the next tick, so that a flood of events costs nothing. */
export interface Troubles {
  note(trouble: Trouble, now: Date): void;
  /** Submits what is new and what is over. */
  tick(now: Date): Promise<void>;
}

/** @param db adopts the alarms that an earlier run has left open */
export function createTroubles(db: Db, submit: Submit): Troubles {
  const known = new Map<string, Known>();
  let adopted = false;

  async function adopt(now: Date): Promise<void> {
    const rows = await db.query<{ labels: Labels; since: Date }>(
      `select labels, since from alert
       where pinned_group = 'self' and state = 'firing' and labels->>'alertname' = any($1::text[])`,
      [troubleNames],
    );
    for (const { labels, since } of rows.rows) {
      const alarm = alarmOf(labels, labelsOf([]), since);
      if (!known.has(keyOf(labels))) known.set(keyOf(labels), { alarm, lastAt: now, raised: true });
    }
    adopted = true;
  }

  return {
    note(trouble, now) {
      const labels = labelsOf(Object.entries({ ...trouble.labels, alertname: trouble.name, severity: 'warning' }));
      const annotations = labelsOf([
        ['summary', trouble.summary],
        ['description', trouble.description],
      ]);
      const before = known.get(keyOf(labels));
      if (before !== undefined) before.lastAt = now;
      else known.set(keyOf(labels), { alarm: alarmOf(labels, annotations, now), lastAt: now, raised: false });
    },
    async tick(now) {
      if (!adopted) await adopt(now);
      const fresh = [...known.values()].filter((k) => !k.raised);
      const over = [...known].filter(([, k]) => k.raised && now.getTime() - k.lastAt.getTime() >= overAfterMs);
      await submit([...fresh.map((k) => k.alarm), ...over.map(([, k]) => ({ ...k.alarm, endsAt: now }))]);
      for (const k of fresh) k.raised = true;
      for (const [key] of over) known.delete(key);
    },
  };
}

function alarmOf(labels: Labels, annotations: Labels, startsAt: Date): Alarm {
  return { labels, annotations, startsAt, endsAt: null, lane: 'normal', pinnedGroup: 'self' };
}

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort());
}
