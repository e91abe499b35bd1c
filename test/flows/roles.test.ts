/** Every endpoint of the OpenAPI document, for each role and for nobody. A new one is tested without a line here. */
import { mayCall, type Role, roles } from '../../src/http/route.ts';
import { asAdmin, bearer, type GivenRole, givenRoles, send, signIn } from '../support/callers.ts';
import { startService, type TestService } from '../support/service.ts';

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

interface Operation {
  'x-role'?: Role;
  requestBody?: unknown;
  security: unknown[];
}
interface Endpoint {
  method: string;
  path: string;
  operation: Operation;
}

let s: TestService;
let paths: Record<string, Record<string, Operation>>;
let endpoints: Endpoint[];
const tokens = new Map<GivenRole, string>();

beforeAll(async () => {
  s = await startService();
  paths = ((await (await fetch(`${s.url}/api/openapi.json`)).json()) as { paths: typeof paths }).paths;
  endpoints = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
  for (const role of givenRoles) {
    const made = await s.api<{ token: string }>('POST', '/api/v1/tokens', { name: `the ${role}`, role });
    tokens.set(role, made.token);
  }
});
afterAll(() => s.stop());

/** Calls an endpoint about what does not exist, so that nothing comes of it; reads the status only. */
async function statusOf({ method, path, operation }: Endpoint, headers: Record<string, string>): Promise<number> {
  const away = new AbortController();
  const body = operation.requestBody === undefined ? {} : { body: '{}' };
  const answer = await fetch(`${s.url}${path.replaceAll(/\{\w+\}/g, '999999999')}`, {
    method: method.toUpperCase(),
    headers: { 'content-type': 'application/json', ...headers },
    redirect: 'manual',
    signal: away.signal,
    ...body,
  });
  away.abort();
  return answer.status;
}

/** What is wrong with the answers to callers who get `expected`; one line for each endpoint. */
async function wrongAnswers(
  expected: (role: Role) => 401 | 403 | 'in',
  headers: () => Promise<Record<string, string>>,
  which: readonly Endpoint[] = endpoints,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const one of which) {
    const wanted = expected(one.operation['x-role'] as Role);
    const status = await statusOf(one, await headers());
    const good = wanted === 'in' ? ![401, 403, 500].includes(status) : status === wanted;
    if (!good) wrong.push(`${one.method} ${one.path}: ${status}, not ${wanted}`);
  }
  return wrong;
}

describe('every endpoint', () => {
  it('says who may call it', () => {
    expect(endpoints.length).toBeGreaterThan(50);
    const without = endpoints.filter(({ operation }) => !roles.includes(operation['x-role'] as Role));
    expect(without.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it('has the role that was given to it by hand: what differs from this table is a decision', async () => {
    const table = endpoints.map(({ method, path, operation }) => `${operation['x-role']} ${method} ${path}`).sort();
    await expect(`${table.join('\n')}\n`).toMatchFileSnapshot('./roles.txt');
  });

  it('about who may come in, and about everything at once, is for admins', () => {
    const meant = /^\/api\/v1\/(users|tokens|apply|export|audit)(\/|$)/;
    const wrong = endpoints.filter(({ path, operation }) => meant.test(path) && operation['x-role'] !== 'admin');
    expect(wrong.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it('that changes something is for viewers only where it is about themselves, or only asks', () => {
    const open = endpoints.filter(({ method, operation }) => method !== 'get' && operation['x-role'] === 'viewer');
    expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'delete /api/v1/session',
      'post /api/v1/alert-groups/preview',
      'post /api/v1/silences/preview',
      'put /api/v1/me/password',
    ]);
  });

  it('that changes something is not for everybody, but for signing in', () => {
    const open = endpoints.filter(({ method, operation }) => method !== 'get' && operation['x-role'] === 'public');
    expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual(['post /api/v1/session']);
  });

  it('asks nobody in particular to sign in, unless it is public', async () => {
    const expected = (role: Role) => (role === 'public' ? 'in' : 401);
    expect(await wrongAnswers(expected, async () => ({}))).toEqual([]);
    const cookie = `mm_session=${'x'.repeat(43)}`;
    expect(
      await wrongAnswers(expected, async () => ({ cookie, ...bearer('not-a-token') }), endpoints.slice(0, 5)),
    ).toEqual([]);
    expect(await wrongAnswers(expected, async () => ({ cookie }))).toEqual([]);
  });

  describe.each(givenRoles)('for the role %s', (role) => {
    const expected = (needs: Role) => (mayCall(role, needs) ? 'in' : 403);
    const token = () => tokens.get(role) ?? '';

    it('is there with a token, or forbidden, as it says', async () => {
      expect(await wrongAnswers(expected, async () => bearer(token()))).toEqual([]);
    });

    it('is there in a session, or forbidden, as it says', async () => {
      expect(await wrongAnswers(expected, async () => (await signIn(s.url, { token: token() })).headers)).toEqual([]);
    });

    it('takes no change by a cookie alone', async () => {
      const changing = endpoints.filter(
        ({ method, operation }) => method !== 'get' && operation['x-role'] !== 'public',
      );
      const { cookie } = await signIn(s.url, { token: token() });
      expect(
        await wrongAnswers(
          () => 403,
          async () => ({ cookie }),
          changing,
        ),
      ).toEqual([]);
    });
  });

  it('answers no method but those that it names', async () => {
    const others = Object.entries(paths).flatMap(([path, item]) =>
      methods
        .filter((method) => item[method] === undefined)
        .map((method) => ({ path, method, operation: { security: [] } })),
    );
    const answers: string[] = [];
    for (const one of others) {
      const status = await statusOf(one, asAdmin);
      if (status !== 405 && status !== 404) answers.push(`${one.method} ${one.path}: ${status}`);
    }
    // There sources post, with tokens of their own.
    expect(answers).toEqual(['post /api/v2/alerts: 401']);
  });
});

describe('a token with scopes', () => {
  it('is let in where its scopes say, and nowhere else', async () => {
    const scopes = ['read', 'contacts'];
    const { token } = await s.api<{ token: string }>('POST', '/api/v1/tokens', {
      name: 'scoped',
      role: 'admin',
      scopes,
    });
    for (const headers of [bearer(token), (await signIn(s.url, { token })).headers]) {
      const status = async (path: string, method = 'GET', body?: unknown) =>
        (await send(s.url, path, { method, body, headers })).status;
      expect(await status('me')).toBe(200);
      expect(await status('contacts')).toBe(200);
      expect(await status('contacts', 'POST', { name: 'x', email: 'x@example.org' })).toBe(403);
      expect(await status('robots')).toBe(403);
      const refused = await send(s.url, 'robots', { method: 'GET', headers });
      expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('the scope robots') });
      expect(await status('users')).toBe(403);
    }
  });
});
