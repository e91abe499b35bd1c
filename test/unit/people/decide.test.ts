import { endsSessions, leavesNobody } from '../../../src/people/decide.ts';

describe('whether an edit leaves nobody in charge', () => {
  it.each([
    ['the last admin goes, and there is no token', [1, 0], [0, 0], true],
    ['the last token goes, and there is no admin', [0, 1], [0, 0], true],
    ['a token remains', [1, 1], [0, 1], false],
    ['an admin remains', [2, 0], [1, 0], false],
    ['there was nobody before', [0, 0], [0, 0], false],
  ] as const)('%s', (_, [users, tokens], [usersAfter, tokensAfter], expected) => {
    expect(leavesNobody({ users, tokens }, { users: usersAfter, tokens: tokensAfter })).toBe(expected);
  });
});

describe('whether a change of a user ends their sessions', () => {
  const before = { role: 'editor', disabled: false, oidc_subject: 'subject-1' };
  it.each([
    ['nothing of weight', before, false, false],
    ['a new password', before, true, true],
    ['a lower role', { ...before, role: 'viewer' }, false, true],
    ['a higher role', { ...before, role: 'admin' }, false, true],
    ['another person at the provider', { ...before, oidc_subject: 'subject-2' }, false, true],
    ['nobody at the provider any more', { ...before, oidc_subject: null }, false, true],
    ['disabling', { ...before, disabled: true }, false, true],
  ] as const)('%s', (_, after, newPassword, expected) => {
    expect(endsSessions(before, after, newPassword)).toBe(expected);
  });
});
