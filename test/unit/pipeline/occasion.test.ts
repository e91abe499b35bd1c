import { labelsOf } from '../../../src/alert/labels.ts';
import { topLabels } from '../../../src/pipeline/deliver/occasion.ts';

const many = Array.from({ length: 100 }, (_, n) =>
  labelsOf([
    ['alertname', n < 70 ? 'NodeDown' : 'PodCrash'],
    ['cluster', ['a', 'b', 'c', 'd', 'e', 'f', 'g'][n % 7] as string],
    ['instance', `host-${n}`],
    ['severity', n < 5 ? 'critical' : 'warning'],
    ['team', 'database'],
  ]),
);

describe('what the alerts of a storm have in common', () => {
  it('is told by name first, then by the labels whose few values say most', () => {
    expect(topLabels(many)).toEqual([
      {
        label: 'alertname',
        values: [
          ['NodeDown', 70],
          ['PodCrash', 30],
        ],
        others: 0,
      },
      {
        label: 'severity',
        values: [
          ['warning', 95],
          ['critical', 5],
        ],
        others: 0,
      },
      {
        label: 'cluster',
        values: [
          ['a', 15],
          ['b', 15],
          ['c', 14],
          ['d', 14],
          ['e', 14],
        ],
        others: 28,
      },
    ]);
  });

  it('leaves out what all share, what each has of its own, and what there is not', () => {
    expect(topLabels(many).map(({ label }) => label)).not.toContain('team');
    expect(topLabels(many).map(({ label }) => label)).not.toContain('instance');
    expect(topLabels([])).toEqual([]);
    expect(topLabels([labelsOf([['job', 'x']])])).toEqual([]);
  });
});
