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
      'alerts gauge',
      'alerts_flapping gauge',
      'alerts_invalid_total counter',
      'alerts_received_total counter',
      'backtests gauge',
      'build_info gauge',
      'channel_last_failure_timestamp_seconds gauge',
      'channel_last_success_timestamp_seconds gauge',
      'config_last_reload_success_timestamp_seconds gauge',
      'config_last_reload_successful gauge',
      'config_version gauge',
      'database_up gauge',
      'decisions_failed_total counter',
      'decisions_total counter',
      'due_notifications gauge',
      'failing_destinations gauge',
      'heartbeat_last_beat_timestamp_seconds gauge',
      'heartbeat_timeout_seconds gauge',
      'heartbeat_up gauge',
      'incidents gauge',
      'incidents_undecided gauge',
      'notification_latency_seconds histogram',
      'notification_requests_failed_total counter',
      'notification_requests_total counter',
      'notification_states gauge',
      'notifications_failed_total counter',
      'notifications_in_doubt_total counter',
      'notifications_suppressed_total counter',
      'notifications_total counter',
      'nudges_total counter',
      'nudges_waiting gauge',
      'oldest_due_notification_age_seconds gauge',
      'outbox_destinations gauge',
      'outgoing_heartbeats_total counter',
      'peer_clock_offset_seconds gauge',
      'peer_probe_duration_seconds histogram',
      'peer_probes_refused_total counter',
      'peer_state gauge',
      'rate_limit_tokens gauge',
      'rate_limited_destinations gauge',
      'reports_total counter',
      'retention_deleted_rows_total counter',
      'schedule_last_duration_seconds gauge',
      'schedule_last_success_timestamp_seconds gauge',
      'schedule_runs_total counter',
      'silences gauge',
      'source_last_post_timestamp_seconds gauge',
      'source_posts_total counter',
      'source_quiet gauge',
      'storms gauge',
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
      'decisions_total{outcome="wait",reason="group_wait"} 0',
      'notifications_in_doubt_total{channel="email"} 0',
      'alerts{state="stale"} 0',
      'notification_states{state="undeliverable"} 0',
      'outbox_destinations{channel="wecom-app"} 0',
      'failing_destinations{channel="outbox"} 0',
      'outgoing_heartbeats_total{result="withheld"} 0',
    ]) {
      expect(text).toContain(`monitor_manager_${line}\n`);
    }
  });

  it('use reasons that decisions give', () => {
    const { report, failure, suppressed, told, waiting, untold } = knownLabels;
    const used = [report, failure, suppressed, told, waiting, untold].flat();
    expect(reasons).toEqual(expect.arrayContaining(used));
  });

  it('are apart for each service', async () => {
    const [a, b] = [make(), make()];
    a.alertsInvalid.inc();
    expect(await b.registry.metrics()).toContain('monitor_manager_alerts_invalid_total 0');
  });
});
