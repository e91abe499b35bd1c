/** People sign in with an OIDC provider: a real one, on loopback. */
import { asAdmin, send, signIn } from '../support/callers.ts';
import { type OidcServer, startOidc } from '../support/oidc.ts';
import { startService, type TestService } from '../support/service.ts';

const home = 'http://mm.example.org/sub';
const callback = `${home}/api/v1/oidc/callback`;

let oidc: OidcServer;
beforeAll(async () => {
  oidc = await startOidc(callback);
});
afterAll(() => oidc.stop());

let s: TestService;
const start = async (env: Record<string, string> = {}) => {
  s = await startService({
    env: {
      MM_EXTERNAL_URL: home,
      MM_OIDC_ISSUER: oidc.issuer,
      MM_OIDC_CLIENT_ID: oidc.clientId,
      MM_OIDC_CLIENT_SECRET: oidc.clientSecret,
      MM_OIDC_LABEL: 'Company',
      ...env,
    },
  });
};
afterEach(() => s.stop());

/** A browser: it keeps cookies by host, and reaches the service at the address that people use. */
function browser() {
  const jar = new Map<string, Map<string, string>>();
  return {
    async get(address: string): Promise<Response> {
      const url = new URL(address);
      const cookies = jar.get(url.host) ?? new Map<string, string>();
      jar.set(url.host, cookies);
      const answer = await fetch(address.startsWith(home) ? address.replace(home, s.url) : address, {
        redirect: 'manual',
        headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      });
      for (const cookie of answer.headers.getSetCookie()) {
        const [name = '', value = ''] = cookie.split(';')[0]?.split('=') ?? [];
        cookies.set(name, value);
      }
      return answer;
    },
    /** Follows redirects until `stop`; the address that it stands at then. */
    async follow(address: string, stop: (address: string) => boolean): Promise<string> {
      let at = address;
      for (let steps = 0; steps < 12 && !stop(at); steps++) {
        const answer = await this.get(at);
        const location = answer.headers.get('location');
        if (location === null) throw new Error(`${at} answered ${answer.status} ${await answer.text()}`);
        at = new URL(location, at).href;
      }
      return at;
    },
    signIn: () => visitor.follow(`${home}/api/v1/oidc/start`, (at) => at.startsWith(`${home}/?`) || at === `${home}/`),
  };
}
let visitor: ReturnType<typeof browser>;
beforeEach(() => {
  visitor = browser();
});

const me = async () => (await visitor.get(`${home}/api/v1/me`)).json() as Promise<Record<string, unknown>>;

describe('with roles by groups', () => {
  const roles = { MM_OIDC_ROLES: 'sre=editor, on-call=responder, bosses=admin' };

  it('somebody of whom nobody knew anything signs in, with the highest role of their groups', async () => {
    await start(roles);
    expect(await (await send(s.url, 'sign-in')).json()).toMatchObject({
      oidc: { label: 'Company', url: `${home}/api/v1/oidc/start` },
    });
    const names = { preferred_username: 'li.wei', name: 'Li Wei', email: 'li.wei@example.org' };
    oidc.person = { sub: 'subject-1', groups: ['on-call', 'sre', 'staff'], ...names };
    expect(await visitor.signIn()).toBe(`${home}/`);
    expect(await me()).toMatchObject({
      ...{ name: 'li.wei', display_name: 'Li Wei', role: 'editor', via: 'session' },
      ...{ account: 'user', has_password: false },
    });
    expect(await s.api('GET', '/api/v1/users/li.wei')).toMatchObject({
      email: 'li.wei@example.org',
      oidc_subject: 'subject-1',
      has_password: false,
    });
  });

  it('a role changes with the groups, and ends the sessions of the other one', async () => {
    await start(roles);
    oidc.person = { sub: 'subject-1', groups: ['sre'], preferred_username: 'li.wei' };
    await visitor.signIn();
    const before = visitor;
    visitor = browser();
    oidc.person = { ...oidc.person, groups: 'on-call' };
    expect(await visitor.signIn()).toBe(`${home}/`);
    expect(await me()).toMatchObject({ role: 'responder' });
    expect((await before.get(`${home}/api/v1/me`)).status).toBe(401);
  });

  it('nobody comes in without a group, when disabled, or by the name of another', async () => {
    await start(roles);
    oidc.person = { sub: 'subject-1', groups: ['staff'], preferred_username: 'li.wei' };
    expect(await visitor.signIn()).toBe(`${home}/?sign_in_error=refused`);
    await s.api('POST', '/api/v1/users', { name: 'boss', role: 'admin', password: 'a long password' });
    oidc.person = { sub: 'subject-2', groups: ['bosses'], preferred_username: 'boss' };
    visitor = browser();
    expect(await visitor.signIn()).toBe(`${home}/?sign_in_error=name-taken`);
    const told = await s.api<{ items: object[] }>('GET', '/api/v1/audit?action=sign-in-failed');
    expect(told.items).toMatchObject([
      { key: 'unknown', comment: expect.stringContaining('that of another user') },
      { key: 'unknown', comment: expect.stringContaining('gives no role here') },
    ]);
    await s.api('POST', '/api/v1/users', { name: 'gone', role: 'admin', oidc_subject: 'subject-3', disabled: true });
    oidc.person = { sub: 'subject-3', groups: ['bosses'] };
    visitor = browser();
    expect(await visitor.signIn()).toBe(`${home}/?sign_in_error=refused`);
    expect((await visitor.get(`${home}/api/v1/me`)).status).toBe(401);
  });
});

describe('without roles by groups', () => {
  it('only who an admin has named by their subject signs in, with the role that they were given', async () => {
    await start();
    oidc.person = { sub: 'subject-1', groups: ['sre'], preferred_username: 'li.wei' };
    expect(await visitor.signIn()).toBe(`${home}/?sign_in_error=refused`);
    await s.api('POST', '/api/v1/users', { name: 'wei', role: 'responder', oidc_subject: 'subject-1' });
    visitor = browser();
    expect(await visitor.signIn()).toBe(`${home}/`);
    expect(await me()).toMatchObject({ name: 'wei', role: 'responder' });
  });
});

describe('the way back', () => {
  const named = async () => {
    await start();
    await s.api('POST', '/api/v1/users', { name: 'wei', role: 'responder', oidc_subject: 'subject-1' });
    oidc.person = { sub: 'subject-1' };
  };
  const toCallback = () => visitor.follow(`${home}/api/v1/oidc/start`, (at) => at.startsWith(callback));

  it('is good for the browser that began it only, and only once', async () => {
    await named();
    const back = await toCallback();
    const victim = browser();
    expect((await victim.get(back)).headers.get('location')).toBe(`${home}/?sign_in_error=failed`);
    expect((await visitor.get(back)).headers.get('location')).toBe(`${home}/`);
    expect((await visitor.get(back)).headers.get('location')).toBe(`${home}/?sign_in_error=failed`);
  });

  it('is refused with the state or the code of another', async () => {
    await named();
    const theirs = new URL(await toCallback());
    visitor = browser();
    const own = new URL(await toCallback());
    expect((await visitor.get(theirs.href)).headers.get('location')).toContain('failed');
    theirs.searchParams.set('state', own.searchParams.get('state') ?? '');
    expect((await visitor.get(theirs.href)).headers.get('location')).toContain('failed');
    expect((await visitor.get(`${callback}?error=access_denied`)).headers.get('location')).toContain('failed');
  });

  it('takes from the browser what it kept for it, however it ends', async () => {
    await named();
    const cleared = async (address: string) => (await visitor.get(address)).headers.getSetCookie().at(-1);
    const nothing = 'mm_oidc=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0';
    const back = await toCallback();
    expect(await cleared(back.replace('state=', 'state=x'))).toBe(nothing);
    expect((await visitor.get(back)).headers.get('location')).toContain('failed');
    expect(await cleared(await toCallback())).toBe(nothing);
  });

  it('makes an address that keeps failing wait, and tells of no more refusals than it must', async () => {
    await start();
    oidc.person = { sub: 'nobody here' };
    for (let i = 0; i < 20; i++) expect(await visitor.signIn()).toContain('refused');
    const throttled = await visitor.get(await toCallback());
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '60']);
    expect(throttled.headers.getSetCookie()).toEqual([expect.stringContaining('mm_oidc=;')]);
    // Another way in is no way around.
    expect((await send(s.url, 'session', { method: 'POST', body: { token: 'a guess' } })).status).toBe(429);
    const told = await s.api<{ items: unknown[] }>('GET', '/api/v1/audit?action=sign-in-failed&limit=100');
    expect(told.items).toHaveLength(20);
    s.clock.advance(60_000);
    expect(await visitor.signIn()).toContain('refused');
  });

  it('keeps nobody from signing in when browsers come by it that never began', async () => {
    await named();
    for (let i = 0; i < 25; i++) {
      const answer = await browser().get(`${callback}?code=any&state=any`);
      expect(answer.headers.get('location')).toBe(`${home}/?sign_in_error=failed`);
    }
    expect(await visitor.signIn()).toBe(`${home}/`);
  });

  it('tells the log that it failed, and no secret', async () => {
    await named();
    const back = new URL(await toCallback());
    await visitor.get(back.href.replace('state=', 'state=x'));
    expect(s.logLines.join('')).toContain('signing in by OIDC failed');
    for (const secret of [oidc.clientSecret, back.searchParams.get('code') ?? '']) {
      expect(s.logLines.join('')).not.toContain(secret);
    }
  });
});

describe('a provider that is away', () => {
  it('leaves signing in by token as it is, and is asked again later', async () => {
    await start({ MM_OIDC_ISSUER: 'http://127.0.0.1:9' });
    expect((await visitor.get(`${home}/api/v1/oidc/start`)).status).toBe(503);
    expect((await visitor.get(`${home}/api/v1/oidc/start`)).status).toBe(503);
    const token = asAdmin.authorization.replace('Bearer ', '');
    expect((await signIn(s.url, { token })).cookie).toContain('mm_session=');
  });

  it('that is not configured is not there', async () => {
    s = await startService();
    expect((await send(s.url, 'oidc/start')).status).toBe(404);
  });
});
