/** The pure parts of the pages of an admin. */
import { sections } from '../../../src/groups/kinds.ts';
import { kindOf, revisionActions } from '../../../src/groups/revise.ts';
import type { AuditEntry } from '../../../src/web/client/types.ts';
import { isAboutSelf, objectName, objectPath } from '../../../src/web/pages/audit/object.ts';
import { scopesOf } from '../../../src/web/pages/users/scopes.ts';
import { fromLocal, toLocal } from '../../../src/web/parts/local-time.ts';
import { en } from '../../../src/web/text/en.ts';

const entry = (more: Partial<AuditEntry>): AuditEntry => ({
  ...{ id: '1', at: '2026-01-01T00:00:00.000Z', who: 'admin', via: 'session', address: null, version: null },
  ...{ action: 'update', kind: 'contacts', key: 'li.wei', comment: null, changes: [] },
  ...more,
});

describe('an entry of the audit log', () => {
  it.each([
    [{ kind: 'alert-groups', key: 'a/b' }, '/alert-groups/a%2Fb'],
    [{ kind: 'sources', key: 'az-a' }, '/sources/az-a'],
    [{ kind: 'incidents', key: '7' }, '/incidents/7'],
    [{ kind: 'robots', key: 'ops' }, '/people/robots/ops'],
    [{ kind: 'contacts', key: 'new' }, '/people/contacts/%6Eew'],
    [{ kind: 'silences', key: 'id' }, '/silences/id'],
    [{ kind: 'robots', key: 'ops', action: 'delete' }, null],
    [{ kind: 'constructor', key: 'x' }, null],
  ])('%j leads to %s', (more, path) => {
    expect(objectPath(entry(more))).toBe(path);
  });

  it('is named as people name it, where its key is an id', () => {
    const changes = [{ path: 'name', before: 'dashboard', after: null }];
    expect(objectName(entry({ kind: 'tokens', key: '3', changes }))).toBe('dashboard');
    const matchers = [{ path: 'matchers', before: null, after: [['a="b"', 'c="d"']] }];
    expect(objectName(entry({ kind: 'silences', key: 'id', changes: matchers }))).toBe('a="b", c="d"');
    expect(objectName(entry({ kind: 'silences', key: 'id' }))).toBe('id');
    expect(objectName(entry({ kind: 'contacts', changes }))).toBe('li.wei');
  });

  it('about signing in is about nothing else', () => {
    expect(isAboutSelf(entry({ action: 'sign-in-failed', kind: 'users', key: 'unknown' }))).toBe(true);
    expect(isAboutSelf(entry({}))).toBe(false);
  });

  it('has words for everything that is edited, and for every kind of edit', () => {
    expect(Object.keys(en.audit.kinds)).toEqual(expect.arrayContaining(sections.map(kindOf)));
    expect(Object.keys(en.audit.actions)).toEqual(expect.arrayContaining([...revisionActions]));
  });
});

it('a moment survives the way into a field of the browser and back', () => {
  const utc = '2026-03-29T01:30:00.000Z';
  expect(fromLocal(toLocal(utc))).toBe(Date.parse(utc));
  expect(toLocal('yesterday')).toBe('');
  expect(fromLocal('')).toBeNull();
});

it('what is chosen for a token becomes scopes', () => {
  const about = ['alerts', 'incidents'];
  expect(scopesOf({ mode: 'all', about, onlyRead: true })).toBeNull();
  expect(scopesOf({ mode: 'read', about, onlyRead: false })).toEqual(['read']);
  expect(scopesOf({ mode: 'chosen', about, onlyRead: false })).toEqual(about);
  expect(scopesOf({ mode: 'chosen', about, onlyRead: true })).toEqual(['read', ...about]);
  expect(scopesOf({ mode: 'chosen', about: [], onlyRead: true })).toEqual([]);
});
