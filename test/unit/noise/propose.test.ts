import { type Facts, propose, sensibleForMs } from '../../../src/noise/propose.ts';
import type { Opening } from '../../../src/noise/split.ts';
import { usualPolicy } from '../../support/policy.ts';

const nothing = sensibleForMs.map(() => 0);
const calm = { changes: 0, begins: 0, alerts: 0 };
const quiet: Facts = {
  policy: usualPolicy,
  lasted: { told: 0, shorter: nothing },
  quick: calm,
  criticals: { lasted: { told: 0, shorter: nothing }, quick: calm },
  openings: [],
};

/** Proposals in short. */
const kinds = (facts: Partial<Facts>) =>
  propose({ ...quiet, ...facts }).map((p) => {
    if (p.kind === 'for') return `for ${p.forMs / 60_000}m`;
    return p.kind === 'group_by' ? `group_by ${p.groupBy.join(',')}` : `flapping ${p.changes}`;
  });

const opened = (at: number, groupLabels: Record<string, string>): Opening => ({
  openedAt: new Date(at * 1_000),
  groupLabels: { alertname: 'NodeDown', ...groupLabels },
});

/** Incidents of so many instances within so many seconds. */
const storm = (n: number, within = 30, labelsOf = (i: number): Record<string, string> => ({ instance: `node-${i}` })) =>
  Array.from({ length: n }, (_, i) => opened((i * within) / n, labelsOf(i)));

describe('a proposal of for', () => {
  it.each<[string, Facts['lasted'], Partial<Facts['policy']>, string[]]>([
    [
      'is the shortest that keeps back half of what is told',
      { told: 20, shorter: [4, 10, 18, 20, 20] },
      {},
      ['for 2m'],
    ],
    ['does not stop short of half', { told: 20, shorter: [4, 9, 10, 20, 20] }, {}, ['for 5m']],
    [
      'is longer than what the group waits for today',
      { told: 20, shorter: [0, 0, 12, 20, 20] },
      { forMs: 120_000 },
      ['for 5m'],
    ],
    ['counts group_wait too', { told: 20, shorter: [15, 15, 15, 15, 15] }, { groupWaitMs: 60_000 }, ['for 2m']],
    ['is not made of four', { told: 4, shorter: [4, 4, 4, 4, 4] }, {}, []],
    ['is not made where most of it lasts', { told: 20, shorter: [1, 2, 3, 4, 9] }, {}, []],
    ['never exceeds a quarter of an hour', { told: 20, shorter: [20, 20, 20, 20, 20] }, { forMs: 900_000 }, []],
  ])('%s', (_, lasted, policy, expected) => {
    expect(kinds({ lasted, policy: { ...usualPolicy, ...policy } })).toEqual(expected);
  });

  it('says how many critical alerts of the group would be told later, and how many never', () => {
    const criticals = { lasted: { told: 7, shorter: [0, 3, 5, 7, 7] }, quick: calm };
    const [proposal] = propose({ ...quiet, criticals, lasted: { told: 20, shorter: [4, 10, 18, 20, 20] } });
    expect(proposal).toEqual({
      ...{ kind: 'for', forMs: 120_000, shorter: 10, told: 20 },
      criticals: { later: 4, never: 3 },
    });
  });
});

describe('a proposal of flapping', () => {
  it.each<[string, Partial<Facts>, string[]]>([
    ['is made where alerts change in a quick row', { quick: { changes: 5, begins: 3, alerts: 1 } }, ['flapping 6']],
    ['is not made of few changes', { quick: { changes: 4, begins: 2, alerts: 1 } }, []],
    [
      'is not made where the group has it',
      {
        quick: { changes: 50, begins: 25, alerts: 1 },
        policy: { ...usualPolicy, flapping: { changes: 10, withinMs: 60_000 } },
      },
      [],
    ],
  ])('%s', (_, facts, expected) => {
    expect(kinds(facts)).toEqual(expected);
  });

  it('says how many begins of critical alerts would not be told', () => {
    const criticals = { ...quiet.criticals, quick: { changes: 9, begins: 4, alerts: 2 } };
    const [proposal] = propose({ ...quiet, criticals, quick: { changes: 20, begins: 10, alerts: 3 } });
    expect(proposal).toMatchObject({ kind: 'flapping', criticals: { never: 4 } });
  });
});

describe('a proposal of group_by', () => {
  const by = (...groupBy: string[]) => ({ ...usualPolicy, groupBy });

  it.each<[string, Partial<Facts>, string[]]>([
    [
      'drops the label that splits one moment',
      { policy: by('alertname', 'instance'), openings: storm(10) },
      ['group_by alertname'],
    ],
    [
      'keeps a label that does not split',
      {
        policy: by('alertname', 'cluster', 'instance'),
        openings: storm(20, 30, (i) => ({ cluster: `c${i % 2}`, instance: `node-${i}` })),
      },
      ['group_by alertname,cluster'],
    ],
    [
      'drops two that change together',
      {
        policy: by('alertname', 'cluster', 'pod', 'instance'),
        openings: storm(20, 30, (i) => ({ cluster: 'c', pod: `p${i}`, instance: `node-${i}` })),
      },
      ['group_by alertname,cluster'],
    ],
    [
      'names the alert name where everything else goes',
      { policy: by('instance'), openings: storm(10) },
      ['group_by alertname'],
    ],
    [
      'groups by the alert name instead of by everything',
      { policy: by('...'), openings: storm(10) },
      ['group_by alertname'],
    ],
    [
      'is not made where incidents open one after the other',
      { policy: by('alertname', 'instance'), openings: storm(10, 3_600) },
      [],
    ],
    ['is not made where they differ in the alert name only', { policy: by('alertname'), openings: storm(10) }, []],
    ['is not made of a handful', { policy: by('alertname', 'instance'), openings: storm(5) }, []],
  ])('%s', (_, facts, expected) => {
    expect(kinds(facts)).toEqual(expected);
  });
});

it('proposes two things at most, what changes least first', () => {
  const facts = {
    policy: { ...usualPolicy, groupBy: ['alertname', 'instance'] },
    openings: storm(10),
    quick: { changes: 20, begins: 10, alerts: 1 },
    lasted: { told: 20, shorter: [20, 20, 20, 20, 20] },
  };
  expect(kinds(facts)).toEqual(['group_by alertname', 'flapping 6']);
});
