/** Generated companies: a route tree with its receivers, time intervals, inhibition rules, silences, and what happens to some alerts. */
import { importAlertmanager } from '../../src/groups/import/import.ts';
import * as fc from '../support/fast-check.ts';
import { importedFile } from './configs.ts';
import { type Interval, intervalOf, planned } from './intervals.ts';

export type Labels = Record<string, string>;

/** A route as Alertmanager's file has it. */
export interface RawRoute {
  receiver?: string;
  matchers: string[];
  group_by?: string[];
  continue?: boolean;
  mute_time_intervals?: string[];
  active_time_intervals?: string[];
  routes?: RawRoute[];
}

export interface Rule {
  source: string[];
  target: string[];
  equal: string[];
}

/** Made at the begin of a phase, ended at the begin of a later one or never. */
export interface Silence {
  matchers: string[];
  from: number;
  to: number | null;
}

/** An alert, and whether it fires in each phase. */
export interface Played {
  labels: Labels;
  fires: boolean[];
}

/** One company. All of it is about alerts with the label `case` of its own, so that many stand beside each other in one file. */
export interface Company {
  name: string;
  receivers: { name: string; sendResolved: boolean }[];
  route: RawRoute;
  intervals: Interval[];
  rules: Rule[];
  silences: Silence[];
  alerts: Played[];
}

/** How often something happens. */
export const phases = 4;

const names = ['a', 'b', 'c'] as const;
const value = fc.constantFrom('x', 'y', 'z');
const matcher = fc.oneof(
  fc
    .tuple(fc.constantFrom(...names, 'alertname'), fc.constantFrom('=', '!='), fc.constantFrom('x', 'y', 'z', ''))
    .map(([name, op, text]) => `${name}${op}"${text}"`),
  fc
    .tuple(
      fc.constantFrom(...names),
      fc.constantFrom('=~', '!~'),
      fc.constantFrom('x|y', 'y|z', 'z', '.*', '.+', '[xy]', 'x?', '(?i)X'),
    )
    .map(([name, op, text]) => `${name}${op}"${text}"`),
);
const few = fc.array(matcher, { minLength: 1, maxLength: 2 });
const receivers = 4;
const receiver = fc.nat(receivers - 1).map((n) => `r${n}`);
const groupBy = fc.constantFrom<string[]>(
  ...[['a'], ['a', 'b'], ['alertname'], ['...'], ['c', 'alertname'], ['nobody_has_it']],
);

/** So many time intervals does a company have. */
const intervals = 3;
/** Most routes have none. */
const intervalNames = fc.oneof(
  { weight: 4, arbitrary: fc.constant<string[]>([]) },
  {
    weight: 1,
    arbitrary: fc.subarray(
      Array.from({ length: intervals }, (_, n) => `i${n}`),
      { minLength: 1, maxLength: 2 },
    ),
  },
);

const tree = (depth: number): fc.Arbitrary<RawRoute> =>
  fc.record(
    {
      matchers: fc.array(matcher, { maxLength: 2 }),
      receiver,
      group_by: groupBy,
      continue: fc.boolean(),
      mute_time_intervals: intervalNames,
      active_time_intervals: intervalNames,
      // Alertmanager tells of siblings with equal matchers as of one.
      routes: depth === 0 ? fc.constant([]) : branches(depth - 1, 3),
    },
    { requiredKeys: ['matchers', 'routes'] },
  );
const branches = (depth: number, maxLength: number) =>
  fc.uniqueArray(tree(depth), { maxLength, selector: (one) => JSON.stringify([...one.matchers].sort()) });

const rule: fc.Arbitrary<Rule> = fc.record({
  source: few,
  target: few,
  equal: fc.subarray([...names, 'alertname']),
});
const silence: fc.Arbitrary<Silence> = fc
  .record({ matchers: few, from: fc.nat(phases - 1), lasts: fc.option(fc.integer({ min: 1, max: phases })) })
  .map(({ matchers, from, lasts }) => ({ matchers, from, to: lasts === null ? null : from + lasts }));
const played: fc.Arbitrary<Played> = fc.record({
  labels: fc.record(
    { alertname: value, a: value, b: value, c: value },
    { requiredKeys: ['alertname'] },
  ) as fc.Arbitrary<Labels>,
  fires: fc.array(fc.boolean(), { minLength: phases, maxLength: phases }),
});

const company = fc.record({
  sendResolved: fc.array(fc.constantFrom(true, true, true, false), { minLength: receivers, maxLength: receivers }),
  route: fc.record({
    ...{ receiver, group_by: groupBy, routes: branches(1, 4) },
    ...{ mute_time_intervals: intervalNames, active_time_intervals: intervalNames },
  }),
  intervals: fc.array(planned, { minLength: intervals, maxLength: intervals }),
  rules: fc.array(rule, { maxLength: 3 }),
  silences: fc.array(silence, { maxLength: 2 }),
  alerts: fc.uniqueArray(played, {
    minLength: 3,
    maxLength: 9,
    selector: ({ labels }) => JSON.stringify(Object.entries(labels).sort()),
  }),
});

/** So many companies, the same for the same seed and as much alike as their times can be, whose routes the importer carries over exactly: it says so itself. */
export function companiesOf(seed: number, count: number, now: Date): Company[] {
  const made = fc.sample(company, { seed, numRuns: 2 * count }).map((raw, n) => {
    const name = `c${n}`;
    return {
      name,
      ...{ rules: raw.rules, silences: raw.silences },
      intervals: raw.intervals.map((plan, i) => intervalOf(plan, `${name}-i${i}`, now)),
      receivers: Array.from({ length: receivers }, (_, i) => ({
        name: `${name}-r${i}`,
        sendResolved: raw.sendResolved[i] ?? true,
      })),
      route: named(raw.route, name),
      alerts: raw.alerts.map(({ labels, fires }) => ({ labels: { ...labels, case: name }, fires })),
    };
  });
  const exact = made.filter((one) => importAlertmanager(importedFile([one])).exact);
  if (exact.length < count)
    throw new Error(`only ${exact.length} of ${made.length} companies are carried over exactly`);
  return exact.slice(0, count);
}

/** The route to everything of a company; its receivers are its own. */
function named(route: Omit<RawRoute, 'matchers'>, name: string): RawRoute {
  const own = (one: RawRoute): RawRoute => ({
    ...one,
    ...(one.receiver === undefined ? {} : { receiver: `${name}-${one.receiver}` }),
    mute_time_intervals: (one.mute_time_intervals ?? []).map((interval) => `${name}-${interval}`),
    active_time_intervals: (one.active_time_intervals ?? []).map((interval) => `${name}-${interval}`),
    routes: (one.routes ?? []).map(own),
  });
  return own({ ...route, matchers: [`case="${name}"`] });
}

/** How many routes of a company their time intervals keep quiet, and how many have some that do not. */
export function quietRoutes({ route, intervals }: Company): { quiet: number; loud: number } {
  const inForce = (names: readonly string[] = []) =>
    names.some((name) => intervals.find((one) => one.name === name)?.inForce === true);
  const count = (one: RawRoute): { quiet: number; loud: number } => {
    const { mute_time_intervals: mute = [], active_time_intervals: active = [] } = one;
    const quiet = inForce(mute) || (active.length > 0 && !inForce(active));
    const has = mute.length + active.length > 0;
    const below = (one.routes ?? []).map(count);
    return {
      quiet: below.reduce((sum, of) => sum + of.quiet, quiet ? 1 : 0),
      loud: below.reduce((sum, of) => sum + of.loud, has && !quiet ? 1 : 0),
    };
  };
  return count(route);
}
