/** When and how much a route tells, as Alertmanager inherits it. */
import { formatDuration, parseDuration } from '../../alert/duration.ts';
import { errorMessage } from '../../errors.ts';
import { isStorable } from '../../http/storable.ts';
import { ImportError, type Note, quoted, type Raw, textOf, textsOf } from './raw.ts';

/** The part of an alert group's policy that comes from a route. */
export interface Policy {
  group_by: readonly string[];
  group_wait: string;
  group_interval: string;
  repeat_interval: string;
  mute_time_intervals: readonly string[];
  active_time_intervals: readonly string[];
}

/** What Alertmanager does where nothing is said; without labels all alerts are one group. */
export const defaultPolicy: Policy = {
  ...{ group_by: [], group_wait: '30s', group_interval: '5m', repeat_interval: '4h' },
  ...{ mute_time_intervals: [], active_time_intervals: [] },
};

/** What an alert group takes. */
const limits = {
  group_wait: ['0s', '1d'],
  group_interval: ['1s', '7d'],
  repeat_interval: ['1s', '365d'],
} as const;

interface Where {
  place: string;
  note: Note;
}

/**
 * The policy of a route below one with the policy `above`.
 * @throws ImportError for what Alertmanager would refuse
 */
export function policyOf(raw: Raw, above: Policy, where: Where): Policy {
  const time = (key: keyof typeof limits) => durationOf(raw, key, where) ?? above[key];
  const labels = labelsOf(raw, where.place);
  return {
    // An empty list is inherited too.
    group_by: labels.length > 0 ? labels : above.group_by,
    group_wait: time('group_wait'),
    group_interval: time('group_interval'),
    repeat_interval: time('repeat_interval'),
    // Alertmanager does not hand these down to the routes below.
    mute_time_intervals: textsOf(raw['mute_time_intervals'], `${where.place}.mute_time_intervals`),
    active_time_intervals: textsOf(raw['active_time_intervals'], `${where.place}.active_time_intervals`),
  };
}

/** The policy without the time intervals that were not carried over: rather somebody too many is told. */
export function carried(policy: Policy, intervals: ReadonlySet<string>, { place, note }: Where): Policy {
  const lost = (names: readonly string[]) => names.filter((name) => !intervals.has(name));
  const [mute, active] = [lost(policy.mute_time_intervals), lost(policy.active_time_intervals)];
  for (const name of [...mute, ...active])
    note(place, `it names the time interval ${quoted(name)}, which was not carried over: it tells then, too.`);
  return {
    ...policy,
    mute_time_intervals: policy.mute_time_intervals.filter((name) => !mute.includes(name)),
    active_time_intervals: active.length > 0 ? [] : policy.active_time_intervals,
  };
}

function labelsOf(raw: Raw, place: string): string[] {
  const labels = textsOf(raw['group_by'], `${place}.group_by`);
  const wrong = (why: string) => new ImportError(`${place}.group_by: ${why}`);
  if (labels.some((label) => label === '' || label.length > 200 || !isStorable(label)))
    throw wrong('a label has from 1 to 200 characters, none of them NUL');
  if (new Set(labels).size < labels.length) throw wrong('it names a label twice');
  if (labels.includes('...') && labels.length > 1) throw wrong("'...' means all labels and stands alone");
  return labels;
}

function durationOf(raw: Raw, key: keyof typeof limits, { place, note }: Where): string | null {
  const text = textOf(raw[key], `${place}.${key}`);
  if (text === null) return null;
  const ms = readAt(text, `${place}.${key}`);
  if (ms === 0 && key !== 'group_wait') throw new ImportError(`${place}.${key}: it must not be zero`);
  const [least, most] = limits[key];
  const within = Math.min(Math.max(ms, parseDuration(least)), parseDuration(most));
  if (within !== ms)
    note(
      place,
      `${key} was ${formatDuration(ms)} and is ${formatDuration(within)} now: it must lie between ${least} and ${most}.`,
    );
  return formatDuration(within);
}

function readAt(text: string, place: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new ImportError(`${place}: ${errorMessage(error)}`);
  }
}
