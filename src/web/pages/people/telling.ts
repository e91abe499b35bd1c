/** Which alert groups tell somebody. Pure. */
import type { Staffing, Telling } from '../../client/telling.ts';

/** Those that tell this contact, by name or by a schedule that has them on call at some time, in an escalation step too. */
export function groupsOfContact(groups: readonly Telling[], schedules: readonly Staffing[], name: string): string[] {
  const rotas = new Set(schedules.filter((schedule) => staffs(schedule, name)).map((schedule) => schedule.name));
  return groupsThat(groups, (told) => told.members.includes(name) || told.schedules.some((one) => rotas.has(one)));
}

/** Those that tell this room, in an escalation step too. */
export function groupsOfRoom(groups: readonly Telling[], name: string): string[] {
  return groupsThat(groups, (told) => told.robots.includes(name));
}

function groupsThat(groups: readonly Telling[], tells: (told: Telling['escalation'][number]) => boolean): string[] {
  return groups.filter((group) => [group, ...group.escalation].some(tells)).map((group) => group.name);
}

function staffs({ layers, overrides }: Staffing, name: string): boolean {
  return layers.some((one) => one.contacts.includes(name)) || overrides.some((one) => one.contact === name);
}
