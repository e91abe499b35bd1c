/** Of which alert groups somebody was a member at some time, by which version, and by whose turn on call. Pure. */
import { duties } from './on-call.ts';
import type { Past, PastAudience, PastGroup, PastSchedule, Stretch } from './past.ts';

/** Whose membership is asked for. */
export interface Person {
  kind: 'contact' | 'robot';
  name: string;
}

/** A turn on call that makes somebody a member. */
export interface OnCall {
  schedule: string;
  scheduleVersion: number;
  /** From 0 on; null: an override. */
  layer: number | null;
}

/** A stretch in which somebody was a member of an alert group. */
export interface Membership extends Stretch {
  group: PastGroup;
  /** Null: it names them. */
  onCall: OnCall | null;
  /** The escalation step that names them, from 1 on: they are a member of those incidents only that have reached it. Null: the alert group does. */
  step: number | null;
}

/** Every membership of a person that touches `window`, by alert group and then by time. */
export function membershipsIn(past: Past, person: Person, window: { from: Date; to: Date }): Membership[] {
  return past.groups.flatMap((group): Membership[] => {
    const all = [group, ...group.escalation].flatMap((audience, i) =>
      reachedBy(audience, { group, step: i === 0 ? null : i }, { past, person, window }),
    );
    // Whoever the alert group names is told before any step.
    const always = all.find(({ onCall, step }) => onCall === null && step === null);
    return always === undefined ? all : [always];
  });
}

type By = Pick<Membership, 'group' | 'step'>;

function reachedBy(
  audience: PastAudience,
  by: By,
  { past, person, window }: { past: Past; person: Person; window: { from: Date; to: Date } },
): Membership[] {
  const named = person.kind === 'robot' ? audience.robots : audience.members;
  if (named.includes(person.name)) return [{ ...by, from: by.group.from, to: by.group.to, onCall: null }];
  if (person.kind === 'robot') return [];
  const schedules = past.schedules.filter(({ name }) => audience.schedules.includes(name));
  return schedules.flatMap((one) => turnsIn(by, one, person.name, window));
}

function turnsIn(by: By, past: PastSchedule, contact: string, window: { from: Date; to: Date }) {
  const { group } = by;
  const shared = overlap(overlap(window, group), past);
  if (shared === null) return [];
  return duties(past.schedule, shared.from, shared.to)
    .filter((duty) => duty.contact === contact)
    .map((duty): Membership => {
      const { startsAt: from, endsAt: to, layer } = duty;
      return { ...by, from, to, onCall: { schedule: past.name, scheduleVersion: past.version, layer } };
    });
}

/** What two stretches have in common; the first has an end. */
function overlap(one: { from: Date; to: Date } | null, other: Stretch): { from: Date; to: Date } | null {
  if (one === null) return null;
  const from = new Date(Math.max(one.from.getTime(), other.from.getTime()));
  const to = new Date(Math.min(one.to.getTime(), other.to?.getTime() ?? Number.POSITIVE_INFINITY));
  // A moment has no length, and lies in a stretch all the same.
  return from > to ? null : { from, to: to > from ? to : new Date(from.getTime() + 1) };
}
