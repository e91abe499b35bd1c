/** What `/metrics` says of how things stand: it is read from rows when somebody scrapes. */
import { eachDeployment } from '../support/deployments.ts';
import { type Flow, group, hour, minute, second, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };
const policy = { group_wait: '0s', group_interval: '1m' };

eachDeployment((deployment) => {
  let flow: Flow;
  afterEach(() => flow[Symbol.asyncDispose]());

  /** The values of series, undefined for those that are not there. */
  async function valuesOf(...series: string[]): Promise<(number | undefined)[]> {
    const text = await (await fetch(`${flow.s.url}/metrics`)).text();
    return series.map((one) => {
      const line = text.split('\n').find((each) => each.startsWith(`monitor_manager_${one} `));
      return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
    });
  }

  it('what was received, decided and told: alerts, decisions, messages, sources', async () => {
    flow = await startFlow(deployment);
    await flow.configure({ alert_groups: [group('database', { policy, members: ['li.wei'] })] });
    expect(await valuesOf('alerts{state="firing"}', 'channel_last_success_timestamp_seconds{channel="email"}')).toEqual(
      [0, undefined],
    );
    await flow.fire(disk);
    await flow.fire(disk);
    const now = flow.s.clock.now().getTime() / 1000;
    expect(
      await valuesOf(
        'alerts{state="firing"}',
        'decisions_total{outcome="send",reason="opened"}',
        'reports_total{reason="repeated"}',
        'channel_last_success_timestamp_seconds{channel="email"}',
        'source_last_post_timestamp_seconds{source="az-a"}',
        'source_last_post_timestamp_seconds{source="az-b"}',
        'source_posts_total{source="az-a",result="taken"}',
        'source_posts_total{source="az-b",result="taken"}',
        'source_quiet{source="az-a"}',
      ),
    ).toEqual([1, 1, 1, now, now, undefined, 2, 0, 0]);
  });

  it('who has gone quiet, and what is stale since', async () => {
    flow = await startFlow(deployment);
    await flow.configure({ alert_groups: [group('database', { policy, members: ['li.wei'] })] });
    await flow.fire(disk);
    await flow.pass(minute, 10 * second);
    await flow.fire(disk, { startsAt: new Date(flow.s.clock.now().getTime() - minute) });
    await flow.pass(6 * minute, 10 * second);
    // What fires is our own alarm about it.
    expect(await valuesOf('source_quiet{source="az-a"}', 'alerts{state="stale"}', 'alerts{state="firing"}')).toEqual([
      1, 1, 1,
    ]);
  });

  it('storms and flapping, while they go on', async () => {
    flow = await startFlow(deployment);
    const flapping = { ...policy, flapping: { changes: 4, within: '1h' } };
    const storm = { ...policy, group_by: ['instance'], storm: { alerts: 10, within: '5m', interval: '10m' } };
    await flow.configure({
      alert_groups: [
        group('database', { policy: flapping, members: ['li.wei'] }),
        group('storage', { policy: storm, members: ['li.wei'] }),
      ],
    });
    for (let n = 0; n < 3; n++) {
      await flow.fire(disk);
      await flow.pass(5 * minute, minute);
      await flow.end(disk);
      await flow.pass(5 * minute, minute);
    }
    const startsAt = flow.s.clock.now();
    const many = Array.from({ length: 15 }, (_, n) => ({
      ...{ labels: { alertname: 'Down', team: 'storage', instance: `i${n}` }, startsAt },
    }));
    await flow.report('az-a', many);
    expect(await valuesOf('storms', 'alerts_flapping')).toEqual([1, 1]);
    await flow.pass(2 * hour, 5 * minute);
    expect(await valuesOf('storms', 'alerts_flapping')).toEqual([0, 0]);
  });

  it('silences in force and to come', async () => {
    flow = await startFlow(deployment);
    const at = (ms: number) => new Date(flow.s.clock.now().getTime() + ms).toISOString();
    const silence = (name: string, from: number, to: number) => ({
      ...{ name, matchers: ['team="database"'], starts_at: at(from), ends_at: at(to) },
      ...{ created_by: 'li.wei', comment: 'maintenance' },
    });
    await flow.configure({ silences: [silence('now', -minute, hour), silence('later', hour, 2 * hour)] });
    expect(await valuesOf('silences{state="active"}', 'silences{state="pending"}')).toEqual([1, 1]);
    await flow.pass(90 * minute);
    expect(await valuesOf('silences{state="active"}', 'silences{state="pending"}')).toEqual([1, 0]);
  });

  it('a heartbeat with several streams by the worst of them, whichever beat last', async () => {
    flow = await startFlow(deployment);
    const heartbeat = { name: 'pair', source: 'az-a', matchers: ['alertname="Watchdog"'], timeout: '3m' };
    await flow.configure({ heartbeats: [heartbeat] });
    const beat = (...replicas: string[]) =>
      flow.report(
        'az-a',
        replicas.map((replica) => ({ labels: { alertname: 'Watchdog', replica }, startsAt: new Date(0) })),
      );
    const labels = '{heartbeat="pair",source="az-a"}';
    await beat('a', 'b');
    const last = flow.s.clock.now().getTime() / 1000;
    expect(await valuesOf(`heartbeat_up${labels}`, `heartbeat_timeout_seconds${labels}`)).toEqual([1, 180]);
    for (let i = 0; i < 4; i++) {
      await flow.pass(minute, 5 * second);
      await beat('b');
    }
    expect(await valuesOf(`heartbeat_up${labels}`, `heartbeat_last_beat_timestamp_seconds${labels}`)).toEqual([
      0,
      last,
    ]);
  });

  it('what fails: destinations with messages that wait, until they are through', async () => {
    flow = await startFlow(deployment);
    await flow.configure({ alert_groups: [group('database', { policy, members: ['li.wei'] })] });
    await flow.smtp.stopListening();
    await flow.fire(disk);
    expect(
      await valuesOf(
        'failing_destinations{channel="email"}',
        'failing_destinations{channel="wecom-app"}',
        'notification_states{state="pending"}',
        'channel_last_failure_timestamp_seconds{channel="email"}',
      ),
    ).toEqual([1, 0, 1, flow.s.clock.now().getTime() / 1000]);
    await flow.smtp.listenAgain();
    await flow.pass(minute, 5 * second);
    expect(await valuesOf('failing_destinations{channel="email"}', 'notification_states{state="pending"}')).toEqual([
      0, 0,
    ]);
  });

  it('what reaches nobody: messages in the outbox, where the emergency contact would get its own too', async () => {
    flow = await startFlow(deployment, { channels: ['wecom'] });
    await flow.configure({ alert_groups: [group('database', { policy, members: ['li.wei', 'zhang.san'] })] });
    await flow.fire(disk);
    expect(
      await valuesOf(
        'outbox_destinations{channel="email"}',
        'outbox_destinations{channel="wecom-app"}',
        'notifications_total{channel="outbox"}',
      ),
    ).toEqual([3, 0, 2]);
  });
});
