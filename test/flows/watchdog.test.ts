import { retain } from '../../src/pipeline/sweep.ts';
import { eachDeployment } from '../support/deployments.ts';
import { type Flow, type FlowOptions, group, hour, minute, second, startFlow } from './flow.ts';

const watchdog = { labels: { alertname: 'Watchdog', prometheus: 'mon/a', severity: 'none' }, startsAt: new Date(0) };

eachDeployment((deployment) => {
  let flow: Flow;
  const running: Flow[] = [];
  const sections = {
    alert_groups: [group('database', { members: ['li.wei'], channels: ['email', 'wecom-app'] })],
    heartbeats: [
      { name: 'prom-a', source: 'az-a', matchers: ['alertname="Watchdog"'], timeout: '3m', alert_group: 'database' },
    ],
  };
  const start = async (options?: FlowOptions) => {
    const started = await startFlow(deployment, options);
    running.push(started);
    return started;
  };
  beforeEach(async () => {
    flow = await start();
    await flow.configure(sections);
  });
  afterEach(async () => {
    for (const each of running.splice(0).reverse()) await each[Symbol.asyncDispose]();
  });

  const beat = () => flow.report('az-a', watchdog);
  /** Beats each minute, with ticks between. */
  const beatFor = async (minutes: number) => {
    for (let i = 0; i < minutes; i++) {
      await beat();
      await flow.pass(minute, 10 * second);
    }
  };
  const silence = (ms: number) => flow.pass(ms, 10 * second);
  /** The service stops; another one starts on the same data after `awayMs`. */
  const restart = async (awayMs: number) => {
    await flow.stopService();
    flow.s.clock.advance(awayMs);
    flow = await start({ store: flow.store, servers: flow, service: { clock: flow.s.clock } });
    await flow.pass(second);
  };
  /** All that was said about monitoring, to everybody. */
  const alarms = () => [
    ...flow.smtp.mails.map((mail) => mail.subject).filter((subject) => subject.includes('MONITORING')),
    ...flow.wecom.messages.map((m) => m.content.split('\n')[0] ?? '').filter((line) => line.includes('MONITORING')),
  ];
  const streamStates = async () =>
    (await flow.s.api<{ streams: { state: string }[] }>('GET', '/api/v1/heartbeats')).streams.map((s) => s.state);

  it('a silent heartbeat is one alarm and one recovery, by mail and by WeChat', async () => {
    await beatFor(5);
    expect(await streamStates()).toEqual(['ok']);
    await silence(2 * minute - 20 * second);
    expect(alarms()).toEqual([]);
    await silence(minute);
    expect(flow.mailsTo('li.wei').map((m) => m.subject)).toEqual(['[MONITORING SILENT] prom-a (az-a)']);
    expect(flow.wecoms('liwei')[0]).toMatch(/^MONITORING SILENT: heartbeat prom-a from source az-a lost since/);
    expect(await streamStates()).toEqual(['lost']);
    await silence(10 * minute);
    expect(alarms()).toHaveLength(2);
    await beatFor(3);
    expect(flow.mailsTo('li.wei').map((m) => m.subject)).toEqual([
      '[MONITORING SILENT] prom-a (az-a)',
      '[MONITORING BACK] prom-a (az-a)',
    ]);
    expect(flow.wecoms('liwei')).toHaveLength(2);
    await beatFor(10);
    expect(alarms()).toHaveLength(4);
    expect(await streamStates()).toEqual(['ok']);
  });

  it('the list says what a stream has been through in the last day, and when we were away', async () => {
    await beatFor(30);
    await silence(30 * minute);
    await beatFor(30);
    await restart(hour);
    await beatFor(15);
    const { streams } = await flow.s.api<{ streams: { last_day: { from: string; state: string }[] }[] }>(
      'GET',
      '/api/v1/heartbeats',
    );
    const [day = []] = streams.map((stream) => stream.last_day);
    expect(day.map((piece) => piece.state)).toEqual(['none', 'ok', 'lost', 'ok', 'away', 'ok']);
    const [, begun = 0, lost = 0, back = 0, gone = 0, here = 0] = day.map(({ from }) => Date.parse(from));
    // Each end of a piece lies on five minutes, and what is worse takes the whole of those.
    const off = [30, 30, 30, 60].map((minutes, i) => {
      const [from = 0, to = 0] = [begun, lost, back, gone, here].slice(i, i + 2);
      return Math.abs(to - from - minutes * minute);
    });
    expect(Math.max(...off)).toBeLessThanOrEqual(10 * minute);
    const kept = async () => (await flow.s.service.db.query('select from heartbeat_change')).rows.length;
    expect(await kept()).toBeGreaterThan(0);
    await retain(flow.s.service.db, new Date(flow.s.clock.now().getTime() + 2 * 24 * hour), 30 * 24 * hour);
    expect(await kept()).toBe(0);
  });

  it('a Watchdog that is reported as resolved alarms at once', async () => {
    await beatFor(3);
    await flow.report('az-a', { ...watchdog, status: 'resolved', endsAt: flow.s.clock.now() });
    await flow.pass(2 * second);
    await flow.pass(5 * second);
    expect(flow.mailsTo('li.wei').map((m) => m.subject)).toEqual(['[MONITORING SILENT] Prometheus: prom-a (az-a)']);
    expect(flow.mailsTo('li.wei')[0]?.text).toContain('resolved');
  });

  it.each([
    ['a second', second],
    ['five minutes', 5 * minute],
    ['two hours', 2 * hour],
  ])('our own restart of %s raises no false alarm', async (_, awayMs) => {
    await beatFor(4);
    await restart(awayMs);
    await flow.pass(50 * second, 10 * second);
    await beatFor(5);
    expect(alarms()).toEqual([]);
    expect(await streamStates()).toEqual(['ok']);
  });

  it('what is really gone when we come back is one alarm, after one timeout', async () => {
    await beatFor(4);
    await restart(hour);
    await silence(minute);
    expect(alarms()).toEqual([]);
    await silence(2 * minute + 30 * second);
    expect(flow.mailsTo('li.wei').map((m) => m.subject)).toEqual(['[MONITORING SILENT] prom-a (az-a)']);
  });

  it('an alarm that was out before a restart is not raised again after it, and its recovery is told', async () => {
    await beatFor(4);
    await silence(4 * minute);
    expect(alarms()).toHaveLength(2);
    await restart(10 * minute);
    await silence(10 * minute);
    expect(alarms()).toHaveLength(2);
    await beatFor(3);
    expect(
      flow
        .mailsTo('li.wei')
        .map((m) => m.subject)
        .slice(1),
    ).toEqual(['[MONITORING BACK] prom-a (az-a)']);
  });

  it.each([
    ['forward', hour],
    ['back', -hour],
  ])('a clock that is set %s by an hour raises no false alarm', async (_, stepMs) => {
    await beatFor(4);
    flow.s.clock.advance(stepMs);
    await flow.pass(second);
    await beatFor(10);
    expect(alarms()).toEqual([]);
  });

  it('after the clock was set back a loss is still noticed', async () => {
    await beatFor(4);
    flow.s.clock.advance(-hour);
    await flow.pass(second);
    await beatFor(4);
    await silence(5 * minute);
    expect(flow.mailsTo('li.wei').map((m) => m.subject)).toEqual(['[MONITORING SILENT] prom-a (az-a)']);
  });

  it('an event loop that stands still for 40 s raises no false alarm, and delays a true one by no more than that', async () => {
    await beatFor(4);
    await silence(minute + 50 * second);
    await flow.pass(40 * second);
    expect(alarms()).toEqual([]);
    await beatFor(3);
    await flow.pass(40 * second);
    await silence(4 * minute);
    expect(flow.mailsTo('li.wei')).toHaveLength(1);
  });

  it('heartbeats that are lost within five seconds share one message that names each', async () => {
    const others = ['b', 'c'].map((p) => ({ ...watchdog, labels: { ...watchdog.labels, prometheus: `mon/${p}` } }));
    for (let i = 0; i < 4; i++) {
      await flow.report('az-b', others);
      await flow.pass(minute, 10 * second);
    }
    await silence(4 * minute);
    const subjects = flow
      .mailsTo('admin')
      .map((mail) => mail.subject)
      .filter((s) => s.includes('SILENT'));
    expect(subjects).toHaveLength(1);
    expect(subjects[0]).toContain('mon/b');
    expect(subjects[0]).toContain('mon/c');
  });
});
