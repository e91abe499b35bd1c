/** A Prometheus that posts by itself, as it would to an Alertmanager. */
import { eachDeployment } from '../support/deployments.ts';
import { payload } from '../support/payload.ts';
import { adminToken } from '../support/service.ts';
import { company, type Flow, group, minute, second, startFlow, tokenOf } from './flow.ts';
import { holdStorage } from './hold-storage.ts';

const path = '/api/v2/alerts';
const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };
const megabyte = 1_000_000;
const prometheus = { name: 'prom', site: 'shanghai', kind: 'prometheus', token: tokenOf('prom') };
const bearer = { authorization: `Bearer ${tokenOf('prom')}` };
const basic = (name: string, token: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${token}`).toString('base64')}`,
});

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment, { channels: ['email'] });
    await flow.configure({ sources: [...company.sources, prometheus] });
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  const send = (body: unknown, headers: Record<string, string> = bearer) =>
    fetch(`${flow.s.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const said = async (answer: Promise<Response>) => {
    const { status, text } = await answer.then(async (a) => ({ status: a.status, text: await a.text() }));
    return [status, text];
  };
  /** So far from now. */
  const at = (ms: number) => new Date(flow.s.clock.now().getTime() + ms).toISOString();
  const post = async (...alerts: object[]) => {
    expect(await said(send(alerts))).toEqual([200, `{"status":"ok","alerts":${alerts.length},"quarantined":0}`]);
    await flow.rest();
  };
  /** Tells as Prometheus does that an alert fires. */
  const fire = (labels = disk, lastsMs = 4 * minute) => post({ labels, startsAt: started, endsAt: at(lastsMs) });
  const pass = (ms: number) => flow.pass(ms, 10 * second);
  const state = async () => {
    const found = await flow.s.service.db.query<{ state: string }>(
      `select state from alert where labels->>'alertname' = 'DiskFull'`,
    );
    return found.rows.map((row) => row.state);
  };
  const adminTexts = () => flow.mailsTo('admin').map((mail) => mail.text);
  let started: string;
  beforeEach(() => {
    started = at(-minute);
  });

  it('is told once, however often it is repeated, and ends with the end that Prometheus gives', async () => {
    for (let i = 0; i < 10; i++) {
      await fire();
      await pass(minute);
    }
    expect(flow.mails('li.wei')).toEqual(['+1 new']);
    await post({ labels: disk, startsAt: started, endsAt: at(-second) });
    await pass(5 * minute);
    expect(flow.mails('li.wei')).toEqual(['+1 new', '−1 resolved, all clear']);
    expect(await state()).toEqual(['resolved']);
  });

  it('what is not repeated is no longer reported from the end that it named, and not before', async () => {
    await fire();
    await pass(minute);
    await fire();
    await pass(4 * minute - second);
    expect(await state()).toEqual(['firing']);
    await pass(second);
    expect(await state()).toEqual(['expired']);
    await pass(5 * minute);
    expect(flow.mails('li.wei')).toEqual(['+1 new', '−1 no longer reported, none still reported']);
  });

  it('reported again, it fires again', async () => {
    await fire();
    await pass(10 * minute);
    await fire();
    await pass(minute);
    expect(await state()).toEqual(['firing']);
    expect(await flow.reasons('DiskFull')).toEqual(expect.arrayContaining(['expired', 'fired_again']));
    expect(flow.mails('li.wei')).toHaveLength(3);
  });

  it('without an end it counts for five minutes, and without a start from now on', async () => {
    await post({ labels: disk });
    await pass(5 * minute - second);
    expect(await state()).toEqual(['firing']);
    await post({ labels: disk, endsAt: '0001-01-01T00:00:00Z' });
    await pass(5 * minute - second);
    expect(await state()).toEqual(['firing']);
    await pass(second);
    expect(await state()).toEqual(['expired']);
    expect(flow.mails('li.wei')[0]).toBe('+1 new');
  });

  it('of two replicas with the same labels the longer end counts, and of different ones each its own', async () => {
    await fire(disk, 8 * minute);
    await fire(disk, 2 * minute);
    await pass(5 * minute);
    expect(await state()).toEqual(['firing']);
    await fire({ ...disk, prometheus_replica: 'b' } as typeof disk, 8 * minute);
    await pass(5 * minute);
    expect(await state()).toEqual(['firing']);
    await pass(3 * minute);
    expect(await state()).toEqual(['expired']);
  });

  it('the time of our own absence expires nothing', async () => {
    await fire();
    await pass(minute);
    await flow.pass(30 * minute);
    expect(await state()).toEqual(['firing']);
    await pass(2 * minute);
    expect(await state()).toEqual(['firing']);
    await pass(minute + 10 * second);
    expect(await state()).toEqual(['expired']);
  });

  it('what has ended before it was first heard of tells nobody', async () => {
    await post({ labels: disk, startsAt: started, endsAt: at(-second) }, { labels: disk, endsAt: at(-second) });
    await pass(5 * minute);
    expect(flow.smtp.mails).toEqual([]);
  });

  it('an alert that arrives this way and by webhook is one', async () => {
    await fire();
    await flow.fire(disk);
    await pass(10 * minute);
    expect(await state()).toEqual(['firing']);
    await flow.end(disk);
    await pass(5 * minute);
    expect(flow.mails('li.wei')).toEqual(['+1 new', '−1 resolved, all clear']);
  });

  it('a Watchdog beats, and its loss is told', async () => {
    await flow.configure({
      alert_groups: [group('database', { members: ['li.wei'] })],
      heartbeats: [
        { name: 'prom-a', source: 'prom', matchers: ['alertname="Watchdog"'], timeout: '3m', alert_group: 'database' },
      ],
    });
    for (let i = 0; i < 5; i++) {
      await fire({ alertname: 'Watchdog', prometheus: 'mon/a' } as unknown as typeof disk);
      await pass(minute);
    }
    expect(flow.smtp.mails).toEqual([]);
    await pass(3 * minute);
    expect(flow.mailsTo('li.wei').map((m) => m.subject)).toEqual(['[MONITORING SILENT] prom-a (prom)']);
    expect(
      (
        await flow.s.service.db.query('select 1 from reporter r join source s on s.id = source_id where s.kind <> $1', [
          'self',
        ])
      ).rows,
    ).toEqual([]);
  });

  it('shows the token as bearer or as basic auth, and whoever shows none gets 401', async () => {
    const alerts = [{ labels: disk }];
    const headers = [bearer, basic('prom', tokenOf('prom'))];
    for (const each of headers) expect((await send(alerts, each)).status).toBe(200);
    const strangers = [{}, basic('az-a', tokenOf('prom')), { authorization: `Bearer ${adminToken}` }];
    for (const each of strangers) {
      expect(await said(send(alerts, each as Record<string, string>))).toEqual([
        401,
        'unknown token: send the token of a source as bearer or as basic auth\n',
      ]);
    }
    expect(flow.s.logLines.join('\n')).not.toContain(tokenOf('prom'));
  });

  it('a source of the other kind is 403 with the path that is its own, and an alarm of ours', async () => {
    expect(await said(send([{ labels: disk }], { authorization: `Bearer ${tokenOf('az-a')}` }))).toEqual([
      403,
      'source az-a is of kind alertmanager, which posts to /api/v1/webhooks/alertmanager; for this path set kind: prometheus\n',
    ]);
    expect(await said(flow.s.post(tokenOf('prom'), payload([{ labels: disk }])))).toEqual([
      403,
      'source prom is of kind prometheus, which posts to /api/v2/alerts; for this path set kind: alertmanager\n',
    ]);
    expect((await flow.s.service.db.query('select 1 from reporter')).rows).toEqual([]);
    await flow.pass(second);
    await flow.pass(minute);
    expect(adminTexts().join('\n')).toContain('WebhookRefused');
  });

  it('a source whose kind is changed posts the other way from then on', async () => {
    await fire();
    const { token, ...rest } = prometheus;
    await flow.configure({ sources: [...company.sources, { ...rest, kind: 'alertmanager', token }] });
    expect((await send([{ labels: disk }])).status).toBe(403);
    expect((await flow.s.post(token, payload([{ labels: disk, startsAt: started }]))).status).toBe(200);
    await pass(10 * minute);
    expect(await state()).toEqual(['firing']);
  });

  it.each([
    ['a webhook', payload([{ labels: disk }]), 'body is not a list of alerts'],
    ['half a body', '[{"labels":{"a":', 'body is not valid JSON'],
    ['nothing', '', 'body is empty; this path takes a list of alerts'],
    ['a list in a list too deep', '['.repeat(300_000), 'body is nested too deeply'],
  ])('%s is 400 with one line that helps', async (_, body, hint) => {
    const [status, text] = await said(send(body));
    expect([status, String(text).trim().split('\n').length]).toEqual([400, 1]);
    expect(text).toContain(hint);
  });

  it('a malformed alert is set aside with its reason; the others go through', async () => {
    const bad = [
      { labels: {} },
      { labels: { ...disk, instance: 'b' }, endsAt: 'tomorrow' },
      { labels: { ...disk, instance: 'c' }, startsAt: at(0), endsAt: at(-minute) },
      { labels: { ...disk, instance: 1 } },
      null,
    ];
    const answer = await send([{ labels: disk }, ...bad]);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok', alerts: 1, quarantined: 5 }]);
    await pass(minute);
    expect(flow.mails('li.wei')).toEqual(['+1 new']);
    const { items } = await flow.s.api<{ items: { source: string; reason: string }[] }>('GET', '/api/v1/quarantine');
    expect(items.map((i) => `${i.source}: ${i.reason}`).sort()).toEqual([
      'prom: alert is not an object',
      'prom: endsAt is not an RFC 3339 time',
      'prom: endsAt lies before startsAt',
      'prom: label "instance" is not a string',
      'prom: no labels',
    ]);
  });

  it('a body of nearly 32 MB is taken, a larger one is 413', async () => {
    const body = JSON.stringify([{ labels: disk }]);
    expect((await send(body.padEnd(31.9 * megabyte))).status).toBe(200);
    expect((await send(body.padEnd(33 * megabyte))).status).toBe(413);
  });

  it('no answer comes before the commit, and storing that takes too long is 503 within two seconds', async () => {
    const letGo = await holdStorage(flow);
    const began = performance.now();
    expect(await said(send([{ labels: disk }]))).toEqual([503, expect.stringContaining('try again')]);
    expect(performance.now() - began).toBeLessThan(2_500);
    await letGo();
    await fire();
    await pass(minute);
    expect(flow.mails('li.wei')).toEqual(['+1 new']);
  });

  it('alerts are still read at the same path', async () => {
    await fire();
    expect(await flow.s.api('GET', path)).toMatchObject([{ labels: disk, receivers: [{ name: 'database' }] }]);
  });
});
