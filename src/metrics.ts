/** Every metric of the service. Labels come from small closed sets: never alert text, addresses or URLs. */
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { counter, gauge, prefix } from './metric.ts';
import { scheduleMetrics, startStateAtZero, stateMetrics } from './state-metrics.ts';

/** What the metrics say about this build, and which label values are known from the start. */
export interface MetricsOptions {
  version: string;
  /** Commit, or `unknown`. */
  revision?: string;
  /** Names of the channels. */
  channels: readonly string[];
}

/** Each known label value exists with 0 from the start: otherwise `rate()` misses the first increase. */
const known = {
  status: ['firing', 'resolved'],
  code: ['200', '400', '401', '413', '503'],
  report: [
    'new_alert',
    'new_reporter',
    'fired_again',
    'repeated',
    'start_shifted',
    'resolved',
    'repeated_resolved',
  ].concat(['late_firing', 'late_resolved', 'resolved_unknown', 'malformed']),
  incident: ['open', 'acknowledged'],
  failure: ['network', 'timeout', 'provider_busy', 'rate_limited_by_provider', 'bad_credentials', 'not_allowed'].concat(
    ['bad_recipient', 'bad_content', 'misconfigured', 'provider_error'],
  ),
  suppressed: [
    'silenced',
    'inhibited',
    'acknowledged',
    'already_told',
    'resolved_before_told',
    'send_resolved_off',
    'no_address',
  ].concat(['undeliverable']),
  told: ['opened', 'changed', 'repeat', 'escalated', 'resolved_all', 'summary'],
  waiting: ['group_wait', 'group_interval', 'repeat_interval', 'new_member', 'muted', 'for', 'keep_firing_for'].concat([
    'flapping',
    'storm',
    'quiet_hours',
    'digest',
  ]),
  untold: ['nothing_new', 'open_notification'],
  beat: ['sent', 'failed', 'withheld'],
  refusal: ['not_signed', 'unknown_peer', 'wrong_site', 'bad_signature', 'stale', 'replayed', 'too_large'].concat([
    'malformed',
    'too_many',
    'broken_off',
  ]),
  poll: ['answered', 'failed'],
  reconciled: ['missed_alert', 'missed_resolve'],
  nudge: ['added', 'failed', 'handled', 'handler_failed'],
  lastRoad: ['sent', 'failed', 'given_up'],
} as const;

/** The label values that exist from the start, by metric. */
export const knownLabels: Readonly<Record<keyof typeof known, readonly string[]>> = known;

const requestBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const latencyBuckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** The metrics of one service. */
export type Metrics = ReturnType<typeof createMetrics>;

/** Makes the metrics in a registry of their own, with those of the process and of Node.js. */
export function createMetrics(options: MetricsOptions) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = {
    ...receiveMetrics(registry),
    ...deliverMetrics(registry),
    ...watchdogMetrics(registry),
    ...peerMetrics(registry),
    ...configMetrics(registry),
    ...scheduleMetrics(registry),
    ...stateMetrics(registry),
  };
  const build = gauge(registry, 'build_info', 'Which build this is; always 1.', [
    'version',
    'revision',
    'node_version',
  ]);
  build.set({ version: options.version, revision: options.revision ?? 'unknown', node_version: process.version }, 1);
  startAtZero(metrics, options.channels);
  startStateAtZero(metrics, options.channels);
  return { ...metrics, registry };
}

function receiveMetrics(registry: Registry) {
  return {
    alertsReceived: counter(registry, 'alerts_received_total', 'Alerts in posts of sources.', ['status']),
    alertsInvalid: counter(registry, 'alerts_invalid_total', 'Alerts that were quarantined.', []),
    webhookRequests: counter(registry, 'webhook_requests_total', 'Answered posts of sources.', ['code']),
    webhookDuration: new Histogram({
      name: `${prefix}webhook_duration_seconds`,
      help: 'Time to answer a post of a source, its commit included.',
      buckets: requestBuckets,
      registers: [registry],
    }),
    sourcePosts: counter(registry, 'source_posts_total', 'Posts of a source that were taken, and that were refused.', [
      'source',
      'result',
    ]),
    reports: counter(registry, 'reports_total', 'What reports were, by reason.', ['reason']),
    incidents: gauge(registry, 'incidents', 'Open incidents.', ['state']),
    decisions: counter(registry, 'decisions_total', 'What decisions had in mind for destinations, and why.', [
      'outcome',
      'reason',
    ]),
    decisionsFailed: counter(
      registry,
      'decisions_failed_total',
      'Incidents that could not be decided; tried again.',
      [],
    ),
    databaseUp: gauge(
      registry,
      'database_up',
      'Whether the database answered this scrape (1); while it does not (0), gauges that come from rows keep their last value.',
      [],
    ),
  };
}

function deliverMetrics(registry: Registry) {
  return {
    notifications: counter(registry, 'notifications_total', 'Notifications that a provider accepted.', ['channel']),
    notificationsFailed: counter(
      registry,
      'notifications_failed_total',
      'Notifications that will never be delivered, by the reason of the last attempt.',
      ['channel', 'reason'],
    ),
    notificationRequests: counter(registry, 'notification_requests_total', 'Attempts to send.', ['channel']),
    notificationRequestsFailed: counter(
      registry,
      'notification_requests_failed_total',
      'Attempts to send that were not accepted.',
      ['channel'],
    ),
    notificationsInDoubt: counter(
      registry,
      'notifications_in_doubt_total',
      'Attempts of which nobody knows whether the message arrived; the same bytes went once more.',
      ['channel'],
    ),
    notificationsSuppressed: counter(
      registry,
      'notifications_suppressed_total',
      'Decisions not to tell a destination.',
      ['reason'],
    ),
    notificationLatency: new Histogram({
      name: `${prefix}notification_latency_seconds`,
      help: 'Time from when a notification was due to when the provider accepted it.',
      labelNames: ['channel'],
      buckets: latencyBuckets,
      registers: [registry],
    }),
    dueNotifications: gauge(registry, 'due_notifications', 'Notifications that could be sent now.', []),
    oldestDueAge: gauge(
      registry,
      'oldest_due_notification_age_seconds',
      'How long the oldest of them has been waiting.',
      [],
    ),
    rateLimitTokens: gauge(
      registry,
      'rate_limit_tokens',
      'Messages that a limit lets through at once now: those of the destination with the fewest, or of all that share it.',
      ['channel', 'limit'],
    ),
    rateLimitedDestinations: gauge(
      registry,
      'rate_limited_destinations',
      'Destinations with messages that wait for a rate limit.',
      ['channel'],
    ),
    nudges: counter(registry, 'nudges_total', 'Nudges to the queue and runs of their handler.', ['result']),
  };
}

function watchdogMetrics(registry: Registry) {
  return {
    heartbeatUp: gauge(registry, 'heartbeat_up', 'Whether a heartbeat is there (1) or lost (0).', [
      'heartbeat',
      'source',
    ]),
    outgoingHeartbeats: counter(
      registry,
      'outgoing_heartbeats_total',
      'Heartbeats to somebody outside: that arrived, that did not, and that were kept back because not everything was well.',
      ['result'],
    ),
    lastRoadMessages: counter(
      registry,
      'last_road_messages_total',
      'Messages that were told directly while the database was away: sent, failed and tried again, given up.',
      ['channel', 'result'],
    ),
    polls: counter(registry, 'polls_total', 'Polls of the members of sources, and of the Prometheus behind them.', [
      'result',
    ]),
    reconciled: counter(
      registry,
      'reconciled_total',
      'What polls found and posts had not brought: alerts, and ends of alerts.',
      ['kind'],
    ),
    heartbeatLastBeat: gauge(registry, 'heartbeat_last_beat_timestamp_seconds', 'When its last beat arrived.', [
      'heartbeat',
      'source',
    ]),
    heartbeatTimeout: gauge(
      registry,
      'heartbeat_timeout_seconds',
      'How long it may stay away before it counts as lost.',
      ['heartbeat', 'source'],
    ),
  };
}

function peerMetrics(registry: Registry) {
  return {
    peerState: gauge(registry, 'peer_state', 'How another site is seen: 1 for its state, 0 for the others.', [
      'peer',
      'state',
    ]),
    peerClockOffset: gauge(
      registry,
      'peer_clock_offset_seconds',
      'How far the clock of another site is ahead of ours.',
      ['peer'],
    ),
    peerProbeDuration: new Histogram({
      name: `${prefix}peer_probe_duration_seconds`,
      help: 'How long a probe of another site took, answered or not.',
      labelNames: ['peer'],
      buckets: requestBuckets,
      registers: [registry],
    }),
    peerProbesRefused: counter(
      registry,
      'peer_probes_refused_total',
      'Requests that claimed to come from another site and were refused.',
      ['reason'],
    ),
  };
}

function configMetrics(registry: Registry) {
  return {
    configReloadSuccessful: gauge(
      registry,
      'config_last_reload_successful',
      'Whether the provisioned files were last applied without an error.',
      [],
    ),
    configReloadTimestamp: gauge(
      registry,
      'config_last_reload_success_timestamp_seconds',
      'When the provisioned files were last applied without an error.',
      [],
    ),
  };
}

function startAtZero(
  metrics: ReturnType<typeof receiveMetrics> &
    ReturnType<typeof deliverMetrics> &
    ReturnType<typeof watchdogMetrics> &
    ReturnType<typeof peerMetrics>,
  channels: readonly string[],
): void {
  for (const status of known.status) metrics.alertsReceived.inc({ status }, 0);
  for (const code of known.code) metrics.webhookRequests.inc({ code }, 0);
  for (const reason of known.report) metrics.reports.inc({ reason }, 0);
  for (const state of known.incident) metrics.incidents.set({ state }, 0);
  for (const reason of known.suppressed) metrics.notificationsSuppressed.inc({ reason }, 0);
  for (const reason of known.told) metrics.decisions.inc({ outcome: 'send', reason }, 0);
  for (const reason of known.waiting) metrics.decisions.inc({ outcome: 'wait', reason }, 0);
  for (const reason of [...known.untold, ...known.suppressed]) metrics.decisions.inc({ outcome: 'nothing', reason }, 0);
  for (const result of known.beat) metrics.outgoingHeartbeats.inc({ result }, 0);
  for (const reason of known.refusal) metrics.peerProbesRefused.inc({ reason }, 0);
  for (const result of known.poll) metrics.polls.inc({ result }, 0);
  for (const kind of known.reconciled) metrics.reconciled.inc({ kind }, 0);
  for (const result of known.nudge) metrics.nudges.inc({ result }, 0);
  for (const channel of channels) {
    metrics.notifications.inc({ channel }, 0);
    if (channel !== 'outbox') {
      for (const result of known.lastRoad) metrics.lastRoadMessages.inc({ channel, result }, 0);
    }
    metrics.notificationRequests.inc({ channel }, 0);
    metrics.notificationRequestsFailed.inc({ channel }, 0);
    metrics.notificationsInDoubt.inc({ channel }, 0);
    for (const reason of known.failure) metrics.notificationsFailed.inc({ channel, reason }, 0);
    metrics.notificationLatency.zero({ channel });
    metrics.rateLimitedDestinations.set({ channel }, 0);
  }
}
