/** Alertmanager's tree of routes, checked, with everything that a route inherits. */
import type { Matcher } from '../../matcher/matcher.ts';
import { distinct, type Matchers } from './logic.ts';
import { defaultPolicy, type Policy, policyOf } from './policy.ts';
import { flagOf, ImportError, listOf, mapOf, type Note, otherKeys, quoted, type Raw, textOf } from './raw.ts';
import { matchersOf } from './route-matchers.ts';

/** One route. */
export interface Route {
  /** Where it stands: `route.routes[2].routes[0]`. */
  place: string;
  /** How many routes lie above it. */
  depth: number;
  receiver: string;
  /** Its own matchers. */
  own: Matchers;
  /** Those of its whole path. */
  matchers: Matchers;
  continue: boolean;
  policy: Policy;
  routes: readonly Route[];
}

const maxRoutes = 2_000;
const maxDepth = 30;
const maxMatchers = 100;

const keys = [
  ...['receiver', 'match', 'match_re', 'matchers', 'continue', 'routes'],
  ...['group_by', 'group_wait', 'group_interval', 'repeat_interval', 'mute_time_intervals', 'active_time_intervals'],
];

interface Above {
  place: string;
  depth: number;
  receiver: string;
  matchers: Matchers;
  policy: Policy;
}

/** What the whole reading shares. */
interface Reading {
  receivers: ReadonlySet<string>;
  note: Note;
  count: number;
}

/**
 * Reads `route`.
 * @param receivers the names that there are
 * @throws ImportError for what Alertmanager would refuse, and for more than anybody has
 */
export function readRoutes(raw: unknown, receivers: ReadonlySet<string>, note: Note): Route {
  if (raw === undefined || raw === null) throw new ImportError('route: it is missing; is this an alertmanager.yml?');
  const above = { place: 'route', depth: 0, receiver: '', matchers: [], policy: defaultPolicy };
  const root = readRoute(mapOf(raw, 'route'), above, { receivers, note, count: 0 });
  if (root.own.length > 0) throw new ImportError('route: the root route must not have matchers');
  const times = [...root.policy.mute_time_intervals, ...root.policy.active_time_intervals];
  if (times.length > 0) throw new ImportError('route: the root route must not have mute or active time intervals');
  if (root.continue) throw new ImportError('route: the root route must not have continue');
  return root;
}

/** @param above what lies above, with the place of this route */
function readRoute(raw: Raw, above: Above, reading: Reading): Route {
  const { place, depth } = above;
  if (++reading.count > maxRoutes) throw new ImportError(`${place}: there are more than ${maxRoutes} routes`);
  if (depth > maxDepth) throw new ImportError(`${place}: the routes are nested more than ${maxDepth} deep`);
  const own = matchersOf(raw, place, reading.note);
  const here = {
    place,
    depth,
    receiver: receiverOf(raw, above, reading),
    matchers: distinct([...above.matchers, ...own]) as readonly Matcher[],
    policy: policyOf(raw, above.policy, { place, note: reading.note }),
  };
  if (here.matchers.length > maxMatchers)
    throw new ImportError(`${place}: it has more than ${maxMatchers} matchers, with those above it`);
  noteLosses(raw, place, reading.note);
  return {
    ...here,
    own,
    continue: flagOf(raw['continue'], `${place}.continue`) ?? false,
    routes: listOf(raw['routes'], `${place}.routes`).map((child, i) => {
      const childPlace = `${place}.routes[${i}]`;
      return readRoute(mapOf(child, childPlace), { ...here, place: childPlace, depth: depth + 1 }, reading);
    }),
  };
}

function receiverOf(raw: Raw, { place, receiver }: Above, { receivers }: Reading): string {
  const name = textOf(raw['receiver'], `${place}.receiver`) || receiver;
  if (name === '') throw new ImportError(`${place}: the root route must name a receiver`);
  if (!receivers.has(name)) throw new ImportError(`${place}: there is no receiver ${quoted(name)}`);
  return name;
}

function noteLosses(raw: Raw, place: string, note: Note): void {
  const others = otherKeys(raw, keys);
  if (others.length > 0)
    note(place, `${others.map(quoted).join(', ')} is not known here and was left out: see whether you need it.`);
}
