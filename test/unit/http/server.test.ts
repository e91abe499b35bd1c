import type { Server } from 'node:http';
import request from 'supertest';
import { z } from 'zod';
import { hashToken } from '../../../src/http/auth.ts';
import { HttpProblem } from '../../../src/http/problem.ts';
import { type Caller, checkIfMatch, etag, type Role, route } from '../../../src/http/route.ts';
import { type Answered, createHttpServer } from '../../../src/http/server.ts';

const answered: Answered[] = [];
const logged: { fields: object; message: string }[] = [];
const log = { debug: () => {}, error: (fields: object, message: string) => void logged.push({ fields, message }) };

const thing = z.strictObject({ name: z.string().min(2), count: z.int().min(0).default(0) });

const routes = [
  route({
    method: 'get',
    path: '/api/v1/things/:name',
    tag: 'things',
    summary: 'One thing',
    role: 'viewer',
    params: z.strictObject({ name: z.string() }),
    query: z.strictObject({ verbose: z.stringbool().optional().describe('Say more') }),
    responses: { 200: { description: 'It', schema: thing } },
    handle: async ({ params }) => ({ status: 200, body: { name: params.name }, headers: { ETag: etag(3) } }),
  }),
  route({
    method: 'put',
    path: '/api/v1/things/:name',
    tag: 'things',
    summary: 'Replaces one',
    role: 'editor',
    params: z.strictObject({ name: z.string().max(5) }),
    body: thing,
    bodyLimit: 1000,
    responses: { 200: { description: 'It', schema: thing } },
    handle: async ({ body, ifMatch }) => {
      checkIfMatch(ifMatch, 3);
      return { status: 200, body };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/things/special',
    tag: 'things',
    summary: 'Not a name',
    role: 'public',
    produces: ['application/json', 'application/yaml'],
    responses: { 200: { description: 'It' } },
    handle: async ({ produce }) => ({ status: 200, body: 'special: true\n', headers: { 'Content-Type': produce } }),
  }),
  route({
    method: 'post',
    path: '/api/v1/fail/:how',
    tag: 'things',
    summary: 'Fails',
    role: 'public',
    consumes: ['application/json', 'application/yaml'],
    params: z.strictObject({ how: z.string() }),
    body: z.unknown(),
    responses: { 204: { description: 'Never' } },
    handle: async ({ params, body }) => {
      if (params.how === 'echo') return { status: 200, body };
      if (params.how === 'storage') throw Object.assign(new Error('down'), { code: 'ECONNREFUSED' });
      if (params.how === 'conflict') throw new HttpProblem(409, 'It is in use.');
      throw new Error('the password is hunter2');
    },
  }),
];

const callers: Record<string, Caller> = {
  viewer: { name: 'v', role: 'viewer' as Role },
  admin: { name: 'a', role: 'admin' as Role },
};

let server: Server;
beforeAll(async () => {
  server = createHttpServer({
    routes,
    authenticate: async (req) => callers[req.headers.authorization?.replace('Bearer ', '') ?? ''] ?? null,
    raw: (req, res) => {
      if (req.url !== '/raw') return false;
      res.end('raw');
      return true;
    },
    mounts: [(app) => void app.get('/mounted', (_req, res) => void res.send('mounted'))],
    info: { title: 'Monitor Manager', version: '0' },
    log,
    onAnswered: (one) => answered.push(one),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const admin = { Authorization: 'Bearer admin' };

describe('the HTTP server', () => {
  it('hands the raw handler its requests before express and mounts what is not in the registry', async () => {
    const raw = await request(server).get('/raw');
    expect(raw.text).toBe('raw');
    expect(raw.headers['x-request-id']).toBeUndefined();
    expect((await request(server).get('/mounted')).text).toBe('mounted');
  });

  it('reports every problem of path, query and body at once, each with its place', async () => {
    const answer = await request(server)
      .put('/api/v1/things/toolong')
      .set(admin)
      .send({ name: 'x', count: -1, extra: 1, 'a.b': 2 });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body.errors.map((e: { in: string; path: string }) => `${e.in} ${e.path}`)).toEqual([
      'path name',
      'body name',
      'body count',
      'body extra',
      'body a.b',
    ]);
  });

  it('asks for a token with 401 and refuses a role that is too low with 403', async () => {
    const nobody = await request(server).get('/api/v1/things/x');
    expect(nobody.status).toBe(401);
    expect(nobody.headers['www-authenticate']).toContain('Bearer');
    const viewer = await request(server).put('/api/v1/things/x').set('Authorization', 'Bearer viewer').send({});
    expect(viewer.status).toBe(403);
    expect(viewer.body).toMatchObject({ title: 'Forbidden', status: 403 });
  });

  it.each([
    ['"3"', 304],
    ['W/"3"', 304],
    ['"1", "3"', 304],
    ['*', 304],
    ['"2"', 200],
  ])('answers a GET with If-None-Match %s with %i, also when fetch adds no-cache', async (tag, status) => {
    const get = request(server).get('/api/v1/things/x').set(admin).set('If-None-Match', tag);
    const answer = await get.set('Cache-Control', 'no-cache');
    expect([answer.status, answer.headers['etag']]).toEqual([status, '"3"']);
    expect(answer.text === '').toBe(status === 304);
  });

  it.each([
    ['"3"', 200],
    ['"3.active"', 200],
    ['"1", "3"', 200],
    ['*', 200],
    ['"2"', 412],
    ['"33"', 412],
    ['W/"3"', 412],
    ['3', 412],
  ])('lets a PUT with If-Match %s at version 3 through or not: %i', async (tag, status) => {
    const answer = await request(server).put('/api/v1/things/x').set(admin).set('If-Match', tag).send({ name: 'xx' });
    expect(answer.status).toBe(status);
  });

  it('answers 404 for an unknown path and 405 with Allow for an unknown method', async () => {
    expect((await request(server).get('/api/v1/nothing')).status).toBe(404);
    const answer = await request(server).delete('/api/v1/things/x').set(admin);
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('GET, PUT, HEAD, OPTIONS');
  });

  it('answers 415 for another content type and 406 when the client accepts nothing that it has', async () => {
    const text = await request(server).put('/api/v1/things/x').set(admin).type('text/plain').send('hello');
    expect(text.status).toBe(415);
    const html = await request(server).get('/api/v1/things/x').set(admin).set('Accept', 'text/html');
    expect(html.status).toBe(406);
  });

  it('answers 413 above the limit of the route, and 400 with the place but not the text of a syntax error', async () => {
    const large = await request(server)
      .put('/api/v1/things/x')
      .set(admin)
      .send({ name: 'x'.repeat(2000) });
    expect(large.status).toBe(413);
    const broken = await request(server).put('/api/v1/things/x').set(admin).type('json').send('{"key": hunter2}');
    expect(broken.status).toBe(400);
    expect(broken.text).toContain('not valid JSON');
    expect(broken.text).not.toContain('hunter2');
  });

  it('honours If-Match when it is given', async () => {
    const put = () => request(server).put('/api/v1/things/x').set(admin).send({ name: 'ok' });
    expect((await put()).status).toBe(200);
    expect((await put().set('If-Match', '"3"')).status).toBe(200);
    const stale = await put().set('If-Match', '"2"');
    expect(stale.status).toBe(412);
    expect(stale.headers['etag']).toBe('"3"');
  });

  it('tolerates a trailing slash, answers HEAD like GET without a body, and prefers fixed paths to names', async () => {
    expect((await request(server).get('/api/v1/things/x/').set(admin)).body).toEqual({ name: 'x' });
    const head = await request(server).head('/api/v1/things/x').set(admin);
    expect([head.status, head.headers['etag'], head.text]).toEqual([200, '"3"', undefined]);
    expect((await request(server).get('/api/v1/things/special').accept('application/yaml')).text).toBe(
      'special: true\n',
    );
  });

  it('reads YAML where a route takes it', async () => {
    const post = () => request(server).post('/api/v1/fail/echo').type('application/yaml');
    expect((await post().send('a: [1, 2]\n')).body).toEqual({ a: [1, 2] });
    const broken = await post().send('a: [1, 2\nkey: hunter2');
    expect(broken.status).toBe(400);
    expect(broken.text).toMatch(/not valid YAML at line 2/);
    expect(broken.text).not.toContain('hunter2');
  });

  it('keeps the details of a 5xx in the log, under the request id that the client is told', async () => {
    const answer = await request(server).post('/api/v1/fail/hard').set('X-Request-Id', 'trace-1').send({});
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('hunter2');
    expect(answer.body.request_id).toBe('trace-1');
    expect(logged.at(-1)?.fields).toMatchObject({ requestId: 'trace-1', err: { message: 'the password is hunter2' } });
  });

  it('answers 503 with Retry-After when the storage is away, and passes problems of the handler on', async () => {
    const away = await request(server).post('/api/v1/fail/storage').send({});
    expect([away.status, away.headers['retry-after']]).toEqual([503, '2']);
    const conflict = await request(server).post('/api/v1/fail/conflict').send({});
    expect(conflict.body).toMatchObject({ status: 409, detail: 'It is in use.' });
  });

  it('answers 400 to a path that cannot be decoded', async () => {
    expect((await request(server).get('/api/v1/things/%E0%A4%A').set(admin)).status).toBe(400);
  });

  it('sends security headers and does not name its framework', async () => {
    const { headers } = await request(server).get('/api/v1/nothing');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-powered-by']).toBeUndefined();
  });

  it('describes every route in OpenAPI from the same schemas, with its role', async () => {
    const { body } = await request(server).get('/api/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths).sort()).toEqual([
      '/api/openapi.json',
      '/api/v1/fail/{how}',
      '/api/v1/things/special',
      '/api/v1/things/{name}',
    ]);
    const put = body.paths['/api/v1/things/{name}'].put;
    expect(put['x-role']).toBe('editor');
    expect(put.requestBody.content['application/json'].schema).toMatchObject({
      required: ['name'],
      additionalProperties: false,
    });
    expect(body.paths['/api/v1/things/{name}'].get.parameters).toContainEqual({
      name: 'verbose',
      in: 'query',
      required: false,
      description: 'Say more',
      schema: { type: 'string' },
    });
  });

  it('tells the metrics the pattern of the route, never the address', async () => {
    await request(server).get('/api/v1/things/some-name').set(admin);
    await vi.waitFor(() => expect(answered.map((one) => one.route)).toContain('/api/v1/things/:name'));
    expect(answered.some((one) => one.route.includes('some-name'))).toBe(false);
  });
});

it('hashes tokens as lower-case hex SHA-256', () => {
  expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
