/** The fields of a daily message. */
import { z } from 'zod';
import * as f from './fields.ts';

const names = z
  .array(f.objectName)
  .max(100)
  .transform((list) => [...new Set(list)])
  .default([]);

export const dailyMessageSchema = z
  .strictObject({
    name: f.objectName,
    contacts: names.describe('Who is told; each has an address on one of the channels'),
    channels: z
      .array(z.enum(['email', 'wecom-app']))
      .min(1, 'at least one channel')
      .default(['email', 'wecom-app'])
      .describe('How contacts are told; rooms are told in the room'),
    robots: names.describe('Rooms that are told'),
    time: f.timeOfDay.describe('By the clock of the time zone, each day'),
    timezone: f.timezone.describe('Time zone by whose clock it goes, and whose yesterday is counted'),
  })
  .refine(({ contacts, robots }) => contacts.length + robots.length > 0, {
    error: 'names nobody: at least one of contacts and robots',
    path: ['contacts'],
  });

/** A stored daily message. */
export type DailyMessageBody = z.output<typeof dailyMessageSchema>;
