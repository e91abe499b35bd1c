/** How a notification is read and shown. */
import { z } from 'zod';
import {
  type DestinationColumns,
  destinationColumns,
  destinationOf,
  destinationRef,
  id,
  isoOrNull,
  remedies,
  remediesOf,
  time,
} from './fields.ts';

export const notificationStates = ['pending', 'sending', 'accepted', 'cancelled', 'undeliverable'] as const;
const priorities = ['normal', 'critical', 'watchdog'] as const;
/** Frozen bytes of one message; what is in it depends on the channel, and no secret ever is. */
const content = z.record(z.string(), z.unknown()).nullable();

/** A notification as lists show it. */
export const notificationItem = z.object({
  id,
  destination: destinationRef,
  incident_id: id.nullable(),
  notice: z
    .string()
    .nullable()
    .describe(
      'What it is instead of an incident: `silence_ends`, `silence_ended`, `hand_over`, `storm_over` or `daily_message`',
    ),
  group: z.string().nullable(),
  group_version: z.int().nullable().describe('Version of the alert group that it was made by'),
  sequence: z.int().describe('Counts the messages of this incident to this destination'),
  state: z.enum(notificationStates),
  reason: z.string().describe('Why it exists; once it has ended, why it did so'),
  priority: z.enum(priorities),
  attempts: z.int(),
  next_at: time.nullable().describe('When it may be sent'),
  carrier_id: id.nullable().describe('The notification whose message carries this one too'),
  summary: z.string().nullable().describe('First line of the message; null until it is worded'),
  answer: z.string().nullable().describe("The provider's last answer"),
  remedy: z.string().nullable().describe('What a person can do about it'),
  remedies: remedies.describe('The same, in every language of the page'),
  created_at: time,
  finished_at: time.nullable(),
  content: content.optional().describe('The message; in lists with outbox=true only'),
});
export type NotificationItem = z.infer<typeof notificationItem>;

export interface NotificationRow extends DestinationColumns, Record<string, unknown> {
  destination_id: number;
  channel: string;
  address: string;
  destination_name: string;
  id: string;
  incident_id: string | null;
  notice: string | null;
  group: string | null;
  group_version: number | null;
  sequence: number;
  state: (typeof notificationStates)[number];
  reason: string;
  priority: number;
  attempts: number;
  next_at: Date | null;
  carrier_id: string | null;
  message_id: string | null;
  answer: string | null;
  remedy: string | null;
  created_at: Date;
  finished_at: Date | null;
  content: Record<string, unknown> | null;
  /** Of its own row, or of the one that carries it. */
  told: [string, number, 'firing' | 'resolved' | 'flapping'][] | null;
}

/** Selects notifications; `tail` is the rest of the query over `notification n` and `destination d`. */
export function notificationSql(tail: string): string {
  return `select n.id, n.incident_id, o.kind as notice, g.name as "group", n.group_version, n.sequence, n.state, n.reason, n.priority,
      n.attempts, n.next_at, n.carrier_id, coalesce(n.message_id, carrier.message_id) as message_id,
      coalesce(n.answer, carrier.answer) as answer, coalesce(n.remedy, carrier.remedy) as remedy, n.created_at,
      n.finished_at, coalesce(n.content, carrier.content) as content, coalesce(n.told, carrier.told) as told,
      ${destinationColumns}
    from notification n join destination d on d.id = n.destination_id
    left join notification carrier on carrier.id = n.carrier_id
    left join notice o on o.id = n.notice_id
    left join incident i on i.id = n.incident_id
    left join alert_group g on g.id = i.group_id ${tail}`;
}

export function notificationItemOf(
  row: NotificationRow,
  inChinese: (remedy: string) => string | null,
): NotificationItem {
  const summary = row.content?.['summary'];
  return {
    id: row.id,
    destination: destinationOf(row),
    incident_id: row.incident_id,
    notice: row.notice,
    group: row.group,
    group_version: row.group_version,
    sequence: row.sequence,
    state: row.state,
    reason: row.reason,
    priority: priorities[row.priority] ?? 'normal',
    attempts: row.attempts,
    next_at: isoOrNull(row.next_at),
    carrier_id: row.carrier_id,
    summary: typeof summary === 'string' ? summary : null,
    answer: row.answer,
    remedy: row.remedy,
    remedies: remediesOf(row.remedy, inChinese),
    created_at: row.created_at.toISOString(),
    finished_at: isoOrNull(row.finished_at),
  };
}
