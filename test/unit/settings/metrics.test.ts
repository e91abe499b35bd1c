import { reasons } from '../../../src/alert/reason.ts';
import { createMetrics, knownLabels } from '../../../src/metrics.ts';

const channels = ['email', 'wecom-app', 'wecom-robot', 'outbox'];
const make = () => createMetrics({ version: '1.2.3', revision: 'abc', channels });

describe('the metrics', () => {
  it('have the names that dashboards and alerts rely on', async () => {
    const text = await make().registry.metrics();
    const names = [...text.matchAll(/^# TYPE monitor_manager_(\w+) (\w+)$/gm)].map(
      (match) => `${match[1]} ${match[2]}`,
    );
    expect(names.sort()).toEqual([
      'alerts_invalid_total counter',
      'alerts_received_total counter',
      'build_info gauge',
      'config_last_reload_success_timestamp_seconds gauge',
      'config_last_reload_successful gauge',
      'database_up gauge',
      'decisions_failed_total counter',
      'due_notifications gauge',
      'heartbeat_last_beat_timestamp_seconds gauge',
      'heartbeat_up gauge',
      'incidents gauge',
      'notification_latency_seconds histogram',
      'notification_requests_failed_total counter',
      'notification_requests_total counter',
      'notifications_failed_total counter',
      'notifications_suppressed_total counter',
      'notifications_total counter',
      'nudges_total counter',
      'oldest_due_notification_age_seconds gauge',
      'outgoing_heartbeats_total counter',
      'rate_limit_tokens gauge',
      'rate_limited_destinations gauge',
      'reports_total counter',
      'webhook_duration_seconds histogram',
      'webhook_requests_total counter',
    ]);
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).toContain('monitor_manager_build_info{version="1.2.3",revision="abc",node_version=');
  });

  it('begin at 0 with every label value that is known', async () => {
    const text = await make().registry.metrics();
    for (const line of [
      'alerts_received_total{status="firing"} 0',
      'webhook_requests_total{code="503"} 0',
      'reports_total{reason="fired_again"} 0',
      'notifications_total{channel="wecom-robot"} 0',
      'notifications_failed_total{channel="email",reason="bad_recipient"} 0',
      'notification_latency_seconds_count{channel="outbox"} 0',
      'nudges_total{result="handler_failed"} 0',
      'outgoing_heartbeats_total{result="withheld"} 0',
    ]) {
      expect(text).toContain(`monitor_manager_${line}\n`);
    }
  });

  it('use reasons that decisions give', () => {
    const { report, failure, suppressed } = knownLabels;
    expect(reasons).toEqual(expect.arrayContaining([...report, ...failure, ...suppressed]));
  });

  it('are apart for each service', async () => {
    const [a, b] = [make(), make()];
    a.alertsInvalid.inc();
    expect(await b.registry.metrics()).toContain('monitor_manager_alerts_invalid_total 0');
  });
});
