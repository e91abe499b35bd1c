/** Of which alert groups somebody was a member at some time, by which version, and by whose turn on call. Pure. */
import { duties } from './on-call.ts';
import type { Past, PastGroup, PastSchedule, Stretch } from './past.ts';

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
  /** Null: the alert group names them. */
  onCall: OnCall | null;
}

/** Every membership of a person that touches `window`, by alert group and then by time. */
export function membershipsIn(past: Past, person: Person, window: { from: Date; to: Date }): Membership[] {
  return past.groups.flatMap((group): Membership[] => {
    const named = person.kind === 'robot' ? group.robots : group.members;
    if (named.includes(person.name)) return [{ group, from: group.from, to: group.to, onCall: null }];
    if (person.kind === 'robot') return [];
    const schedules = past.schedules.filter(({ name }) => group.schedules.includes(name));
    return schedules.flatMap((one) => turnsIn(group, one, person.name, window));
  });
}

function turnsIn(group: PastGroup, past: PastSchedule, contact: string, window: { from: Date; to: Date }) {
  const shared = overlap(overlap(window, group), past);
  if (shared === null) return [];
  return duties(past.schedule, shared.from, shared.to)
    .filter((duty) => duty.contact === contact)
    .map((duty): Membership => {
      const { startsAt: from, endsAt: to, layer } = duty;
      return { group, from, to, onCall: { schedule: past.name, scheduleVersion: past.version, layer } };
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
