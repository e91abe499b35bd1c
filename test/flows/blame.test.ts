/** What breaks is real: a Prometheus, its Alertmanager, or the road from there. The alarm names it. The clock is driven by hand. */
import { type AlertmanagerServer, startAlertmanager } from '../support/alertmanager.ts';
import { eachDeployment } from '../support/deployments.ts';
import { needs } from '../support/needs.ts';
import { type PrometheusServer, startPrometheus } from '../support/prometheus.ts';
import { startProxy, type TcpProxy } from '../support/proxy.ts';
import { eventually } from '../support/wait.ts';
import { type Flow, group, minute, second, startFlow, tokenOf } from './flow.ts';

eachDeployment(
  (deployment) => {
    needs('alertmanager', 'prometheus')('a heartbeat of a source that is asked', () => {
      let flow: Flow;
      let road: TcpProxy;
      let am: AlertmanagerServer;
      let prometheus: PrometheusServer;
      beforeEach(async () => {
        flow = await startFlow(deployment);
        road = await startProxy({ target: flow.s.url });
        const url = `${road.urlOf(flow.s.url)}/api/v1/webhooks/alertmanager`;
        am = await startAlertmanager({
          webhook: { url, bearerToken: tokenOf('az-a') },
          route: { group_wait: '0s', group_interval: '1s', repeat_interval: '1s' },
        });
        prometheus = await startPrometheus({ alertmanagers: [am.url], resendDelay: '1s' });
        const members = [{ name: 'am-0', api_url: am.url }];
        await flow.configure({
          sources: [{ name: 'az-a', site: 'hq', token: tokenOf('az-a'), members, prometheus_url: prometheus.url }],
          alert_groups: [group('database', { members: ['li.wei'] })],
          heartbeats: [
            {
              name: 'prom-a',
              source: 'az-a',
              matchers: ['alertname="Watchdog"'],
              timeout: '2m',
              alert_group: 'database',
            },
          ],
        });
        await beatFor(5);
      });
      afterEach(async () => {
        await prometheus.stop();
        await am.stop();
        await road.stop();
        await flow[Symbol.asyncDispose]();
      });

      const posts = async () => {
        const text = await (await fetch(`${flow.s.url}/metrics`)).text();
        return Number(/^monitor_manager_webhook_requests_total\{code="200"\} (\d+)/m.exec(text)?.[1] ?? 0);
      };
      const posted = async () => {
        const before = await posts();
        await eventually(async () => (await posts()) > before, { timeoutMs: 60_000, describe: 'a post' });
      };
      async function beatFor(beats: number): Promise<void> {
        for (let i = 0; i < beats; i++) {
          await posted();
          await flow.pass(10 * second);
        }
      }
      const silence = (ms: number) => flow.pass(ms, 10 * second);
      const subjects = () => flow.mailsTo('li.wei').map((mail) => mail.subject);
      const severity = async () => {
        const path = `/api/v1/alerts?filter=${encodeURIComponent('alertname="HeartbeatLost"')}`;
        const { items } = await flow.s.api<{ items: { labels: Record<string, string> }[] }>('GET', path);
        return items.map(({ labels }) => labels['severity']);
      };

      it('is lost with its Prometheus', async () => {
        await prometheus.stop();
        await eventually(
          async () => {
            await flow.pass(second);
            return subjects().length > 0;
          },
          { timeoutMs: 60_000, describe: 'the alarm' },
        );
        expect(subjects()).toEqual(['[MONITORING SILENT] Prometheus: prom-a (az-a)']);
        expect(flow.mails('li.wei')[0]).toMatch(
          /^MONITORING SILENT: Prometheus of source az-a, heartbeat prom-a lost since/,
        );
        expect(await severity()).toEqual(['critical']);
      });

      it('is lost with its Alertmanager', async () => {
        await am.kill();
        await silence(3 * minute);
        expect(subjects()).toEqual(['[MONITORING SILENT] Alertmanager am-0: prom-a (az-a)']);
        expect(flow.mails('li.wei')[0]).toMatch(
          /^MONITORING SILENT: Alertmanager am-0 of source az-a or its road, heartbeat prom-a lost since/,
        );
        expect(await severity()).toEqual(['critical']);
      });

      it('is lost on the road only, which is a warning, and comes back as the same alarm', async () => {
        road.cut();
        await silence(3 * minute);
        expect(subjects()).toEqual(['[ROAD BROKEN] prom-a (az-a)']);
        expect(flow.mails('li.wei')[0]).toMatch(
          /^ROAD BROKEN: the road from source az-a to here \(still seen by am-0\), heartbeat prom-a lost since/,
        );
        expect(await severity()).toEqual(['warning']);
        road.heal();
        await beatFor(3);
        expect(subjects()).toEqual(['[ROAD BROKEN] prom-a (az-a)', '[MONITORING BACK] prom-a (az-a)']);
      });
    });
  },
  ['embedded'],
);
