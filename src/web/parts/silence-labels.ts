import type { IncidentDetail, Labels, Member } from '../client/types.ts';

/** As much of an incident as counts here. */
interface Shown extends Pick<IncidentDetail, 'group_labels'> {
  alerts: { total: number };
  members: readonly Pick<Member, 'labels' | 'left_at'>[];
}

/** A longer value makes no matcher that anybody reads. */
const longest = 200;

/**
 * By which labels an incident is silenced: what it is grouped by, and what else all its alerts share. Of those that an answer leaves
 * out nobody knows what they share: a silence for all of them must not pass them over. Pure.
 */
export function sharedLabels({ group_labels, alerts, members }: Shown): Labels {
  const present = members.filter((member) => member.left_at === null).map((member) => member.labels);
  if (present.length < alerts.total) return group_labels;
  const [first = {}, ...others] = present;
  const shared = Object.entries(first).filter(
    ([name, value]) => value !== '' && value.length <= longest && others.every((labels) => labels[name] === value),
  );
  return { ...group_labels, ...Object.fromEntries(shared) };
}
