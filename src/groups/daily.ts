/** From the stored daily messages to what the pipeline reads, and what answers say of them. */
import type { Contact, DailyMessage, Robot, Snapshot } from '../alert/config.ts';
import { nextDaily } from '../alert/daily.ts';
import { parseTime } from '../alert/time-interval-text.ts';
import type { View } from './crud.ts';
import type { DailyMessageBody } from './daily-fields.ts';

/** A row of daily_message. */
export interface DailyRow extends Pick<DailyMessageBody, 'name' | 'contacts' | 'channels' | 'robots' | 'timezone'> {
  at: string;
  updated_at: string;
}

/** A stored daily message; whom it names and who is not there is left out. */
export function dailyMessageOf(
  row: DailyRow,
  { contacts, robots }: { contacts: readonly Contact[]; robots: readonly Robot[] },
): DailyMessage {
  return {
    name: row.name,
    members: row.contacts.flatMap((name) => contacts.find((c) => c.name === name) ?? []),
    channels: row.channels,
    robots: row.robots.flatMap((name) => robots.find((r) => r.name === name) ?? []),
    time: { minute: parseTime(row.at), zone: row.timezone },
    editedAt: new Date(row.updated_at),
  };
}

/** When each is sent next. */
export function dailyView({ dailyMessages }: Pick<Snapshot, 'dailyMessages'>): View {
  return ({ body }, now) => {
    const message = dailyMessages.find(({ name }) => name === body['name']);
    return { next_at: message === undefined ? null : nextDaily(message.time, now).toISOString() };
  };
}
