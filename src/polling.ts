/** Polls, put together for `app.ts`: what they are handed of the pipeline, the watchdog, the log and the metrics. */
import type { Snapshot } from './alert/config.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Pipeline } from './pipeline/pipeline.ts';
import { Malformed } from './pipeline/receive/bad-payload.ts';
import { readHeld } from './pipeline/receive/held.ts';
import { saveSteps } from './pipeline/steps.ts';
import { createPolls } from './polls/polls.ts';
import { createReceivers } from './polls/receivers.ts';
import type { Settings } from './settings.ts';
import type { Db } from './store/db.ts';
import type { Watchdog } from './watchdog/watchdog.ts';

interface PollingParts {
  db: Db;
  settings: Settings;
  now: () => Date;
  log: Logger;
  metrics: Metrics;
  current: () => Snapshot;
  watchdog: Pick<Watchdog, 'splitBeats'>;
  take: Pipeline['take'];
}

const reasonOf = { missed_alert: 'found_by_poll', missed_resolve: 'absent_in_polls' } as const;

export type Polling = ReturnType<typeof createPolling>;

export function createPolling({ db, settings, now, log, metrics, current, watchdog, take }: PollingParts) {
  const ignoreLabels = new Set(settings.ignoreLabels);
  const receivers = createReceivers(db, (error) => log.warn({ err: error }, 'the receiver of a source was not noted'));
  const polls = createPolls({
    ...{ db, now, current, take, settings: settings.polls, maxBytes: settings.limits.maxBodyBytes },
    readHeld(alert, context) {
      const held = readHeld(alert, { ...context, ignoreLabels });
      return held instanceof Malformed ? null : held;
    },
    splitBeats: (reports) => watchdog.splitBeats(reports, current()),
    saveSteps: (tx, found, at) =>
      saveSteps(
        tx,
        found.map(({ kind, since, report }) => ({
          ...{ stage: 'dedupe', reason: reasonOf[kind], detail: { since } },
          ...{ alertFingerprint: report.alertFingerprint, sourceId: report.sourceId },
        })),
        at,
      ),
    onPolled: ({ error }) => metrics.polls.inc({ result: error === null ? 'answered' : 'failed' }),
    onFound(kind, count, source) {
      metrics.reconciled.inc({ kind }, count);
      log.warn({ source, reason: reasonOf[kind], count }, 'polls found what posts had not brought');
    },
    onFault: (error, source) => log.error({ err: error, source }, 'a round of polls broke off; the next begins anew'),
  });
  return {
    tick: polls.tick,
    halt: polls.halt,
    /** Learns by which receiver a source posts here. */
    noteReceiver: (sourceId: number, receiver: string | null) => receivers.note(sourceId, receiver, now()),
  };
}
