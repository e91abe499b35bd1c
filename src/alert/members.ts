/** The members of an alert group at a moment: those that it names, and whoever is on call by its schedules. Pure. */
import type { AlertGroup, Contact } from './config.ts';
import { onCallAt, stableUntil } from './on-call.ts';

type Staffed = Pick<AlertGroup, 'members' | 'schedules'>;

/** Its members at a moment, each once. */
export function membersAt({ members, schedules }: Staffed, at: Date): Contact[] {
  const onCall = schedules.flatMap((s) => onCallAt(s, at).flatMap((name) => s.people.get(name) ?? []));
  return [...new Set([...members, ...onCall])];
}

/** Everybody who is a member at some time. */
export function membersEver({ members, schedules }: Staffed): Contact[] {
  return [...new Set([...members, ...schedules.flatMap((s) => [...s.people.values()])])];
}

/** Until when the members of a moment certainly stay the same; null: until an edit. */
export function membersUntil({ schedules }: Pick<AlertGroup, 'schedules'>, at: Date): Date | null {
  const ends = schedules.flatMap((s) => stableUntil(s, at)?.getTime() ?? []);
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}
