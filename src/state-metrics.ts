/** The metrics that say how things stand: gauges that are read when somebody scrapes, and what the periodic tasks do. */
import type { Registry } from 'prom-client';
import { counter, gauge } from './metric.ts';

/** Each known label value exists from the start: a panel or a rule would else take "none" for "not known". */
const known = {
  alert: ['firing', 'stale'],
  notification: ['pending', 'sending', 'undeliverable', 'cancelled'],
  silence: ['active', 'pending'],
  backtest: ['waiting', 'running'],
} as const;

/** Gauges of what is open and under way. */
export function stateMetrics(registry: Registry) {
  return {
    ...alertMetrics(registry),
    ...channelMetrics(registry),
    sourceLastPost: gauge(registry, 'source_last_post_timestamp_seconds', 'When a source last posted.', ['source']),
    sourceQuiet: gauge(registry, 'source_quiet', 'Whether a source has been quiet for longer than it ever was (1).', [
      'source',
    ]),
    backtests: gauge(registry, 'backtests', 'Backtests of this replica that wait and that run.', ['state']),
    nudgesWaiting: gauge(registry, 'nudges_waiting', 'Nudges in the queue that nobody has picked up yet.', []),
    configVersion: gauge(
      registry,
      'config_version',
      'The version of the configuration by which this replica decides; every edit adds 1.',
      [],
    ),
  };
}

function alertMetrics(registry: Registry) {
  return {
    alerts: gauge(registry, 'alerts', 'Alerts that fire, and that are stale: all their sources are quiet.', ['state']),
    alertsFlapping: gauge(
      registry,
      'alerts_flapping',
      'Alerts of which somebody was told that they flap, and not yet that they are calm.',
      [],
    ),
    storms: gauge(registry, 'storms', 'Alert groups in which a storm goes on.', []),
    incidentsUndecided: gauge(
      registry,
      'incidents_undecided',
      'Open incidents that could not be decided and are held back until they are tried again.',
      [],
    ),
    silences: gauge(
      registry,
      'silences',
      'Silences by state; one that recurs is active from its first to its last day.',
      ['state'],
    ),
  };
}

function channelMetrics(registry: Registry) {
  return {
    notificationStates: gauge(
      registry,
      'notification_states',
      'Notifications that are kept, by state; those that were accepted are counted by notifications_total.',
      ['state'],
    ),
    channelLastSuccess: gauge(
      registry,
      'channel_last_success_timestamp_seconds',
      'When a provider last accepted a message; missing until one has.',
      ['channel'],
    ),
    channelLastFailure: gauge(
      registry,
      'channel_last_failure_timestamp_seconds',
      'When a provider last refused a message or did not answer; missing until one has.',
      ['channel'],
    ),
    failingDestinations: gauge(
      registry,
      'failing_destinations',
      'Destinations with open messages whose last attempt was not accepted.',
      ['channel'],
    ),
    outboxDestinations: gauge(
      registry,
      'outbox_destinations',
      'Destinations whose messages are kept in the outbox because their channel is not configured.',
      ['channel'],
    ),
  };
}

/** What the periodic tasks do. */
export function scheduleMetrics(registry: Registry) {
  return {
    taskRuns: counter(registry, 'schedule_runs_total', 'Runs of a periodic task of this replica.', ['task', 'result']),
    taskLastSuccess: gauge(
      registry,
      'schedule_last_success_timestamp_seconds',
      'When a periodic task last ended well; until it has, when this replica started.',
      ['task'],
    ),
    taskDuration: gauge(registry, 'schedule_last_duration_seconds', 'How long its last run took.', ['task']),
    rowsRetired: counter(
      registry,
      'retention_deleted_rows_total',
      'Rows of incidents, alerts, notifications and steps that were deleted for their age.',
      [],
    ),
  };
}

/** @param channels those that can send; the outbox stands in for them */
export function startStateAtZero(metrics: ReturnType<typeof stateMetrics>, channels: readonly string[]): void {
  for (const state of known.alert) metrics.alerts.set({ state }, 0);
  for (const state of known.notification) metrics.notificationStates.set({ state }, 0);
  for (const state of known.silence) metrics.silences.set({ state }, 0);
  for (const state of known.backtest) metrics.backtests.set({ state }, 0);
  for (const channel of channels) {
    metrics.failingDestinations.set({ channel }, 0);
    if (channel !== 'outbox') metrics.outboxDestinations.set({ channel }, 0);
  }
}
