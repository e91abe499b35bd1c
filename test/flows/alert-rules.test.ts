/** The alerts about the service itself, in the eyes of promtool: each fires in its case, and none while all is well. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { needs } from '../support/needs.ts';
import { programPath } from '../support/programs.ts';

const rulesFile = resolve('config/prometheus/monitor-manager-alerts.yml');
const rule = z.strictObject({
  alert: z.string().regex(/^MonitorManager[A-Z]\w+$/),
  expr: z.string(),
  for: z.string(),
  labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
  annotations: z.strictObject({ summary: z.string().min(10), description: z.string().min(40) }),
});
const { groups } = z
  .object({ groups: z.array(z.object({ rules: z.array(rule) })) })
  .parse(parse(readFileSync(rulesFile, 'utf8')));
const rules = new Map(groups.flatMap((group) => group.rules).map((one) => [one.alert, one]));

/** Series by name, in promtool's notation, a value every 15 seconds. */
type Series = Readonly<Record<string, string>>;

interface Case {
  alert: string;
  /** What makes it fire, and where it matters what looks alike beside it. */
  series: Series;
  /** When it has fired for long enough. */
  at: string;
  /** Those of the alert besides `severity`. */
  labels: Record<string, string>;
  summary: string;
}

const target = { job: 'monitor-manager', instance: 'mm-0:8080' };
const { job } = target;
const own = 'job="monitor-manager",instance="mm-0:8080"';
const named = (metric: string, labels = '') => `monitor_manager_${metric}{${own}${labels && `,${labels}`}}`;

const always = (value: number) => `${value}+0x1300`;
const growing = (by: number) => `0+${by}x1300`;
/** The present moment, as what happens all the time shows it. */
const justNow = growing(15);

const cases: Case[] = [
  {
    ...{ alert: 'MonitorManagerDown', at: '3m', labels: target, summary: 'Monitor Manager does not answer.' },
    series: { [`up{${own}}`]: always(0) },
  },
  {
    ...{ alert: 'MonitorManagerDown', at: '3m', labels: { job }, summary: 'Monitor Manager does not answer.' },
    series: {},
  },
  {
    ...{ alert: 'MonitorManagerMetricsMissing', at: '6m', labels: { job } },
    series: { [`up{${own}}`]: always(1) },
    summary: 'The job monitor-manager is scraped, and says nothing about Monitor Manager.',
  },
  {
    ...{ alert: 'MonitorManagerRestarting', at: '5m', labels: target },
    series: { [`process_start_time_seconds{${own}}`]: '1 1 2 2 3 3 4+0x60' },
    summary: 'Monitor Manager on mm-0:8080 was started 3 times in 15 minutes.',
  },
  {
    ...{ alert: 'MonitorManagerBlocked', at: '11m', labels: target },
    series: { [`nodejs_eventloop_lag_p99_seconds{${own}}`]: always(0.8) },
    summary: 'Monitor Manager on mm-0:8080 is held up for 800ms at a time.',
  },
  {
    ...{ alert: 'MonitorManagerDatabaseDown', at: '6m', labels: target },
    series: { [named('database_up')]: '1+0x4 0+0x60' },
    summary: 'The database of Monitor Manager does not answer mm-0:8080.',
  },
  {
    ...{ alert: 'MonitorManagerTaskStuck', at: '10m', labels: { ...target, task: 'watchdog' } },
    series: {
      [named('schedule_last_success_timestamp_seconds', 'task="watchdog"')]: always(60),
      [named('schedule_last_success_timestamp_seconds', 'task="sweep"')]: justNow,
    },
    summary: 'The periodic task watchdog of Monitor Manager has not ended well for 9m 0s.',
  },
  {
    ...{ alert: 'MonitorManagerRetentionStuck', at: '5h', labels: { ...target, task: 'retention' } },
    series: { [named('schedule_last_success_timestamp_seconds', 'task="retention"')]: always(60) },
    summary: 'Monitor Manager has deleted nothing that is old for 4h 59m 0s.',
  },
  {
    ...{ alert: 'MonitorManagerWebhookUnavailable', at: '11m', labels: { job, code: '503' } },
    series: { [named('webhook_requests_total', 'code="503"')]: growing(1) },
    summary: 'Monitor Manager answers posts with 503.',
  },
  {
    ...{ alert: 'MonitorManagerWebhookRefused', at: '30m', labels: { job, code: '401' } },
    series: { [named('webhook_requests_total', 'code="401"')]: growing(1) },
    summary: 'Posts to Monitor Manager are answered with 401.',
  },
  {
    ...{ alert: 'MonitorManagerWebhookSlow', at: '30m', labels: { job } },
    series: {
      [named('webhook_duration_seconds_bucket', 'le="1"')]: growing(0),
      [named('webhook_duration_seconds_bucket', 'le="2.5"')]: growing(5),
      [named('webhook_duration_seconds_bucket', 'le="+Inf"')]: growing(5),
    },
    summary: 'One post in a hundred to Monitor Manager takes 2.485s or longer.',
  },
  {
    ...{ alert: 'MonitorManagerAlertsInvalid', at: '10m', labels: { job } },
    series: { [named('alerts_invalid_total')]: '0+0x10 1+0x60' },
    summary: 'Malformed alerts were put into quarantine.',
  },
  {
    ...{ alert: 'MonitorManagerSourceQuiet', at: '3m', labels: { job, source: 'az-a' } },
    series: { [named('source_quiet', 'source="az-a"')]: always(1) },
    summary: 'The source az-a posts nothing any more.',
  },
  {
    ...{ alert: 'MonitorManagerHeartbeatLost', at: '3m', labels: { job, heartbeat: 'prom-a', source: 'az-a' } },
    series: {
      [named('heartbeat_up', 'heartbeat="prom-a",source="az-a"')]: always(0),
      [named('heartbeat_up', 'heartbeat="prom-b",source="az-b"')]: always(1),
    },
    summary: 'The heartbeat prom-a from az-a is lost.',
  },
  {
    ...{ alert: 'MonitorManagerPeerDown', at: '3m', labels: { job, peer: 'site-b' } },
    series: {
      [named('peer_state', 'peer="site-b",state="down"')]: always(1),
      [named('peer_state', 'peer="site-c",state="down"')]: always(0),
      [named('peer_state', 'peer="site-c",state="up"')]: always(1),
    },
    summary: 'The other site site-b does not answer this one.',
  },
  {
    ...{ alert: 'MonitorManagerOutgoingHeartbeatMissing', at: '30m', labels: { job } },
    series: {
      [named('outgoing_heartbeats_total', 'result="sent"')]: always(7),
      [named('outgoing_heartbeats_total', 'result="withheld"')]: growing(1),
    },
    summary: 'The heartbeat to the outside has not arrived for a quarter of an hour.',
  },
  {
    ...{ alert: 'MonitorManagerIncidentsUndecided', at: '5m', labels: { job } },
    series: { [named('incidents_undecided')]: always(2) },
    summary: 'Nobody is told what is new in incidents that cannot be decided: 2.',
  },
  {
    ...{ alert: 'MonitorManagerConfigReloadFailed', at: '20m', labels: target },
    series: {
      [named('config_last_reload_successful')]: '1+0x10 0+0x100',
      [named('config_last_reload_success_timestamp_seconds')]: always(1),
    },
    summary: 'The provisioned files could not be applied.',
  },
  {
    ...{ alert: 'MonitorManagerNotificationsFailing', at: '10m', labels: { job, channel: 'email' } },
    series: {
      [named('notifications_failed_total', 'channel="email",reason="bad_recipient"')]: '0+0x10 1+0x60',
      [named('notifications_failed_total', 'channel="wecom-app",reason="bad_recipient"')]: always(3),
    },
    summary: 'Notifications on the channel email cannot be delivered.',
  },
  {
    ...{ alert: 'MonitorManagerChannelDown', at: '15m', labels: { job, channel: 'email' } },
    series: {
      [named('notification_requests_total', 'channel="email"')]: growing(3),
      [named('notification_requests_failed_total', 'channel="email"')]: growing(2),
      [named('notification_requests_total', 'channel="wecom-app"')]: growing(3),
      [named('notification_requests_failed_total', 'channel="wecom-app"')]: growing(1),
    },
    summary: 'Most attempts to send on the channel email fail.',
  },
  {
    ...{ alert: 'MonitorManagerDestinationsFailing', at: '20m', labels: { job, channel: 'email' } },
    series: { [named('failing_destinations', 'channel="email"')]: always(2) },
    summary: 'Destinations that have got no message on the channel email for 15 minutes: 2.',
  },
  {
    ...{ alert: 'MonitorManagerBacklog', at: '10m', labels: { job } },
    series: { [named('oldest_due_notification_age_seconds')]: always(300) },
    summary: 'The oldest due notification has been waiting for 5m 0s.',
  },
  {
    ...{ alert: 'MonitorManagerNotificationsSlow', at: '40m', labels: { job, channel: 'email' } },
    series: {
      [named('notification_latency_seconds_bucket', 'channel="email",le="60"')]: growing(0),
      [named('notification_latency_seconds_bucket', 'channel="email",le="300"')]: growing(4),
      [named('notification_latency_seconds_bucket', 'channel="email",le="+Inf"')]: growing(4),
    },
    summary: 'One message in twenty on the channel email comes 4m 48s late or later.',
  },
  {
    ...{ alert: 'MonitorManagerRateLimited', at: '20m', labels: { job, channel: 'wecom-robot' } },
    series: { [named('rate_limited_destinations', 'channel="wecom-robot"')]: always(1) },
    summary: 'Destinations that have waited for a rate limit on the channel wecom-robot for 15 minutes: 1.',
  },
  {
    ...{ alert: 'MonitorManagerMessagesInOutbox', at: '10m', labels: { job, channel: 'outbox' } },
    series: { [named('notifications_total', 'channel="outbox"')]: '0+0x10 1+0x60' },
    summary: 'Messages are kept in the outbox, and reach nobody.',
  },
  {
    ...{ alert: 'MonitorManagerNudgesFailing', at: '20m', labels: { job } },
    series: { [named('nudges_total', 'result="failed"')]: growing(1) },
    summary: 'Nudges of Monitor Manager get lost.',
  },
];

/** A service with traffic and a past: it failed now and then, and everything has been well again for long. */
const healthy: Series = {
  [`up{${own}}`]: always(1),
  [`process_start_time_seconds{${own}}`]: always(1),
  [`nodejs_eventloop_lag_p99_seconds{${own}}`]: always(0.02),
  [named('build_info', 'version="1"')]: always(1),
  [named('database_up')]: '1+0x500 0 1+0x800',
  [named('schedule_last_success_timestamp_seconds', 'task="watchdog"')]: justNow,
  [named('schedule_last_success_timestamp_seconds', 'task="retention"')]:
    '1+0x240 3600+0x240 7200+0x240 10800+0x240 14400+0x240 18000+0x90',
  [named('webhook_requests_total', 'code="200"')]: growing(4),
  [named('webhook_requests_total', 'code="401"')]: '0+0x20 7+0x1300',
  [named('webhook_requests_total', 'code="503"')]: '0+0x20 7+0x1300',
  [named('webhook_duration_seconds_bucket', 'le="0.1"')]: growing(4),
  [named('webhook_duration_seconds_bucket', 'le="+Inf"')]: growing(4),
  [named('alerts_invalid_total')]: '0+0x20 7+0x1300',
  [named('source_quiet', 'source="az-a"')]: always(0),
  [named('heartbeat_up', 'heartbeat="prom-a",source="az-a"')]: always(1),
  [named('peer_state', 'peer="site-b",state="up"')]: always(1),
  // An announced restart, and a probe or two that were missed.
  [named('peer_state', 'peer="site-b",state="leaving"')]: '0+0x400 1+0x20 0+0x900',
  [named('peer_state', 'peer="site-b",state="down"')]: '0+0x500 1+0x2 0+0x800',
  [named('outgoing_heartbeats_total', 'result="sent"')]: growing(1),
  [named('outgoing_heartbeats_total', 'result="failed"')]: '0+0x500 7+0x800',
  // A replica that sends none, as another one does.
  [named('outgoing_heartbeats_total', 'result="withheld"')]: always(0),
  [named('incidents_undecided')]: '0+0x500 1+0x4 0+0x800',
  // Without provisioned files there never was a success.
  [named('config_last_reload_successful')]: always(0),
  [named('config_last_reload_success_timestamp_seconds')]: always(0),
  [named('notifications_failed_total', 'channel="email",reason="bad_recipient"')]: '0+0x20 7+0x1300',
  [named('notification_requests_total', 'channel="email"')]: growing(4),
  [named('notification_requests_failed_total', 'channel="email"')]: growing(1),
  // Nobody is reached on this channel, and nothing fails on it.
  [named('notification_requests_total', 'channel="wecom-app"')]: always(0),
  [named('notification_requests_failed_total', 'channel="wecom-app"')]: always(0),
  [named('failing_destinations', 'channel="email"')]: '0+0x500 3+0x20 0+0x800',
  [named('oldest_due_notification_age_seconds')]: always(3),
  [named('notification_latency_seconds_bucket', 'channel="email",le="1"')]: growing(4),
  [named('notification_latency_seconds_bucket', 'channel="email",le="+Inf"')]: growing(4),
  [named('rate_limited_destinations', 'channel="wecom-robot"')]: '0+0x500 3+0x20 0+0x800',
  [named('notifications_total', 'channel="outbox"')]: always(0),
  [named('nudges_total', 'result="failed"')]: '0+0x20 7+0x1300',
};

const asInput = (series: Series) => Object.entries(series).map(([name, values]) => ({ series: name, values }));

function promtool(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(programPath('promtool'), args, { encoding: 'utf8' });
  expect(status, `${stdout}${stderr}`).toBe(0);
}

/** Runs promtool's unit tests of the rules. JSON is YAML. */
function runTests(tests: readonly Record<string, unknown>[]): void {
  const folder = temporaryFolder('alert-rules');
  const file = join(folder, 'tests.yml');
  try {
    writeFileSync(file, JSON.stringify({ rule_files: [rulesFile], evaluation_interval: '1m', tests }));
    promtool('test', 'rules', file);
  } finally {
    removeFolder(folder);
  }
}

describe('the alerts about the service', () => {
  it('all have a case in which they fire', () => {
    expect(new Set(cases.map((one) => one.alert))).toEqual(new Set(rules.keys()));
  });

  it('say what to do in a description without a template, so that it reads the same everywhere', () => {
    for (const { annotations } of rules.values()) expect(annotations.description).not.toContain('{{');
  });
});

needs('promtool')('promtool', () => {
  it('accepts the rules', () => promtool('check', 'rules', rulesFile));

  it.each(cases.map((one) => [one.alert, one.summary, one] as const))('has %s fire: %s', (alert, summary, one) => {
    const { labels, annotations } = rules.get(alert)!;
    const expected = {
      exp_labels: { ...labels, ...one.labels },
      exp_annotations: { ...annotations, summary },
    };
    runTests([
      {
        interval: '15s',
        input_series: asInput(one.series),
        alert_rule_test: [
          { eval_time: '0s', alertname: alert, exp_alerts: [] },
          { eval_time: one.at, alertname: alert, exp_alerts: [expected] },
        ],
      },
    ]);
  });

  it('has none fire while all is well', () => {
    const times = ['4m', '40m', '2h15m', '5h'];
    const silent = [...rules.keys()].flatMap((alertname) =>
      times.map((eval_time) => ({ eval_time, alertname, exp_alerts: [] })),
    );
    runTests([{ interval: '15s', input_series: asInput(healthy), alert_rule_test: silent }]);
  });
});
