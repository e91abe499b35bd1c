/** What the form of a schedule holds, and the body that it makes. Pure but for the zone of the browser. */
import type { Schedule, ScheduleLayer, ScheduleOverride } from '../../client/schedule-types.ts';
import { fromLocal, toLocal } from '../../parts/local-time.ts';
import { type Entry, entriesOf, windowOf } from '../time-intervals/draft.ts';

export interface LayerDraft extends Omit<ScheduleLayer, 'every' | 'weekday' | 'only'> {
  key: number;
  every: string;
  weekday: string;
  only: Entry[];
}

export interface OverrideDraft {
  key: number;
  /** Empty: nobody is on call. */
  contact: string;
  starts: string;
  ends: string;
}

export interface Draft {
  name: string;
  timezone: string;
  hand_over_card: boolean;
  layers: LayerDraft[];
  overrides: OverrideDraft[];
}

/** A key that none of these has. */
export function nextKey(rows: readonly { key: number }[]): number {
  return Math.max(-1, ...rows.map(({ key }) => key)) + 1;
}

/** @param today `2026-01-05` */
export function newLayer(key: number, today: string): LayerDraft {
  return {
    key,
    contacts: [],
    every: '1',
    unit: 'week',
    hand_over: '09:00',
    weekday: 'monday',
    starts: today,
    only: [],
  };
}

export function newOverride(key: number, now: number): OverrideDraft {
  return { key, contact: '', starts: toLocal(now), ends: toLocal(now + 24 * 3_600_000) };
}

export function draftOf({ name, timezone, hand_over_card, layers, overrides }: Schedule): Draft {
  return {
    name,
    timezone,
    hand_over_card,
    layers: layers.map(({ every, weekday = 'monday', only = [], ...rest }, key) => ({
      ...rest,
      ...{ key, weekday, every: String(every), only: entriesOf(only) },
    })),
    overrides: overrides.map(({ contact, starts_at, ends_at }, key) => ({
      ...{ key, contact: contact ?? '', starts: toLocal(starts_at), ends: toLocal(ends_at) },
    })),
  };
}

/** As the API takes it; what is no number or time yet is refused there, with its field. */
export function bodyOf(
  { name, timezone, hand_over_card, layers, overrides }: Draft,
  stored: readonly ScheduleOverride[],
) {
  return {
    ...{ name: name.trim(), timezone, hand_over_card },
    layers: layers.map(({ contacts, every, unit, hand_over, weekday, starts, only }) => ({
      ...{ contacts, unit, starts, every: Number(every), hand_over: hand_over.trim() },
      ...(unit === 'week' ? { weekday } : {}),
      ...(only.length === 0 ? {} : { only: only.map(windowWithoutZone) }),
    })),
    overrides: overrides.map(({ key, contact, starts, ends }) => ({
      contact: contact === '' ? null : contact,
      starts_at: instantOf(starts, stored[key]?.starts_at),
      ends_at: instantOf(ends, stored[key]?.ends_at),
    })),
  };
}

/** The clock of the schedule counts. */
function windowWithoutZone(entry: Entry) {
  const { location: _, ...window } = windowOf(entry);
  return window;
}

/** What was not touched keeps the seconds that a field cannot show. */
function instantOf(local: string, stored: string | undefined): string {
  if (stored !== undefined && toLocal(stored) === local) return stored;
  const at = fromLocal(local);
  return at === null ? '' : new Date(at).toISOString();
}
