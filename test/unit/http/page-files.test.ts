/** How the page is served: from the build that the tests have made. */
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import request from 'supertest';
import { mountPage } from '../../../src/http/page-files.ts';
import { route } from '../../../src/http/route.ts';
import { createHttpServer } from '../../../src/http/server.ts';

const pageDir = fileURLToPath(new URL('../../../dist/web', import.meta.url));
const html = { Accept: 'text/html,application/xhtml+xml' };

function serve(dir: string): Server {
  return createHttpServer({
    routes: [
      route({
        method: 'get',
        path: '/api/v1/thing',
        tag: 'test',
        summary: 'A thing',
        role: 'public',
        responses: { 200: { description: 'It' } },
        handle: async () => ({ status: 200, body: { thing: true } }),
      }),
    ],
    mounts: [(app) => mountPage(app, dir)],
    authenticate: async () => null,
    info: { title: 'Monitor Manager', version: '0' },
    log: { debug: () => {}, error: () => {} },
  });
}

const server = serve(pageDir);
const get = (path: string) => request(server).get(path);

async function script(): Promise<string> {
  const [, path = ''] = /src="\.(\/assets\/[^"]+\.js)"/.exec((await get('/')).text) ?? [];
  return path;
}

describe('the document of the page', () => {
  it.each(['/', '/incidents/42', '/alerts/0123456789abcdef', '/no/such/page'])(
    'is what a browser gets at %s',
    async (path) => {
      const page = await get(path).set(html);
      expect([page.status, page.type]).toEqual([200, 'text/html']);
      expect(page.text).toContain('<div id="root">');
      expect(page.headers['cache-control']).toBe('no-cache');
    },
  );

  it('says the way up to the root from wherever it is, so that it works below any path of a proxy', async () => {
    const baseAt = async (path: string) => /<base href="([^"]+)">/.exec((await get(path).set(html)).text)?.[1];
    expect(await baseAt('/')).toBe('./');
    expect(await baseAt('/heartbeats')).toBe('./');
    expect(await baseAt('/incidents/42')).toBe('../');
    expect(await baseAt('/a/b/c')).toBe('../../');
  });

  it('lets in no script but its own, and only style elements that carry the nonce of this answer', async () => {
    const [one, two] = [await get('/'), await get('/')];
    const nonceOf = (page: typeof one) =>
      /'nonce-([\w-]{22})'/.exec(page.headers['content-security-policy'] ?? '')?.[1];
    expect(nonceOf(one)).toBeDefined();
    expect(nonceOf(one)).not.toBe(nonceOf(two));
    expect(one.text).toContain(`nonce="${nonceOf(one)}"`);
    expect(one.text).not.toContain('__nonce__');
    const policy = one.headers['content-security-policy'];
    expect(policy).toContain("default-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(one.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' });
  });

  it('is only for browsers that ask for a document', async () => {
    expect((await get('/incidents/42').set('Accept', '*/*')).status).toBe(404);
    expect((await request(server).post('/incidents/42').set(html)).status).toBe(404);
    expect((await request(server).head('/incidents/42').set(html)).status).toBe(200);
  });

  it.each(['/api/v1/nothing', '/api', '/-/nothing', '/metrics/x'])('is never the answer at %s', async (path) => {
    const answer = await get(path).set(html);
    expect([answer.status, answer.type]).toEqual([404, 'application/problem+json']);
  });

  it('leaves the API as it is', async () => {
    expect((await get('/api/v1/thing').set(html).set('Accept', 'application/json')).body).toEqual({ thing: true });
  });
});

describe('a file of the page', () => {
  it('is kept for ever, compressed as the browser likes it, and not sent twice', async () => {
    const path = await script();
    const sent = await get(path).set('Accept-Encoding', 'gzip, deflate, br');
    expect(sent.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-encoding': 'br',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
    });
    const zipped = await get(path).set('Accept-Encoding', 'gzip');
    expect(zipped.headers['content-encoding']).toBe('gzip');
    const plain = await get(path).set('Accept-Encoding', 'identity');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.text).toBe(zipped.text);
    const again = await get(path).set('Accept-Encoding', 'gzip').set('If-None-Match', String(zipped.headers['etag']));
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it.each([
    '/assets/no-such-file.js',
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/main.js',
    '/.vite/manifest.json',
    '/index.html.gz',
  ])('is nothing else: %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

it('a service without the page says how to build it', async () => {
  const page = await request(serve('/nowhere')).get('/').set(html);
  expect([page.status, page.text]).toEqual([503, 'The page has not been built: run `npm run build`.\n']);
});
