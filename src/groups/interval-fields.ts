/** The fields of a time interval, as Alertmanager's file has them. */
import { z } from 'zod';
import { canonical, checkTimes, parseTime, parseTimeInterval } from '../alert/time-interval-text.ts';
import { objectName } from './fields.ts';

const notEmpty = 'an empty list would fit at no time: leave it out for any time';

/** Says of a text what the parser says. */
function check(context: z.core.$RefinementCtx, parse: () => unknown, path: string[] = []): void {
  try {
    parse();
  } catch (error) {
    context.addIssue({
      code: 'custom',
      path,
      message: error instanceof Error ? error.message : 'not understood',
      continue: false,
    });
  }
}

const timeOfDay = z.string().superRefine((text, context) => check(context, () => parseTime(text)));

const times = z
  .array(
    z
      .strictObject({ start_time: timeOfDay, end_time: timeOfDay.describe('Does not belong to it; at most 24:00') })
      .superRefine(({ start_time, end_time }, context) =>
        check(context, () => checkTimes(parseTime(start_time), parseTime(end_time)), ['end_time']),
      ),
  )
  .min(1, notEmpty)
  .max(12);

/** More of a kind say nothing new; and each is looked at for every day, up to ten years ahead. */
const most: Readonly<Record<keyof typeof canonical, number>> = {
  weekdays: 7,
  days_of_month: 31,
  months: 12,
  years: 20,
};

/** Texts, or numbers as YAML reads them, each kept in its one form. */
const ranges = (kind: keyof typeof canonical) =>
  z
    .array(
      z.union([z.string().max(50), z.int()], { error: 'neither a text nor a number' }).transform((given, context) => {
        check(context, () => canonical[kind](String(given)));
        return context.issues.length > 0 ? z.NEVER : canonical[kind](String(given));
      }),
    )
    .min(1, notEmpty)
    .max(most[kind]);

const given = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

/** One of the entries of a time interval. */
export const entry = z.strictObject({
  times: given(times),
  weekdays: given(ranges('weekdays')).describe('`monday:friday`, `saturday`; a week begins on sunday'),
  days_of_month: given(ranges('days_of_month')).describe('`1:5`; from the end of the month `-3:-1`'),
  months: given(ranges('months')).describe('`may:august`, `12`'),
  years: given(ranges('years')).describe('`2026:2028`'),
  location: given(
    z
      .string()
      .max(64)
      .superRefine((name, context) => check(context, () => parseTimeInterval([{ location: name }]))),
  ).describe('Whose clock counts; without it UTC'),
});

export const timeIntervalSchema = z.strictObject({
  name: objectName,
  time_intervals: z
    .array(entry)
    .min(1, 'at least one entry: without any it would never be active')
    .max(50)
    .describe("Alertmanager's: active when all that one of them names fits"),
});
