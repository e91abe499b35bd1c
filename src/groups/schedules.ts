/** From the stored schedules to what the pipeline reads, and what answers say of them. */
import type { Contact, Snapshot, StaffedSchedule } from '../alert/config.ts';
import { type Layer, nextHandOver, onCallAt } from '../alert/on-call.ts';
import { parseTime, parseTimeInterval, weekdays } from '../alert/time-interval-text.ts';
import { dayOf } from '../alert/wall-clock.ts';
import type { View } from './crud.ts';
import type { ScheduleBody } from './schedule-fields.ts';

/** Compiles stored schedules, by name. One that cannot be read must not take the others with it. */
export function compileSchedules(
  rows: readonly ScheduleBody[],
  contacts: readonly Contact[],
  log: { error(facts: object, text: string): void },
): Map<string, StaffedSchedule> {
  return new Map(
    rows.map((row): [string, StaffedSchedule] => {
      try {
        return [row.name, scheduleOf(row, contacts)];
      } catch (error) {
        const { name, timezone } = row;
        log.error({ err: error, of: `schedule ${name}` }, 'a stored schedule cannot be read: nobody is on call by it');
        return [name, { name, timezone, layers: [], overrides: [], people: new Map(), handOverCard: false }];
      }
    }),
  );
}

function scheduleOf(
  { name, timezone, layers, overrides, hand_over_card }: ScheduleBody,
  contacts: readonly Contact[],
): StaffedSchedule {
  const named = new Set([...layers.flatMap((l) => l.contacts), ...overrides.flatMap((o) => o.contact ?? [])]);
  return {
    ...{ name, timezone, handOverCard: hand_over_card },
    layers: layers.map((layer) => layerOf(layer, timezone)),
    overrides: overrides.map((o) => ({
      ...{ contact: o.contact, startsAt: new Date(o.starts_at), endsAt: new Date(o.ends_at) },
    })),
    people: new Map(contacts.filter((c) => named.has(c.name)).map((c) => [c.name, c])),
  };
}

function layerOf(layer: ScheduleBody['layers'][number], location: string): Layer {
  return {
    contacts: layer.contacts,
    days: layer.every * (layer.unit === 'week' ? 7 : 1),
    minute: parseTime(layer.hand_over),
    weekday: layer.weekday === undefined ? null : weekdays.indexOf(layer.weekday),
    starts: dayOf(layer.starts),
    only: layer.only === undefined ? null : parseTimeInterval(layer.only.map((entry) => ({ ...entry, location }))),
  };
}

/** So far ahead answers look for a hand-over. */
const horizonMs = 100 * 24 * 3_600_000;

/** Who is on call now, and when somebody else is. */
export function scheduleView({ schedules }: Pick<Snapshot, 'schedules'>): View {
  return ({ body }, now) => {
    const schedule = schedules.get(String(body['name']));
    if (schedule === undefined) return { on_call: [], next_hand_over_at: null };
    const next = nextHandOver(schedule, now, new Date(now.getTime() + horizonMs));
    return { on_call: onCallAt(schedule, now), next_hand_over_at: next?.toISOString() ?? null };
  };
}
