import { incidentQuery } from '../client/incidents.ts';
import type { Incident, Labels, Member } from '../client/types.ts';

/** By which labels an incident is silenced: what it is grouped by, or else what all its alerts share. Pure. */
export function sharedLabels({ group_labels }: Incident, members: readonly Member[]): Labels {
  if (Object.keys(group_labels).length > 0) return group_labels;
  const [first = {}, ...others] = members.filter((member) => member.left_at === null).map((member) => member.labels);
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((labels) => labels[name] === value)),
  );
}

/** The same for an incident of a list, whose alerts have to be read first. */
export async function silenceLabels(incident: Incident): Promise<Labels> {
  if (Object.keys(incident.group_labels).length > 0) return incident.group_labels;
  const { members } = await incidentQuery(incident.id).queryFn();
  return sharedLabels(incident, members);
}
