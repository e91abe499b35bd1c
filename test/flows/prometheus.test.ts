/** A real Prometheus whose only Alertmanager is the built service, and real mail behind it. */
import { deployments } from '../faults/deployments.ts';
import { needs } from '../support/needs.ts';
import { startProcessService } from '../support/process-service.ts';
import { startPrometheus } from '../support/prometheus.ts';
import { startSmtp } from '../support/smtp.ts';
import { eventually } from '../support/wait.ts';

const token = 'source-token-of-the-prometheus';
const timeoutMs = 90_000;

const config = {
  sources: [{ name: 'prom-a', site: 'az-a', kind: 'prometheus', token }],
  contacts: [{ name: 'on-call', email: 'on-call@example.org', locale: 'en', timezone: 'UTC' }],
  alert_groups: [
    {
      ...{ name: 'all', matchers: ['alertname="SwitchedAlert"'], members: ['on-call'], channels: ['email'] },
      policy: { group_by: ['alertname', 'case'], group_wait: '1s', group_interval: '2s', repeat_interval: '4h' },
    },
  ],
  heartbeats: [
    { name: 'prom', source: 'prom-a', matchers: ['alertname="Watchdog"'], timeout: '30s', alert_group: 'all' },
  ],
};

needs(
  'prometheus',
  'postgres',
  'redis',
)('a real Prometheus without an Alertmanager', () => {
  it.concurrent.for(['embedded', 'PostgreSQL and Redis'] as const)(
    'is told of once per change, and ends by its rule, by a deleted rule and by silence in different words: %s',
    { timeout: 300_000 },
    async (deployment) => {
      await using ground = await deployments[deployment]();
      await using smtp = await startSmtp();
      const env = { ...ground.env, SMTP_URL: smtp.url, MM_MAIL_FROM: 'mm@example.org' };
      await using service = await startProcessService({ config, env });
      await using prometheus = await startPrometheus({
        ...{ alertmanagers: [service.url], bearerToken: token, resendDelay: '2s' },
        externalLabels: { prometheus: 'a' },
      });
      const told = async (count: number) => {
        await eventually(() => smtp.mails.length >= count, {
          timeoutMs,
          describe: () =>
            `${count} mails, not: ${smtp.mails.map((m) => m.subject).join(' | ')}; ${service.output().slice(-2_000)}`,
        });
        expect(smtp.mails).toHaveLength(count);
        return smtp.mails[count - 1];
      };
      const posts = async () => {
        const metrics = await (await fetch(`${service.url}/metrics`)).text();
        return Number(/^monitor_manager_webhook_requests_total\{code="200"\} (\d+)/m.exec(metrics)?.[1] ?? 0);
      };

      prometheus.gauges.set('switched_alert', 1, { case: 'a' });
      expect((await told(1))?.subject).toContain('[FIRING:1]');
      const before = await posts();
      await eventually(async () => (await posts()) >= before + 3, { timeoutMs, describe: 'repeats of what fires' });
      prometheus.gauges.set('switched_alert', 0, { case: 'a' });
      const end = await told(2);
      expect([end?.subject, end?.text]).toEqual([
        expect.stringContaining('[RESOLVED]'),
        expect.stringContaining('1 resolved'),
      ]);

      prometheus.gauges.set('switched_alert', 1, { case: 'b' });
      await told(3);
      // Its evaluation gone, nobody says that the alert has ended.
      await prometheus.writeRules({ groups: [{ name: 'test', interval: '1s', rules: [watchdogRule] }] });
      expect((await told(4))?.text).toContain('no longer reported');

      prometheus.freeze();
      expect((await told(5))?.subject).toContain('[MONITORING SILENT]');
      prometheus.thaw();
      expect((await told(6))?.subject).toContain('[MONITORING BACK]');
    },
  );
});

const watchdogRule = { alert: 'Watchdog', expr: 'vector(1)', labels: { severity: 'none' } };
