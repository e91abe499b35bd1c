/** Whether two sites count as configured alike. */
import { hashOf } from '../../../src/groups/config-hash.ts';

const [ming, zoe] = [{ name: 'ming', email: 'ming@example.org' }, { name: 'Zoe' }];
const [first, second] = [{ name: 'first' }, { name: 'second' }];

it('is not changed by the order in which a database lists objects or stores their fields', () => {
  const turned = { email: 'ming@example.org', name: 'ming' };
  expect(hashOf({ contacts: [ming, zoe] })).toBe(hashOf({ contacts: [zoe, turned] }));
});

it('is changed by the order of alert groups, and by every object', () => {
  expect(hashOf({ alert_groups: [first, second] })).not.toBe(hashOf({ alert_groups: [second, first] }));
  expect(hashOf({ contacts: [ming, zoe] })).not.toBe(hashOf({ contacts: [ming] }));
});
