/** When somebody comes on call, and by which schedules that is told. Pure. */
import type { AlertGroup, Contact, Snapshot, StaffedSchedule } from '../../alert/config.ts';
import { groupsNaming } from '../../alert/members.ts';
import { nextHandOver, onCallAt } from '../../alert/on-call.ts';

/** A hand-over that is to be told, unless it was. */
export interface DueHandOver {
  /** Never used twice. */
  key: string;
  schedule: StaffedSchedule;
  /** The alert groups that name the schedule. */
  groups: readonly AlertGroup[];
  /** Who comes on call. */
  to: Contact;
  /** Who was on call before; null: nobody. */
  after: string | null;
  /** When the next comes on call; null: nobody does. */
  until: Date | null;
}

const hour = 3_600_000;
/** Later than that whoever is on call knows. */
const lateMs = hour;
/** So far ahead it is asked for the end of a shift. */
const horizonMs = 100 * 24 * hour;

/** The last hand-over of each schedule that alert groups name, where it is of just now. */
export function dueHandOvers(
  { schedules, groupsById }: Pick<Snapshot, 'schedules' | 'groupsById'>,
  now: Date,
): DueHandOver[] {
  return [...schedules.values()].flatMap((schedule) => {
    const groups = groupsNaming([...groupsById.values()], schedule.name);
    const at = schedule.handOverCard && groups.length > 0 ? lastHandOver(schedule, now) : null;
    const [name] = at === null ? [] : onCallAt(schedule, at);
    const to = schedule.people.get(name ?? '');
    if (at === null || to === undefined) return [];
    const [after = null] = onCallAt(schedule, new Date(at.getTime() - 1));
    const until = nextHandOver(schedule, now, new Date(now.getTime() + horizonMs));
    return [{ key: `hand-over/${schedule.name}/${at.toISOString()}/${name}`, schedule, groups, to, after, until }];
  });
}

function lastHandOver(schedule: StaffedSchedule, now: Date): Date | null {
  const end = new Date(now.getTime() + 1);
  let last: Date | null = null;
  for (let at: Date | null = new Date(now.getTime() - lateMs); at !== null; ) {
    at = nextHandOver(schedule, at, end);
    last = at ?? last;
  }
  return last;
}
