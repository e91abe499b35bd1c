/** The time intervals of the file, of both names that the section has had. */
import type { z } from 'zod';
import { pathText } from '../../http/problem.ts';
import { timeIntervalSchema } from '../interval-fields.ts';
import { ImportError, listOf, mapOf, type Note, quoted, type Raw, textOf } from './raw.ts';

type Interval = z.output<typeof timeIntervalSchema>;

/**
 * Those that we can read as they are; the others are noted.
 * @throws ImportError when one has no name, or two have the same
 */
export function intervalsOf(raw: Raw, note: Note): Interval[] {
  const names = new Set<string>();
  return ['time_intervals', 'mute_time_intervals'].flatMap((section) =>
    listOf(raw[section], section).flatMap((one, i) => {
      const place = `${section}[${i}]`;
      const interval = mapOf(one, place);
      const name = textOf(interval['name'], `${place}.name`);
      if (name === null || name === '') throw new ImportError(`${place}: it has no name`);
      if (names.has(name)) throw new ImportError(`${place}: there are two time intervals ${quoted(name)}`);
      names.add(name);
      return read(interval, `${place} (${quoted(name)})`, note);
    }),
  );
}

function read(interval: Raw, place: string, note: Note): Interval[] {
  const parsed = timeIntervalSchema.safeParse(interval);
  if (parsed.success) {
    if (parsed.data.time_intervals.some((entry) => entry.location === 'Local'))
      note(
        place,
        'its location Local is the time zone of the machine of Monitor Manager now: name the zone if that is another one.',
      );
    return [parsed.data];
  }
  const [issue] = parsed.error.issues;
  const at = issue === undefined ? '' : `${pathText(issue.path)}: `;
  note(place, `it was not carried over, and has to be corrected: ${at}${issue?.message ?? 'not understood'}.`);
  return [];
}
