/** People sign in, stay signed in for a while, and can be sent away. */
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { firstAdminToken, renewFirstAdminToken } from '../../src/access.ts';
import { asAdmin, bearer, browserOf, type Sent, send, signIn } from '../support/callers.ts';
import { eachDeployment, type Store } from '../support/deployments.ts';
import { adminToken, startService, type TestService } from '../support/service.ts';

type Body = Record<string, unknown>;
const minute = 60_000;
const hour = 60 * minute;
const password = 'correct horse battery';

let s: TestService;
let store: Store;

const call = (path: string, sent?: Sent) => send(s.url, path, sent);
const admin = <T = Body>(method: string, path: string, body?: unknown) => s.api<T>(method, `/api/v1/${path}`, body);
const person = (name: string, more: Body = {}) =>
  admin('POST', 'users', { name, role: 'editor', password, display_name: `${name} the person`, ...more });
const tryIn = (body: unknown, headers = {}) => call('session', { method: 'POST', body, headers });
const statusOf = async (path: string, sent?: Sent) => (await call(path, sent)).status;
const audit = async (query: string) => (await admin<{ items: Body[] }>('GET', `audit?${query}`)).items;

eachDeployment((deployment) => {
  beforeEach(async () => {
    store = await deployment.emptyStore();
    s = await startService(store);
  });
  afterEach(() => s.stop());

  describe('signing in', () => {
    it('takes name and password, and says who one is', async () => {
      expect(await (await call('sign-in')).json()).toEqual({ password: false, oidc: null, first_run: true });
      await person('li.wei');
      expect(await (await call('sign-in')).json()).toEqual({ password: true, oidc: null, first_run: false });
      const browser = await signIn(s.url, { name: 'li.wei', password });
      expect(await (await call('me', { headers: { cookie: browser.cookie } })).json()).toEqual({
        name: 'li.wei',
        display_name: 'li.wei the person',
        role: 'editor',
        via: 'session',
        account: 'user',
        has_password: true,
        csrf_token: browser.csrf,
        expires_at: new Date(s.clock.now().getTime() + 7 * 24 * hour).toISOString(),
      });
      expect(await audit('action=sign-in')).toMatchObject([
        { who: 'li.wei', via: 'session', kind: 'users', key: 'li.wei' },
      ]);
    });

    it('takes an API token, and the session ends with the token', async () => {
      const { token, id } = await admin('POST', 'tokens', { name: 'guest', role: 'viewer' });
      const { headers } = await signIn(s.url, { token: String(token) });
      expect(await (await call('me', { headers })).json()).toMatchObject({
        name: 'guest',
        role: 'viewer',
        via: 'token',
        account: 'token',
        has_password: false,
      });
      await admin('DELETE', `tokens/${String(id)}`);
      expect(await statusOf('me', { headers })).toBe(401);
      expect((await tryIn({ token })).status).toBe(401);
    });

    it('with the token of the settings lasts until that token changes', async () => {
      const { headers } = await signIn(s.url, { token: adminToken });
      expect(await (await call('me', { headers })).json()).toMatchObject({
        name: 'admin',
        role: 'admin',
        account: 'settings',
        has_password: false,
      });
      await using other = await startService({
        ...store,
        env: { ...store.env, MM_ADMIN_TOKEN: 'another-admin-token' },
      });
      expect((await send(other.url, 'me', { headers })).status).toBe(401);
    });

    it('answers the same to a wrong password, an unknown name and somebody disabled', async () => {
      await person('li.wei');
      await person('gone', { disabled: true });
      await person('keyless', { password: undefined });
      const answers = [];
      for (const name of ['li.wei', 'nobody', 'gone', 'keyless']) {
        const answer = await tryIn({ name, password: name === 'gone' ? password : 'something else' });
        const { detail } = (await answer.json()) as Body;
        answers.push([answer.status, detail, answer.headers.get('set-cookie')]);
      }
      expect(new Set(answers.map((one) => JSON.stringify(one)))).toEqual(
        new Set([JSON.stringify([401, 'The name or the password is wrong.', null])]),
      );
      const told = (await audit('action=sign-in-failed')).map((entry) => entry['key']);
      expect(told).toEqual(['keyless', 'gone', 'unknown', 'li.wei']);
    });

    it('makes who keeps guessing a name wait, and lets them try again later', async () => {
      await person('li.wei');
      const guesses = await Promise.all(Array.from({ length: 10 }, () => tryIn({ name: 'li.wei', password: 'guess' })));
      expect(guesses.map((one) => one.status)).toEqual(Array(10).fill(401));
      const refused = await tryIn({ name: 'li.wei', password });
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '300']);
      s.clock.advance(300_000);
      expect((await tryIn({ name: 'li.wei', password })).status).toBe(201);
    });

    it('lets in again from where somebody has signed in before, whatever others guess elsewhere', async () => {
      await using behind = await startService({ clock: s.clock, env: { MM_TRUSTED_PROXIES: 'loopback' } });
      await behind.api('POST', '/api/v1/users', { name: 'li.wei', role: 'viewer', password });
      const attempt = (word: string, address: string) =>
        send(behind.url, 'session', {
          ...{ method: 'POST', body: { name: 'li.wei', password: word } },
          headers: { 'x-forwarded-for': address },
        });
      expect((await attempt(password, '203.0.113.5')).status).toBe(201);
      for (let i = 0; i < 12; i++) await attempt('a wrong guess', '198.51.100.7');
      expect((await attempt(password, '198.51.100.8')).status).toBe(429);
      expect((await attempt(password, '203.0.113.5')).status).toBe(201);
    });

    it('makes an address that keeps failing wait, whatever names it tries', async () => {
      for (let i = 0; i < 20; i++) await tryIn({ token: `guess-${i}` });
      expect((await tryIn({ token: adminToken })).status).toBe(429);
    });

    it('counts for each person behind a trusted proxy, and for the proxy that is not trusted', async () => {
      const from = (address: string, url = s.url) =>
        send(url, 'session', { method: 'POST', body: { token: 'guess' }, headers: { 'x-forwarded-for': address } });
      for (let i = 0; i < 21; i++) await from(`203.0.113.${i}`);
      expect((await from('198.51.100.7')).status).toBe(429);
      await using behind = await startService({ env: { MM_TRUSTED_PROXIES: 'loopback' } });
      for (let i = 0; i < 20; i++) await from('203.0.113.5', behind.url);
      expect((await from('203.0.113.5', behind.url)).status).toBe(429);
      expect((await from('198.51.100.7', behind.url)).status).toBe(401);
      const tries = await behind.api<{ items: { address: string }[] }>('GET', '/api/v1/audit?limit=1');
      expect(tries.items).toMatchObject([{ address: '198.51.100.7' }]);
    });

    it('tells in the audit log a session that a token began from that of a user of the same name', async () => {
      await s.api('POST', '/api/v1/users', { name: 'boss', role: 'admin', password });
      const made = await s.api<{ token: string }>('POST', '/api/v1/tokens', { name: 'boss', role: 'admin' });
      await signIn(s.url, { token: made.token });
      await signIn(s.url, { name: 'boss', password });
      const { items } = await s.api<{ items: object[] }>('GET', '/api/v1/audit?action=sign-in&limit=2');
      expect(items).toMatchObject([
        { who: 'boss', via: 'session', kind: 'users' },
        { who: 'boss', via: 'token', kind: 'tokens' },
      ]);
    });

    it('is asked for again when the body has come: what was begun before is not finished after', async () => {
      const { token, id } = await admin<{ token: string; id: string }>('POST', 'tokens', {
        name: 'mallory',
        role: 'admin',
      });
      const body = JSON.stringify({ name: 'a way back', role: 'admin' });
      const { hostname, port } = new URL(s.url);
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const slow = request({
          ...{ hostname, port, method: 'POST', path: '/api/v1/tokens' },
          headers: {
            ...bearer(token),
            'content-type': 'application/json',
            'content-length': body.length,
            expect: '100-continue',
          },
        });
        slow.on('continue', () => {
          admin('DELETE', `tokens/${id}`).then(() => slow.end(body), reject);
        });
        slow.on('response', resolve).on('error', reject);
        slow.flushHeaders();
      });
      answer.resume();
      expect(answer.statusCode).toBe(401);
      const { items } = await admin<{ items: Body[] }>('GET', 'tokens');
      expect(items.filter(({ name }) => name === 'a way back')).toEqual([]);
    });

    it('from another site is refused', async () => {
      const body = { token: adminToken };
      expect((await tryIn(body, { origin: 'https://evil.example' })).status).toBe(403);
      expect((await tryIn(body, { origin: s.url })).status).toBe(201);
    });
  });

  describe('a session', () => {
    it('is a plain cookie over http, and a host-bound secure one over https', async () => {
      await person('li.wei');
      const { setCookie } = await signIn(s.url, { name: 'li.wei', password });
      expect(setCookie).toMatch(/^mm_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800$/);
      await using secure = await startService({ env: { MM_EXTERNAL_URL: 'https://mm.example.org' } });
      const other = await signIn(secure.url, { token: adminToken });
      expect(other.setCookie).toMatch(/^__Host-mm_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; /);
      const plain = { cookie: other.cookie.replace('__Host-', '') };
      expect((await send(secure.url, 'me', { headers: plain })).status).toBe(401);
      const headers = { ...other.headers, origin: 'https://mm.example.org' };
      expect((await send(secure.url, 'session', { method: 'DELETE', headers })).status).toBe(204);
    });

    it('is nowhere in the database as the browser has it', async () => {
      const { cookie, csrf } = await signIn(s.url, { token: adminToken });
      const { rows } = await s.service.db.query('select row_to_json(session)::text as all from session');
      expect(rows).toHaveLength(1);
      for (const secret of [cookie.split('=')[1] ?? '', csrf, adminToken]) {
        expect(JSON.stringify(rows)).not.toContain(secret);
        expect(s.logLines.join('')).not.toContain(secret);
      }
    });

    it('ends after twelve hours without use, and lives on while it is used', async () => {
      const { headers } = await signIn(s.url, { token: adminToken });
      s.clock.advance(11 * hour);
      expect(await statusOf('me', { headers })).toBe(200);
      s.clock.advance(11 * hour);
      expect(await statusOf('me', { headers })).toBe(200);
      s.clock.advance(12 * hour);
      expect(await statusOf('me', { headers })).toBe(401);
    });

    it('ends after seven days, however much it is used', async () => {
      const { headers } = await signIn(s.url, { token: adminToken });
      for (let hours = 8; hours < 168; hours += 8) {
        s.clock.advance(8 * hour);
        expect(await statusOf('me', { headers })).toBe(200);
      }
      s.clock.advance(8 * hour);
      expect(await statusOf('me', { headers })).toBe(401);
    });

    it('notes its use once a minute at most', async () => {
      const { headers } = await signIn(s.url, { token: adminToken });
      const seen = async () => {
        await call('me', { headers });
        const { rows } = await s.service.db.query<{ at: Date }>('select last_seen_at as at from session');
        return rows[0]?.at.getTime();
      };
      const first = await seen();
      s.clock.advance(59_000);
      expect(await seen()).toBe(first);
      s.clock.advance(1_000);
      expect(await seen()).toBe(s.clock.now().getTime());
    });

    it('is one of fifty at most that somebody has: the least recently used one ends', async () => {
      await person('li.wei');
      const first = await signIn(s.url, { token: adminToken });
      s.clock.advance(minute);
      const token = String((await admin('POST', 'tokens', { name: 'ci', role: 'viewer' }))['token']);
      const second = await signIn(s.url, { token: adminToken });
      for (let i = 0; i < 49; i++) await signIn(s.url, { token: adminToken });
      await signIn(s.url, { token });
      expect(await statusOf('me', { headers: first.headers })).toBe(401);
      expect(await statusOf('me', { headers: second.headers })).toBe(200);
    });

    it('is over once signed out', async () => {
      const { headers, setCookie } = await signIn(s.url, { token: adminToken });
      const out = await call('session', { method: 'DELETE', headers });
      expect([out.status, out.headers.get('set-cookie')]).toEqual([
        204,
        expect.stringMatching(/^mm_session=;.*Max-Age=0$/),
      ]);
      expect(setCookie).not.toBe('');
      expect(await statusOf('me', { headers })).toBe(401);
      expect(await audit('action=sign-out')).toHaveLength(1);
    });

    it('changes something only with its own CSRF token, and not for another site', async () => {
      const { headers, cookie } = await signIn(s.url, { token: adminToken });
      const stranger = await signIn(s.url, { token: adminToken });
      const make = async (more: Record<string, string>) =>
        statusOf('contacts', { method: 'POST', body: { name: 'x', email: 'x@example.org' }, headers: more });
      expect(await make({ cookie })).toBe(403);
      expect(await make({ cookie, 'x-csrf-token': '' })).toBe(403);
      expect(await make({ cookie, 'x-csrf-token': stranger.csrf })).toBe(403);
      expect(await make({ ...headers, origin: 'https://evil.example' })).toBe(403);
      expect(await make({ ...headers, origin: 'null' })).toBe(403);
      expect(await statusOf('contacts/x', { headers })).toBe(404);
      expect(await make({ ...headers, origin: s.url })).toBe(201);
    });
  });

  describe('sessions of a user end', () => {
    const changes: [string, Body][] = [
      ['with another role', { role: 'viewer' }],
      ['when they are disabled', { disabled: true }],
      ['with a new password', { password: 'another long password' }],
    ];
    it.each(changes)('%s', async (_, change) => {
      await person('li.wei');
      const { headers } = await signIn(s.url, { name: 'li.wei', password });
      await admin('PUT', 'users/li.wei', { name: 'li.wei', role: 'editor', email: 'li.wei@example.org' });
      expect(await statusOf('me', { headers })).toBe(200);
      await admin('PUT', 'users/li.wei', { name: 'li.wei', role: 'editor', ...change });
      expect(await statusOf('me', { headers })).toBe(401);
    });

    it('when they are removed', async () => {
      await person('li.wei');
      const { headers } = await signIn(s.url, { name: 'li.wei', password });
      await admin('DELETE', 'users/li.wei');
      expect(await statusOf('me', { headers })).toBe(401);
    });

    it('when they change their password, but for a new one where they did', async () => {
      await person('li.wei');
      const elsewhere = await signIn(s.url, { name: 'li.wei', password });
      const here = await signIn(s.url, { name: 'li.wei', password });
      const next = 'another long password';
      const put = (body: Body) => call('me/password', { method: 'PUT', headers: here.headers, body });
      expect((await put({ current: 'not that one', password: next })).status).toBe(400);
      const changed = await put({ current: password, password: next });
      expect(changed.status).toBe(200);
      const again = await browserOf(changed);
      expect(await statusOf('me', { headers: again.headers })).toBe(200);
      expect(await statusOf('me', { headers: here.headers })).toBe(401);
      expect(await statusOf('me', { headers: elsewhere.headers })).toBe(401);
      expect((await tryIn({ name: 'li.wei', password })).status).toBe(401);
      expect((await tryIn({ name: 'li.wei', password: next })).status).toBe(201);
    });
  });

  describe('users', () => {
    it('are listed, edited by one admin at a time, and never shown with their password', async () => {
      const made = await person('li.wei');
      expect(made).toMatchObject({ name: 'li.wei', has_password: true, version: 1, updated_by: 'admin' });
      await admin('PUT', 'users/li.wei', { ...made, email: 'li.wei@example.org' });
      const stale = {
        method: 'PUT',
        headers: { ...asAdmin, 'if-match': '"1"' },
        body: { name: 'li.wei', role: 'viewer' },
      };
      const refusal = await call('users/li.wei', stale);
      expect([refusal.status, await refusal.json()]).toMatchObject([
        412,
        { current: { version: 2, updated_by: 'admin' } },
      ]);
      await admin('PUT', 'users/li.wei?comment=on%20leave', { ...made, email: 'li.wei@example.org', disabled: true });
      const [leave, edit, creation] = await audit('kind=users&key=li.wei');
      expect(leave).toMatchObject({ action: 'update', comment: 'on leave' });
      expect(edit).toMatchObject({
        action: 'update',
        changes: [{ path: 'email', before: null, after: 'li.wei@example.org' }],
      });
      expect(creation?.['changes']).toContainEqual({ path: 'password', before: null, after: null, secret: true });
      const shown = JSON.stringify([made, await admin('GET', 'users'), edit, creation, s.logLines]);
      expect(shown).not.toContain(password);
      expect(shown).not.toContain('argon2');
    });

    it('have a name and a subject of their own: what is taken is refused at its field', async () => {
      await person('li.wei', { oidc_subject: 'subject-1' });
      const refused = async (body: Body) => {
        const answer = await call('users', { method: 'POST', headers: asAdmin, body: { role: 'viewer', ...body } });
        return [answer.status, ((await answer.json()) as { errors: Body[] }).errors.map(({ path }) => path)];
      };
      expect(await refused({ name: 'li.wei' })).toEqual([409, ['name']]);
      expect(await refused({ name: 'wei.li', oidc_subject: 'subject-1' })).toEqual([409, ['oidc_subject']]);
    });

    it('need a password of twelve characters, and keep their names', async () => {
      const post = (body: Body) => statusOf('users', { method: 'POST', headers: asAdmin, body });
      expect(await post({ name: 'li.wei', role: 'viewer', password: 'short' })).toBe(400);
      await person('li.wei');
      const renamed = { method: 'PUT', headers: asAdmin, body: { name: 'wei.li', role: 'viewer' } };
      expect(await statusOf('users/li.wei', renamed)).toBe(400);
    });
  });

  describe('the last admin', () => {
    it('stays, once there is no admin token', async () => {
      await s.stop();
      s = await startService({ ...store, env: { ...store.env, MM_ADMIN_TOKEN: '' } });
      const first = bearer(s.service.adminToken?.token ?? '');
      const boss = { name: 'boss', role: 'admin', password };
      await call('users', { method: 'POST', headers: first, body: boss });
      const { headers } = await signIn(s.url, { name: 'boss', password });
      const tokens = (await (await call('tokens', { headers })).json()) as { items: { id: string }[] };
      expect(tokens.items).toHaveLength(1);
      expect(await statusOf(`tokens/${tokens.items[0]?.id}`, { method: 'DELETE', headers })).toBe(204);
      const put = (change: Body) =>
        statusOf('users/boss', { method: 'PUT', headers, body: { name: 'boss', role: 'admin', ...change } });
      expect(await put({ role: 'editor' })).toBe(409);
      expect(await put({ disabled: true })).toBe(409);
      const refusal = await call('users/boss', { method: 'DELETE', headers });
      expect([refusal.status, await refusal.json()]).toMatchObject([409, { reason: 'last_admin' }]);
      expect(await put({ email: 'boss@example.org' })).toBe(200);
      await call('users', { method: 'POST', headers, body: { ...boss, name: 'second' } });
      expect(await put({ role: 'editor' })).toBe(200);
    });

    it('is no token whose data directory is gone: it ends by itself after thirty days, and can be removed before', async () => {
      const { db } = s.service;
      const dir = (name: string) => join(s.service.settings.dataDir, name);
      const at = (days: number) => new Date(s.clock.now().getTime() + days * 24 * hour);
      const listed = async () => (await admin<{ items: Body[] }>('GET', 'tokens')).items;
      const own = await firstAdminToken(db, dir('own'), at(0));
      await firstAdminToken(db, dir('gone'), at(0));
      expect(await listed()).toHaveLength(2);
      await renewFirstAdminToken(db, own, at(20));
      await renewFirstAdminToken(db, own, at(40));
      expect(await listed()).toHaveLength(1);
      expect(await statusOf('me', { headers: bearer(own.token) })).toBe(200);
    });

    it('may go while there is an admin token', async () => {
      await person('boss', { role: 'admin' });
      expect(await statusOf('users/boss', { method: 'DELETE', headers: asAdmin })).toBe(204);
    });
  });

  describe('API tokens', () => {
    it('are shown once, note their use roughly, and expire', async () => {
      const expires_at = new Date(s.clock.now().getTime() + hour).toISOString();
      const made = await admin('POST', 'tokens', { name: 'ci', role: 'viewer', expires_at });
      const token = String(made['token']);
      const listed = async () => (await admin<{ items: Body[] }>('GET', 'tokens')).items[0];
      expect(await listed()).toEqual({ ...made, token: undefined });
      const used = s.clock.now().toISOString();
      expect(await statusOf('me', { headers: bearer(token) })).toBe(200);
      s.clock.advance(60_000);
      expect(await statusOf('me', { headers: bearer(token) })).toBe(200);
      expect(await listed()).toMatchObject({ created_by: 'admin', last_used_at: used });
      s.clock.advance(hour);
      expect(await statusOf('me', { headers: bearer(token) })).toBe(401);
      expect(JSON.stringify([await admin('GET', 'tokens'), await audit(''), s.logLines])).not.toContain(token);
    });

    it('are made and removed for a reason that the audit log keeps', async () => {
      const { id } = await admin('POST', 'tokens?comment=for%20the%20build', { name: 'ci', role: 'viewer' });
      expect(await statusOf(`tokens/${id}?comment=leaked`, { method: 'DELETE', headers: asAdmin })).toBe(204);
      expect(await audit(`kind=tokens&key=${id}`)).toMatchObject([
        { action: 'delete', comment: 'leaked' },
        { action: 'create', comment: 'for the build' },
      ]);
    });

    it('have scopes that exist, and with scopes make no users and no tokens', async () => {
      const post = (path: string, body: Body, headers = asAdmin) => statusOf(path, { method: 'POST', headers, body });
      expect(await post('tokens', { name: 'x', role: 'admin', scopes: ['nothing'] })).toBe(400);
      const made = await admin('POST', 'tokens', { name: 'x', role: 'admin', scopes: ['tokens', 'users'] });
      const scoped = bearer(String(made['token']));
      expect(await statusOf('tokens', { headers: scoped })).toBe(200);
      expect(await post('tokens', { name: 'y', role: 'admin' }, scoped)).toBe(403);
      expect(await post('users', { name: 'y', role: 'admin' }, scoped)).toBe(403);
      expect(await statusOf(`tokens/${String(made['id'])}`, { method: 'DELETE', headers: scoped })).toBe(403);
    });
  });
});
