import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { eachDeployment } from '../support/deployments.ts';
import { payload } from '../support/payload.ts';
import { startPostgres } from '../support/postgres.ts';
import { startService } from '../support/service.ts';
import { eventually } from '../support/wait.ts';
import { company, type Flow, minute, startFlow, tokenOf } from './flow.ts';
import { holdStorage } from './hold-storage.ts';

const path = '/api/v1/webhooks/alertmanager';
const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };
const good = JSON.stringify(payload([{ labels: disk }]));
const megabyte = 1_000_000;

/** Posts with these headers, to the webhook's path or one below it. */
function send(url: string, headers: Record<string, string>, { body = good, below = '', method = 'POST' } = {}) {
  return fetch(`${url}${path}${below}`, { method, headers, ...(method === 'POST' ? { body } : {}) });
}

/** Sends `chunks` without saying how much will come. Resolves with the status. */
function sendChunked(url: string, token: string, chunks: readonly Buffer[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const sending = request(`${url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    let status = 0;
    sending.on('response', (response) => {
      status = response.statusCode ?? 0;
      response.resume();
      resolve(status);
    });
    sending.on('error', (error) => status === 0 && reject(error));
    for (const chunk of chunks) sending.write(chunk);
    sending.end();
  });
}

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment, { channels: ['email'] });
    await flow.configure({});
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  const bearer = { authorization: `Bearer ${tokenOf('az-a')}` };
  const basic = (name: string, token: string) => ({
    authorization: `Basic ${Buffer.from(`${name}:${token}`).toString('base64')}`,
  });
  const adminTexts = () =>
    flow
      .mailsTo('admin')
      .map((mail) => mail.text)
      .join('\n');

  it('a source shows its token as bearer, as basic auth or in the path', async () => {
    const answers = await Promise.all([
      send(flow.s.url, bearer),
      send(flow.s.url, basic('az-a', tokenOf('az-a'))),
      send(flow.s.url, {}, { below: `/${tokenOf('az-a')}` }),
    ]);
    expect(answers.map((a) => a.status)).toEqual([200, 200, 200]);
    expect(await answers[0]?.json()).toEqual({ status: 'ok', alerts: 1, quarantined: 0 });
  });

  it('whoever shows no token of a source gets 401, and no token gets into the log', async () => {
    const answers = await Promise.all([
      send(flow.s.url, {}),
      send(flow.s.url, { authorization: 'Bearer of-nobody-0123456789' }),
      send(flow.s.url, basic('az-b', tokenOf('az-a'))),
      send(flow.s.url, {}, { below: '/of-nobody-0123456789' }),
    ]);
    expect(answers.map((a) => a.status)).toEqual([401, 401, 401, 401]);
    expect(answers[0]?.headers.get('www-authenticate')).toContain('Bearer');
    const log = flow.s.logLines.join('\n');
    for (const secret of [tokenOf('az-a'), 'of-nobody-0123456789']) expect(log).not.toContain(secret);
  });

  it('while tokens are rotated the old and the new one work; afterwards only the new one', async () => {
    const [old, fresh] = [tokenOf('az-a'), 'the-new-token-0123456789'];
    const withTokens = (tokens: string[]) => ({
      sources: company.sources.map(({ token, ...s }) => (s.name === 'az-a' ? { ...s, tokens } : { ...s, token })),
    });
    const statuses = async () => [
      (await send(flow.s.url, { authorization: `Bearer ${old}` })).status,
      (await send(flow.s.url, { authorization: `Bearer ${fresh}` })).status,
    ];
    expect(await statuses()).toEqual([200, 401]);
    await flow.configure(withTokens([old, fresh]));
    expect(await statuses()).toEqual([200, 200]);
    await flow.configure(withTokens([fresh]));
    expect(await statuses()).toEqual([401, 200]);
  });

  it.each([
    ['an empty body', '', 'empty'],
    ['half a body', good.slice(0, good.length / 2), 'not valid JSON'],
    ['alerts as for the API v2', '[]', '/api/v2/alerts'],
    ['a payload without version', '{"alerts":[]}', '"version" is missing'],
    ['another version', '{"version":"3","alerts":[]}', '"3"'],
    ['alerts that are no list', '{"version":"4","alerts":{}}', '"alerts" is not a list'],
  ])('%s is 400 with one line that helps', async (_, body, hint) => {
    const answer = await send(flow.s.url, bearer, { body });
    const text = await answer.text();
    expect([answer.status, text.trim().split('\n').length]).toEqual([400, 1]);
    expect(text).toContain(hint);
  });

  it('compressed bodies are named as such', async () => {
    const body = new Uint8Array(gzipSync(good));
    const plain = await fetch(`${flow.s.url}${path}`, { method: 'POST', headers: bearer, body });
    expect([plain.status, await plain.text()]).toEqual([400, expect.stringContaining('gzip')]);
    const headers = { ...bearer, 'content-encoding': 'gzip' };
    const said = await fetch(`${flow.s.url}${path}`, { method: 'POST', headers, body });
    expect(said.status).toBe(415);
  });

  it('only POST is answered', async () => {
    const answer = await send(flow.s.url, bearer, { method: 'GET' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('a body of nearly 32 MB is taken; a larger one is 413, announced or not, and an alarm of ours', async () => {
    const taken = await send(flow.s.url, bearer, { body: good.padEnd(31.9 * megabyte) });
    expect(taken.status).toBe(200);
    expect((await send(flow.s.url, bearer, { body: good.padEnd(33 * megabyte) })).status).toBe(413);
    const chunk = Buffer.alloc(megabyte, ' ');
    expect(await sendChunked(flow.s.url, tokenOf('az-b'), [Buffer.from(good), ...Array(33).fill(chunk)])).toBe(413);
    await flow.pass(1_000);
    await flow.pass(minute);
    expect(adminTexts()).toContain('WebhookRefused');
    expect(adminTexts()).toContain('max_alerts');
  });

  it('a malformed alert is set aside with its reason and shown; the others go through', async () => {
    await flow.report('az-a', [
      { labels: disk },
      { labels: {} },
      { labels: { ...disk, instance: 'b' }, startsAt: 'yesterday' },
    ]);
    await flow.pass(minute);
    expect(flow.mails('li.wei')).toEqual(['+1 new']);
    const { items } = await flow.s.api<{ items: { source: string; reason: string; excerpt: string }[] }>(
      'GET',
      '/api/v1/quarantine',
    );
    expect(items.map((i) => [i.source, i.reason])).toEqual([
      ['az-a', expect.stringContaining('startsAt')],
      ['az-a', expect.stringContaining('no labels')],
    ]);
    expect(items[0]?.excerpt).toContain('yesterday');
  });

  it('what Alertmanagers and Grafana send in their own ways is understood', async () => {
    const odd = {
      version: '4',
      groupKey: '{}/{a="b"}:{}',
      receiver: 'web\\.hook',
      notification_reason: 'first notification',
      externalURL: 'http://am.example/prefix',
      routeLabels: null,
      alerts: [
        {
          status: 'firing',
          labels: { alertname: '磁盘已满', team: 'database', path: 'C:\\ü\u0000', empty: '' },
          startsAt: '2026-01-05T15:59:00.123456789+08:00',
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: '/graph?g0.expr=up',
          unknown: { nested: true },
        },
      ],
    };
    const grafana = {
      ...payload([{ labels: { alertname: 'FromGrafana', team: 'database' } }]),
      version: '1',
      orgId: 1,
      title: '[FIRING:1]',
      state: 'alerting',
    };
    for (const body of [odd, grafana]) {
      const answer = await send(flow.s.url, bearer, { body: JSON.stringify(body) });
      expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok', alerts: 1, quarantined: 0 }]);
    }
    await flow.pass(minute);
    expect(
      flow
        .mailsTo('li.wei')
        .map((mail) => mail.subject)
        .sort(),
    ).toEqual(['[FIRING:1] FromGrafana', '[FIRING:1] 磁盘已满']);
    const { items } = await flow.s.api<{ items: { labels: Record<string, string>; since?: string }[] }>(
      'GET',
      `/api/v1/alerts?filter=${encodeURIComponent('alertname="磁盘已满"')}`,
    );
    expect(items).toHaveLength(1);
    expect(items[0]?.labels).not.toHaveProperty('empty');
    expect(items[0]).toMatchObject({ since: '2026-01-05T07:59:00.123Z' });
  });

  it('no answer comes before the commit', async () => {
    const letGo = await holdStorage(flow);
    let answered = false;
    const answer = send(flow.s.url, bearer).finally(() => {
      answered = true;
    });
    const health = await fetch(`${flow.s.url}/-/healthy`);
    expect([health.status, answered]).toEqual([200, false]);
    await letGo();
    expect((await answer).status).toBe(200);
    expect((await flow.s.service.db.query('select 1 from reporter')).rows).toHaveLength(1);
  });

  it('storing that takes too long is 503 within two seconds; the repeat finds it stored and does no harm', async () => {
    const letGo = await holdStorage(flow);
    const began = performance.now();
    const answer = await send(flow.s.url, bearer);
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('try again')]);
    expect(performance.now() - began).toBeLessThan(2_500);
    await letGo();
    expect((await send(flow.s.url, bearer)).status).toBe(200);
    await flow.pass(minute);
    expect(flow.mails('li.wei')).toEqual(['+1 new']);
  });
});

eachDeployment((deployment) => {
  it('more requests than may wait at once are 503 at once, never 429; those that wait are answered', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mm-receive-'));
    const config = join(folder, 'monitor-manager.yaml');
    writeFileSync(config, 'limits: { max_in_flight_requests: 2 }\n');
    try {
      await using flow = await startFlow(deployment, { channels: [], env: { MM_CONFIG: config } });
      await flow.configure({});
      const letGo = await holdStorage(flow);
      const headers = { authorization: `Bearer ${tokenOf('az-a')}` };
      const refused: Response[] = [];
      const answers = [1, 2, 3, 4].map(async () => {
        const answer = await send(flow.s.url, headers);
        if (answer.status !== 200) refused.push(answer);
        return answer.status;
      });
      await eventually(() => refused.length === 2);
      expect(refused.map((a) => [a.status, a.headers.get('retry-after')])).toEqual(Array(2).fill([503, '1']));
      await letGo();
      expect((await Promise.all(answers)).sort()).toEqual([200, 200, 503, 503]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

it('while PostgreSQL is away every request is 503 within two seconds; when it is back all is taken, without a restart', async () => {
  await using postgres = await startPostgres();
  const s = await startService({ env: { DATABASE_URL: await postgres.createDatabase() } });
  try {
    await s.apply(company);
    const post = (i: number) => s.post(tokenOf('az-a'), payload([{ labels: { ...disk, instance: `i${i}` } }]));
    expect((await post(0)).status).toBe(200);
    await postgres.stopServer('immediate');
    for (let i = 1; i <= 5; i++) {
      const began = performance.now();
      expect((await post(i)).status).toBe(503);
      expect(performance.now() - began).toBeLessThan(2_500);
    }
    expect((await fetch(`${s.url}/-/healthy`)).status).toBe(200);
    await postgres.startServer();
    await eventually(async () => (await post(6)).status === 200, { timeoutMs: 10_000 });
    for (let i = 1; i <= 5; i++) expect((await post(i)).status).toBe(200);
    expect((await s.service.db.query('select 1 from reporter')).rows).toHaveLength(7);
  } finally {
    await s.stop();
  }
});
