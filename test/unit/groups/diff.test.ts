import { fieldChanges } from '../../../src/groups/diff.ts';
import { movedNames } from '../../../src/groups/order.ts';

describe('the difference between two bodies', () => {
  it('names fields with their path, also inside objects, and takes lists as a whole', () => {
    const before = { name: 'a', policy: { group_wait: '30s', group_by: ['x'] }, labels: { dc: 'a' } };
    const after = { name: 'a', policy: { group_wait: '1m', group_by: ['x', 'y'] }, labels: {} };
    expect(fieldChanges(before, after)).toEqual([
      { path: 'policy.group_wait', before: '30s', after: '1m' },
      { path: 'policy.group_by', before: ['x'], after: ['x', 'y'] },
      { path: 'labels.dc', before: 'a', after: null },
    ]);
  });

  it('takes what is absent and what is null for the same, and does not mind the order of keys', () => {
    expect(fieldChanges({ email: null, labels: { a: '1', b: '2' } }, { labels: { b: '2', a: '1' } })).toEqual([]);
  });

  it('shows all of what was made or removed', () => {
    expect(fieldChanges({}, { name: 'a', labels: { dc: 'b' } })).toEqual([
      { path: 'name', before: null, after: 'a' },
      { path: 'labels.dc', before: null, after: 'b' },
    ]);
    expect(fieldChanges({ name: 'a' }, {})).toEqual([{ path: 'name', before: 'a', after: null }]);
  });
});

describe('who was moved in an order', () => {
  it.each([
    ['abcd', 'dabc', 'd'],
    ['abcd', 'bcda', 'a'],
    ['abcd', 'abcd', ''],
    ['abcd', 'acbd', 'c'],
  ])('%s to %s: %s', (before, after, moved) => {
    const names = movedNames([...before], [...after]);
    expect(names).toHaveLength(moved.length);
    const stay = [...after].filter((name) => !names.includes(name));
    expect(stay).toEqual([...before].filter((name) => !names.includes(name)));
  });
});
