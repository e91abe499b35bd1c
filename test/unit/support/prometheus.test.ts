import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clusterStatus, startAlertmanager } from '../../support/alertmanager.ts';
import { needs } from '../../support/needs.ts';
import { runningProcesses } from '../../support/processes.ts';
import { defaultRules, startPrometheus } from '../../support/prometheus.ts';
import { eventually } from '../../support/wait.ts';

interface Webhook {
  status: string;
  alerts: { labels: Record<string, string> }[];
}

async function webhookSink() {
  const posts: Webhook[] = [];
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    posts.push(JSON.parse(Buffer.concat(chunks).toString()) as Webhook);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    server.closeAllConnections();
    server.close();
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, posts, [Symbol.asyncDispose]: stop };
}

afterEach(() => {
  expect(runningProcesses().map(({ name }) => name)).toEqual([]);
});

needs('prometheus', 'alertmanager')('a real Prometheus with a real Alertmanager', () => {
  it('posts the Watchdog, and an alert that a gauge switches on and off', async () => {
    await using sink = await webhookSink();
    const route = { group_by: ['...'] };
    await using alertmanager = await startAlertmanager({ webhook: { url: sink.url }, route });
    await using prometheus = await startPrometheus({
      alertmanagers: [alertmanager.url],
      externalLabels: { prometheus: 'mon/a' },
    });
    prometheus.gauges.set('switched_alert', 1, { severity: 'critical', note: 'a "quoted" \\ one' });
    const posted = (alertname: string, status: string) => () =>
      sink.posts.find((post) => post.status === status && post.alerts[0]?.labels['alertname'] === alertname);
    await eventually(posted('Watchdog', 'firing'), { timeoutMs: 60_000 });
    const firing = await eventually(posted('SwitchedAlert', 'firing'), { timeoutMs: 60_000 });
    expect(firing.alerts[0]?.labels).toMatchObject({ prometheus: 'mon/a', note: 'a "quoted" \\ one' });
    prometheus.gauges.set('switched_alert', 0, { severity: 'critical', note: 'a "quoted" \\ one' });
    await eventually(posted('SwitchedAlert', 'resolved'), { timeoutMs: 60_000 });
  });

  it('takes new rules and says what is wrong with bad ones', async () => {
    await using prometheus = await startPrometheus({ rules: { groups: [] } });
    await prometheus.writeRules(defaultRules);
    const bad = { groups: [{ name: 'bad', rules: [{ alert: 'Bad', expr: 'vector(' }] }] };
    await expect(prometheus.writeRules(bad)).rejects.toThrow('reload refused');
  });
});

needs('alertmanager')('real Alertmanagers in a cluster', () => {
  it('see each other, and one that was killed comes back on its port', async () => {
    await using first = await startAlertmanager({ peers: [] });
    await using second = await startAlertmanager({ peers: [first.clusterAddress ?? ''] });
    await eventually(async () => (await clusterStatus(first.url)).members === 2);
    await second.kill();
    await second.restart();
    await second.post([{ labels: { alertname: 'Disk' } }]);
    await expect(second.post([{ labels: {} }])).rejects.toThrow('Alertmanager refused the alerts');
  });
});
