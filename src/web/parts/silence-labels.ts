import { incidentQuery } from '../client/incidents.ts';
import type { Incident, Labels, Member } from '../client/types.ts';

/** A longer value makes no matcher that anybody reads. */
const longest = 200;

/** By which labels an incident is silenced: what it is grouped by, and what else all its alerts share. Pure. */
export function sharedLabels({ group_labels }: Incident, members: readonly Member[]): Labels {
  const [first = {}, ...others] = members.filter((member) => member.left_at === null).map((member) => member.labels);
  const shared = Object.entries(first).filter(
    ([name, value]) => value !== '' && value.length <= longest && others.every((labels) => labels[name] === value),
  );
  return { ...group_labels, ...Object.fromEntries(shared) };
}

/** The same for an incident of a list, whose alerts have to be read first. */
export async function silenceLabels(incident: Incident): Promise<Labels> {
  const { members } = await incidentQuery(incident.id).queryFn();
  return sharedLabels(incident, members);
}
