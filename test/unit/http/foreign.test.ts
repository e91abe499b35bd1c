import { isForeign } from '../../../src/http/foreign.ts';
import { inScope, scopeNeeded } from '../../../src/http/scope.ts';

const own = 'https://mm.example.org';

describe('a request is from another site', () => {
  it.each([
    ['of a program, which says nothing', { host: 'mm:8080' }, false],
    ['of the page', { 'sec-fetch-site': 'same-origin', origin: own }, false],
    ['of the page through a proxy that replaces Host', { host: '10.0.0.1:8080', origin: own }, false],
    ['of the page at another name of the service', { host: '10.0.0.1:8080', origin: 'http://10.0.0.1:8080' }, false],
    ['of somebody who typed the address', { 'sec-fetch-site': 'none' }, false],
    ['of another site', { 'sec-fetch-site': 'cross-site' }, true],
    ['of a sister site', { 'sec-fetch-site': 'same-site', origin: 'https://wiki.example.org' }, true],
    ['of another site in an old browser', { host: 'mm.example.org', origin: 'https://evil.example' }, true],
    ['of another port', { host: 'mm.example.org', origin: 'https://mm.example.org:444' }, true],
    ['of a sandbox', { host: 'mm.example.org', origin: 'null' }, true],
  ])('%s', (_, headers, expected) => {
    expect(isForeign(headers, own)).toBe(expected);
  });
});

describe('scopes let a token in', () => {
  it.each([
    [null, 'robots', 'post', true],
    [['read'], 'robots', 'get', true],
    [['read'], 'robots', 'post', false],
    [['contacts'], 'contacts', 'post', true],
    [['contacts'], 'robots', 'get', false],
    [['read', 'contacts'], 'contacts', 'get', true],
    [['read', 'contacts'], 'contacts', 'delete', false],
    [['read', 'contacts'], 'robots', 'get', false],
    [['read'], 'me', 'delete', true],
    [[], 'robots', 'get', false],
  ])('%j: %s %s is %s', (scopes, tag, method, expected) => {
    expect(inScope(scopes, { tag, method })).toBe(expected);
  });
});

describe('whoever is refused for scopes is told which are needed', () => {
  it.each([
    [['contacts'], 'robots', 'get', 'This needs a token with the scope robots, or one without scopes.'],
    [
      ['read', 'robots'],
      'robots',
      'post',
      'This needs a token with the scope robots, or one without scopes, and none of them may be read.',
    ],
  ])('%j: %s %s', (scopes, tag, method, words) => {
    expect(scopeNeeded(scopes, { tag, method })).toBe(words);
  });
});
