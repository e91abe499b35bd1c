/** The destinations of a replay. */
import type { Snapshot } from '../alert/config.ts';
import { type Address, audienceOf, everyAddress } from '../pipeline/converge/audience.ts';
import { type Members, membersOf } from '../pipeline/converge/destinations.ts';
import { type Configuration, type Destination, never } from './world.ts';

/** Everybody whom a configuration tells. */
export interface Audiences {
  members: Pick<Members, 'at' | 'until'>;
  destination(id: number): Destination;
}

export function createAudiences({ snapshot, channels }: Configuration): Audiences {
  const configured: ReadonlySet<string> = new Set(channels.keys());
  const all: Destination[] = [];
  const ids = new Map<string, number>();
  const groups = groupsById(snapshot);
  // By the same addresses as really: of one that several share the digest is found among all of them.
  const digests = new Map(
    everyAddress({ ...snapshot, groupsById: groups }, configured).map((a) => [keyOf(a), a.digest]),
  );

  const members = membersOf(groups, (group, at, steps) =>
    audienceOf(group, configured, at, steps).map((one) => {
      const key = keyOf(one);
      const known = ids.get(key);
      if (known !== undefined) return known;
      const limits = channels.get(one.channel)?.rateLimits ?? [];
      const id = all.length;
      const address = { ...one, digest: digests.get(key) ?? null };
      all.push({ id, address, limits, buckets: new Map(), receipts: new Map(), pending: new Set(), queuedAt: never });
      ids.set(key, id);
      return id;
    }),
  );
  return { members, destination: (id) => all[id] as Destination };
}

function keyOf({ channel, address }: Address): string {
  return `${channel} ${address}`;
}

/** Of a draft, the groups that alerts are routed to count. */
function groupsById({ groups, builtin }: Snapshot): Snapshot['groupsById'] {
  return new Map([...groups, ...Object.values(builtin)].map((group) => [group.id, group]));
}
