/** The fields of an on-call schedule. */
import { z } from 'zod';
import { weekdays } from '../alert/time-interval-text.ts';
import { dayOf, weekdayOf } from '../alert/wall-clock.ts';
import * as f from './fields.ts';
import { entry } from './interval-fields.ts';

/** A date that is on the calendar; so far off that nobody misses what lies beyond. */
const date = z.iso
  .date('not a date such as 2026-01-05')
  .refine((text) => text >= '2000-01-01' && text < '2200-01-01', 'must lie between 2000 and 2199');

const most = { day: 365, week: 52 } as const;

const layer = z
  .strictObject({
    contacts: z.array(f.objectName).min(1, 'at least one contact').max(50).describe('In the order of their turns'),
    every: z.int().min(1).default(1).describe('A turn is so many …'),
    unit: z.enum(['day', 'week']).describe('… days or weeks'),
    hand_over: f.timeOfDay.describe('By the clock of the time zone'),
    weekday: z
      .enum(weekdays as [string, ...string[]])
      .nullish()
      .describe('Of the hand-over, where turns are weeks; default: the weekday of `starts`'),
    starts: date.describe('The first turn begins with the hand-over of this day'),
    only: z
      .array(entry.omit({ location: true }))
      .min(1, 'an empty list would fit at no time: leave it out for all the time')
      .max(10)
      .nullish()
      .describe('As the entries of time intervals: on call only while one of them fits; none: all the time'),
  })
  .superRefine(({ every, unit, weekday }, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (every > most[unit]) fault('every', `at most ${most[unit]} ${unit}s`);
    if (unit === 'day' && weekday != null) fault('weekday', 'only where turns are weeks');
  })
  .transform(({ weekday, only, ...rest }) => ({
    ...rest,
    ...(rest.unit === 'week' ? { weekday: weekday ?? (weekdays[weekdayOf(dayOf(rest.starts))] as string) } : {}),
    ...(only == null ? {} : { only }),
  }));

const override = z
  .strictObject({
    contact: f.objectName
      .nullish()
      .transform((v) => v ?? null)
      .describe('null: nobody is on call'),
    starts_at: f.instant,
    ends_at: f.instant,
  })
  .refine((o) => o.ends_at > o.starts_at, { error: 'must lie after starts_at', path: ['ends_at'] });

export const scheduleSchema = z.strictObject({
  name: f.objectName,
  timezone: f.timezone.describe('Time zone by whose clock hand-overs go'),
  layers: z.array(layer).max(10).default([]).describe('Where several have somebody on call, the last one wins'),
  hand_over_card: z
    .boolean()
    .default(true)
    .describe('Whoever comes on call is sent what is open then, where an alert group names the schedule'),
  overrides: z.array(override).max(500).default([]).describe('Win over all layers; of several the last one'),
});

/** A stored schedule, beside its name. */
export type ScheduleBody = z.output<typeof scheduleSchema>;
