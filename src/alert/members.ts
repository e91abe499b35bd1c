/**
 * The members of an alert group at a moment: those that it names, whoever is on call by its schedules, and the same of the
 * escalation steps that an incident has reached. Pure.
 */
import type { AlertGroup, Contact, StaffedSchedule } from './config.ts';
import { onCallAt, stableUntil } from './on-call.ts';

type Staffed = Pick<AlertGroup, 'members' | 'schedules'>;
type Escalating = Pick<AlertGroup, 'schedules' | 'escalation'>;

/** The members at a moment, each once. */
export function membersAt({ members, schedules }: Staffed, at: Date): Contact[] {
  const onCall = schedules.flatMap((s) => onCallAt(s, at).flatMap((name) => s.people.get(name) ?? []));
  return [...new Set([...members, ...onCall])];
}

/** Everybody who is a member at some time. */
export function membersEver({ members, schedules }: Staffed): Contact[] {
  return [...new Set([...members, ...schedules.flatMap((s) => [...s.people.values()])])];
}

/** Until when the members certainly stay the same where so many steps are reached; null: until an edit. */
export function membersUntil(group: Escalating, at: Date, steps: number): Date | null {
  const ends = schedulesOf(group, steps).flatMap((s) => stableUntil(s, at)?.getTime() ?? []);
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}

/** The schedules by which somebody is a member where so many steps are reached. */
export function schedulesOf({ schedules, escalation }: Escalating, steps: number): StaffedSchedule[] {
  return [...schedules, ...escalation.slice(0, steps).flatMap((step) => step.schedules)];
}

/** The alert groups that tell whoever is on call by a schedule, at once or when nobody acknowledges. */
export function groupsNaming<G extends Escalating>(groups: readonly G[], schedule: string): G[] {
  return groups.filter((group) => schedulesOf(group, group.escalation.length).some(({ name }) => name === schedule));
}
