/** Generated companies: a route tree with its receivers, inhibition rules, silences, and what happens to some alerts. */
import { importAlertmanager } from '../../src/groups/import/import.ts';
import * as fc from '../support/fast-check.ts';
import { importedFile } from './configs.ts';

export type Labels = Record<string, string>;

/** A route as Alertmanager's file has it. */
export interface RawRoute {
  receiver?: string;
  matchers: string[];
  group_by?: string[];
  continue?: boolean;
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
  /** All of them are told of ends, or none. */
  receivers: { name: string; sendResolved: boolean }[];
  route: RawRoute;
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

const tree = (depth: number): fc.Arbitrary<RawRoute> =>
  fc.record(
    {
      matchers: fc.array(matcher, { maxLength: 2 }),
      receiver,
      group_by: groupBy,
      continue: fc.boolean(),
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
  sendResolved: fc.constantFrom(true, true, true, false),
  route: fc.record({ receiver, group_by: groupBy, routes: branches(1, 4) }),
  rules: fc.array(rule, { maxLength: 3 }),
  silences: fc.array(silence, { maxLength: 2 }),
  alerts: fc.uniqueArray(played, {
    minLength: 3,
    maxLength: 9,
    selector: ({ labels }) => JSON.stringify(Object.entries(labels).sort()),
  }),
});

/** So many companies, the same for the same seed, whose routes the importer carries over exactly: it says so itself. */
export function companiesOf(seed: number, count: number): Company[] {
  const made = fc.sample(company, { seed, numRuns: 2 * count }).map((raw, n) => {
    const name = `c${n}`;
    return {
      name,
      ...{ rules: raw.rules, silences: raw.silences },
      receivers: Array.from({ length: receivers }, (_, i) => ({
        name: `${name}-r${i}`,
        sendResolved: raw.sendResolved,
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
    routes: (one.routes ?? []).map(own),
  });
  return own({ ...route, matchers: [`case="${name}"`] });
}
