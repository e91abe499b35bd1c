/** What the log and the metrics are told while the pipeline works. */
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { untoldOf } from './pipeline/converge/decision-steps.ts';
import type { PipelineParts } from './pipeline/pipeline.ts';
import type { WebhookParts } from './pipeline/receive/webhook.ts';

/** What is counted and logged. */
export type Observed = Pick<
  PipelineParts<unknown>,
  'onTaken' | 'onDecided' | 'onBatchBroken' | 'onUndecided' | 'onResult' | 'onFault' | 'onBroken' | 'onUnmade'
> &
  Pick<WebhookParts, 'onAnswer'> & { onStoringFault: WebhookParts['onFault'] };

/** Makes the callbacks that count and log; they decide nothing. */
export function createObservations(metrics: Metrics, log: Logger): Observed {
  const heardFrom = new Set<number>();
  return {
    onAnswer: ({ status, ms, parsed, source, why }) => {
      metrics.webhookRequests.inc({ code: String(status) });
      metrics.webhookDuration.observe(ms / 1000);
      for (const [status, count] of countBy(parsed?.reports ?? [], (report) => report.status))
        metrics.alertsReceived.inc({ status }, count);
      metrics.alertsInvalid.inc(parsed?.quarantined.length ?? 0);
      if (source !== null) metrics.sourcePosts.inc({ source: source.name, result: status < 400 ? 'taken' : 'refused' });
      if (status >= 400) log.warn({ status, source: source?.name ?? null, why }, 'a webhook request was refused');
      else if (source !== null && !heardFrom.has(source.id)) {
        heardFrom.add(source.id);
        const about = { source: source.name, receiver: parsed?.receiver, alerts: parsed?.reports.length };
        log.info(about, 'the first post of this source since the start');
      }
    },
    onStoringFault: (error) => log.error({ err: error }, 'a webhook request could not be stored'),
    onTaken: ({ judged }) => {
      for (const [reason, count] of countBy(judged, (j) => j.reason)) metrics.reports.inc({ reason }, count);
    },
    onDecided: (outcomes) => {
      for (const [of, count] of countBy(outcomes, ({ kind, reason }) => `${kind} ${reason}`)) {
        const [outcome = '', reason = ''] = of.split(' ');
        metrics.decisions.inc({ outcome, reason }, count);
      }
      for (const reason of untoldOf(outcomes)) metrics.notificationsSuppressed.inc({ reason });
    },
    onBatchBroken: (error) => log.warn({ err: error }, 'incidents are decided one by one: together they could not be'),
    onUndecided: (error, { incidentId: incident, failures, at }) => {
      metrics.decisionsFailed.inc();
      log.error({ err: error, incident, failures, again: at }, 'an incident could not be decided');
    },
    onResult: ({ destination: { channel, address }, notificationId: notification }, { error, waitedMs }) => {
      const about = { channel, to: address, notification };
      metrics.notificationRequests.inc({ channel });
      if (waitedMs !== null) metrics.notificationLatency.observe({ channel }, Math.max(0, waitedMs) / 1000);
      if (error === null) {
        metrics.notifications.inc({ channel });
        log.info(about, 'a message was accepted');
        return;
      }
      const { kind, reason, answer } = error;
      metrics.notificationRequestsFailed.inc({ channel });
      if (kind === 'permanent') metrics.notificationsFailed.inc({ channel, reason });
      if (kind === 'in_doubt') metrics.notificationsInDoubt.inc({ channel });
      log.warn({ ...about, kind, reason, answer }, 'a message was not accepted');
    },
    onBroken: (error, destination) =>
      log.error(
        { err: error, destination },
        `${destination === null ? 'deciding' : 'delivering'} broke off; the sweep goes on with it`,
      ),
    onUnmade: (error, name) => log.error({ err: error, name }, 'a daily message could not be made; it is tried again'),
    onFault: (error, claimed) => log.error({ err: error, notification: claimed.notificationId }, 'sending failed'),
  };
}

/** How many there are of each kind: a counter that is told of each alone is felt in a storm. */
function countBy<T>(items: readonly T[], kindOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(kindOf(item), (counts.get(kindOf(item)) ?? 0) + 1);
  return counts;
}

/** Lets whoever listens know, besides, that something may have changed. */
export function poking(poke: () => void, watched: Observed): Observed {
  return {
    ...watched,
    onTaken: (taken) => {
      watched.onTaken(taken);
      poke();
    },
    onDecided: (outcomes) => {
      watched.onDecided(outcomes);
      poke();
    },
    onResult: (claimed, result) => {
      watched.onResult(claimed, result);
      poke();
    },
  };
}
