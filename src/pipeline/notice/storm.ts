/** Which storms are over, and whom that is still to be told. */
import type { AlertGroup, Snapshot } from '../../alert/config.ts';
import { mutedAt } from '../../alert/mute-time.ts';
import type { Queryable } from '../../store/db.ts';
import { clearedAt, holdsOf, slotsOf, stormKey } from '../converge/hold.ts';
import { type StormState, stormAt } from '../converge/storm.ts';

/** The end of a storm that is to be told, unless it was. */
export interface DueStormEnd {
  /** Never used twice. */
  key: string;
  group: AlertGroup;
  beganAt: Date;
  endedAt: Date;
  /** Alerts that have begun in it. */
  alerts: number;
}

/** Later than that nobody wants to hear any more that it is over. */
const lateMs = 3_600_000;

/** Alert groups that may have storms. */
export function stormyGroups({ groupsById }: Pick<Snapshot, 'groupsById'>): AlertGroup[] {
  return [...groupsById.values()].filter(({ policy }) => policy.storm !== null);
}

/** Storms that ended lately, once what they kept back has been decided: that tells of the end too. Pure. */
export function dueStormEnds(
  groups: readonly AlertGroup[],
  storms: ReadonlyMap<number, StormState>,
  now: Date,
): DueStormEnd[] {
  return groups.flatMap((group) => {
    const [kept, slots] = [storms.get(group.id), slotsOf(group.policy)];
    if (kept === undefined || slots === null) return [];
    const { beganAt, endedAt, alerts } = stormAt(kept, slots, now);
    if (beganAt === null || endedAt === null) return [];
    const at = clearedAt(endedAt);
    // Then it tells nothing, and of what it keeps back there is more to be told.
    if (holdsOf(group, null, now).normal !== null || mutedAt(group.policy, now) !== null) return [];
    if (now < at || now.getTime() >= at.getTime() + lateMs) return [];
    return [{ key: `${stormKey(group.id)}/${beganAt.toISOString()}`, group, beganAt, endedAt, alerts }];
  });
}

/**
 * Destinations that were told of each storm, by the key of its end, and no message of it says that it is over: one that does was worded after the end, about
 * nothing else, whenever it was accepted. What still waits will be worded so, if it has anything to say by then.
 */
export async function waitingForEnd(
  db: Queryable,
  ends: readonly DueStormEnd[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  if (ends.length === 0) return new Map();
  const { rows } = await db.query<{ key: string; destinations: number[] }>(
    `with message as (
       select t.key, t.together, t.ended_at, n.destination_id, coalesce(n.carrier_id, n.id) as id, bool_or(n.state = 'pending') as waits
       from unnest($1::text[], $2::int[], $3::text[], $4::timestamptz[], $5::timestamptz[])
         as t (key, group_id, together, began_at, ended_at)
       join incident i on i.group_id = t.group_id and (i.closed_at is null or i.closed_at >= t.began_at)
       join notification n on n.incident_id = i.id and n.together = t.together and n.created_at >= t.began_at
       where n.state in ('pending', 'sending', 'accepted')
       group by 1, 2, 3, 4, 5)
     select key, array_agg(destination_id order by destination_id) as destinations from (
       select m.key, m.destination_id from message m
       -- After a refusal it was worded anew, and in doubt it was not.
       cross join lateral (select min(started_at) as worded_at from attempt
         where notification_id = m.id and (outcome is null or outcome in ('accepted', 'in_doubt'))) a
       cross join lateral (select exists (select from notification o
         where (o.id = m.id or o.carrier_id = m.id) and o.together is distinct from m.together) as mixed) o
       group by m.key, m.destination_id
       having not coalesce(bool_or(m.waits or (a.worded_at >= m.ended_at and not o.mixed)), false)) told
     group by key`,
    [
      ends.map((e) => e.key),
      ends.map((e) => e.group.id),
      ends.map((e) => stormKey(e.group.id)),
      ends.map((e) => e.beganAt),
      ends.map((e) => e.endedAt),
    ],
  );
  return new Map(rows.map(({ key, destinations }) => [key, destinations]));
}
