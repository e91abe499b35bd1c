import { entryOf, profileOf, roleOfClaims } from '../../../src/people/oidc-claims.ts';

const rule = {
  claim: 'groups',
  roles: [
    { value: 'sre', role: 'editor' },
    { value: 'on-call', role: 'responder' },
  ],
} as const;
const byAdmins = { claim: 'groups', roles: null };
const editor = { role: 'editor', disabled: false } as const;

describe('the role that claims give', () => {
  it.each([
    ['the highest of a list', { groups: ['on-call', 'sre', 'staff'] }, 'editor'],
    ['of one text', { groups: 'on-call' }, 'responder'],
    ['none for other groups', { groups: ['staff'] }, null],
    ['none without the claim', {}, null],
    ['none for what is no text', { groups: [{ name: 'sre' }, 1] }, null],
  ])('%s', (_, claims, expected) => {
    expect(roleOfClaims({ sub: 's', ...claims }, rule)).toBe(expected);
  });
});

describe('what becomes of somebody from the provider', () => {
  const sre = { sub: 's', groups: ['sre'] };
  it.each([
    ['new, with a group', null, sre, rule, { kind: 'make', role: 'editor' }],
    ['new, without a group', null, { sub: 's' }, rule, { kind: 'refuse' }],
    ['known, with the role of the group', editor, sre, rule, { kind: 'keep' }],
    ['known, with another role', { ...editor, role: 'admin' }, sre, rule, { kind: 'change-role', role: 'editor' }],
    ['known, without a group any more', editor, { sub: 's' }, rule, { kind: 'refuse' }],
    ['disabled', { ...editor, disabled: true }, sre, rule, { kind: 'refuse' }],
    ['new, where admins say who', null, sre, byAdmins, { kind: 'refuse' }],
    ['known, where admins say who', editor, { sub: 's' }, byAdmins, { kind: 'keep' }],
    ['disabled, where admins say who', { ...editor, disabled: true }, sre, byAdmins, { kind: 'refuse' }],
  ] as const)('%s', (_, known, claims, by, expected) => {
    expect(entryOf(known, claims, by)).toEqual(expected);
  });
});

describe('the name of a new user', () => {
  it.each([
    [{ preferred_username: 'li.wei', email: 'a@example.org' }, 'li.wei'],
    [{ email: 'a@example.org' }, 'a@example.org'],
    [{}, 'auth0-1'],
    [{ preferred_username: '李 伟' }, '李-伟'],
    [{ preferred_username: '../<script>' }, 'script-'],
    [{ preferred_username: '***' }, 'user'],
  ])('of %j is %s', (claims, expected) => {
    expect(profileOf({ sub: 'auth0|1', ...claims }).name).toBe(expected);
  });
});
