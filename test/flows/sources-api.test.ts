import { alertmanagerConfig } from '../../src/groups/alertmanager-config.ts';
import { prometheusConfig } from '../../src/groups/prometheus-config.ts';
import { eachDeployment } from '../support/deployments.ts';
import { adminToken } from '../support/service.ts';
import { eventually } from '../support/wait.ts';
import { type Flow, minute, startFlow, tokenOf } from './flow.ts';

interface Source {
  name: string;
  members: string[];
  activity: Record<string, unknown>;
}

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment, { env: { MM_EXTERNAL_URL: 'https://mm.example.org/alerts/' } });
    await flow.configure({});
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  const read = (name: string) => flow.s.api<Source>('GET', `/api/v1/sources/${name}`);

  it('a source shows when it posted last, how much, and what was wrong with it', async () => {
    expect((await read('az-a')).activity).toMatchObject({ state: 'never', last_post_at: null, posts_per_minute: 0 });
    const alert = { labels: { alertname: 'DiskFull', team: 'database' }, startsAt: flow.s.clock.now() };
    await flow.pass(minute, 10_000);
    await flow.report('az-a', [alert, { labels: { alertname: 'Slow' }, startsAt: flow.s.clock.now() }]);
    await flow.report('az-a', [alert, { labels: { alertname: 'Half' }, startsAt: 'yesterday' }]);
    expect((await flow.s.post(tokenOf('az-b'), '{"no":"alerts"}')).status).toBe(400);
    const now = flow.s.clock.now().toISOString();
    expect((await read('az-a')).activity).toMatchObject({
      ...{ state: 'ok', last_post_at: now, posts_per_minute: 2, alerts_per_minute: 3 },
      ...{ quarantined_24h: 1, last_error_at: now },
    });
    const refused = await eventually(async () => (await read('az-b')).activity['last_error']);
    expect(refused).toContain('version');
    const listed = await flow.s.api<{ items: Source[] }>('GET', '/api/v1/sources');
    expect(listed.items.map((s) => [s.name, s.activity['quarantined_24h']])).toEqual([
      ['az-a', 1],
      ['az-b', 0],
      ['az-c', 0],
    ]);
  });

  it('who has read a source before is told of its errors since', async () => {
    const token = 'source-token-of-az-d';
    await flow.s.api('POST', '/api/v1/sources', { name: 'az-d', token });
    const call = (method: string, headers: Record<string, string>, body?: string) =>
      fetch(`${flow.s.url}/api/v1/sources/az-d`, {
        method,
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body }),
      });
    const before = await call('GET', {});
    const tag = before.headers.get('etag') ?? '';
    expect((await call('GET', { 'if-none-match': tag })).status).toBe(304);
    await flow.s.post(token, '{"no":"alerts"}');
    await eventually(async () => (await read('az-d')).activity['last_error'] !== null);
    expect((await call('GET', { 'if-none-match': tag })).status).toBe(200);
    expect((await call('PUT', { 'if-match': tag }, await before.text())).status).toBe(200);
    expect((await call('PUT', { 'if-match': tag }, JSON.stringify({ name: 'az-d' }))).status).toBe(412);
  });

  it('what was read of a source can be sent back', async () => {
    await flow.s.api('POST', '/api/v1/sources', { name: 'az-d', members: ['am-0'] });
    const source = await read('az-d');
    expect(source.activity['state']).toBe('never');
    expect(await flow.s.api('PUT', '/api/v1/sources/az-d', source)).toMatchObject({ name: 'az-d', members: ['am-0'] });
  });

  it('writes what to paste into alertmanager.yml, without a secret', async () => {
    const path = '/api/v1/sources/az-a/alertmanager-config';
    const answer = await fetch(`${flow.s.url}${path}`, { headers: { authorization: `Bearer ${adminToken}` } });
    expect(answer.headers.get('content-type')).toContain('yaml');
    const url = 'https://mm.example.org/alerts/api/v1/webhooks/alertmanager';
    const text = await answer.text();
    expect(text).toMatch(/^# Source az-a\./);
    expect(text).toContain(alertmanagerConfig({ url, token: '<token>' }));
    expect(await flow.s.api('GET', `${path}?format=json`)).toMatchObject({ url });
    await expect(flow.s.api('GET', '/api/v1/sources/none/alertmanager-config')).rejects.toThrow(/404/);
    await expect(flow.s.api('GET', '/api/v1/sources/az-a/prometheus-config')).rejects.toThrow(
      /409.*alertmanager-config/,
    );
  });

  it('writes what to paste into prometheus.yml for a source of that kind', async () => {
    await flow.s.api('POST', '/api/v1/sources', { name: 'prom', kind: 'prometheus', members: ['prom-0', 'prom-1'] });
    expect(await flow.s.api('GET', '/api/v1/sources/prom')).toMatchObject({ kind: 'prometheus' });
    const externalUrl = 'https://mm.example.org/alerts';
    const answer = await flow.s.api<{ text: string }>('GET', '/api/v1/sources/prom/prometheus-config?format=json');
    expect(answer.text).toMatch(/^# Source prom\. On each of prom-0, prom-1: merge this into prometheus\.yml\./);
    expect(answer.text).toContain(prometheusConfig({ externalUrl, token: '<token>' }));
    await expect(flow.s.api('GET', '/api/v1/sources/prom/alertmanager-config')).rejects.toThrow(
      /409.*prometheus-config/,
    );
  });
});
