/** The webhook, put together for `app.ts`: what the rest of the service learns from each post. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Snapshot } from './alert/config.ts';
import { recordRefusal } from './groups/sources.ts';
import type { Observed } from './observations.ts';
import type { Pipeline } from './pipeline/pipeline.ts';
import { createWebhook } from './pipeline/receive/webhook.ts';
import type { Polling } from './polling.ts';
import type { Rates } from './rates.ts';
import { postTroubles, refusedBody } from './self/posts.ts';
import type { Troubles } from './self/troubles.ts';
import type { Settings } from './settings.ts';
import type { Db } from './store/db.ts';
import type { Watchdog } from './watchdog/watchdog.ts';

export interface ReceivingParts {
  db: Db;
  settings: Settings;
  now: () => Date;
  snapshot: () => Snapshot;
  take: Pipeline['take'];
  watchdog: Pick<Watchdog, 'hear'>;
  rates: Rates;
  polling: Pick<Polling, 'noteReceiver'>;
  troubles: Pick<Troubles, 'note'>;
  observed: Pick<Observed, 'onAnswer' | 'onStoringFault'>;
}

/** A sender waits two seconds or more, and is to be answered before. */
const answerWithinMs = 1_800;

/** @returns a function that says whether the request was for it */
export function createReceiving(parts: ReceivingParts): (req: IncomingMessage, res: ServerResponse) => boolean {
  const { db, settings, now, watchdog, rates, polling, troubles, observed } = parts;
  return createWebhook({
    ...{ snapshot: parts.snapshot, now, take: parts.take },
    ignoreLabels: new Set(settings.ignoreLabels),
    limits: {
      bodyBytes: settings.limits.maxBodyBytes,
      requestsInFlight: settings.limits.maxInFlightRequests,
      answerWithinMs,
    },
    onAnswer(answer) {
      observed.onAnswer(answer);
      // Whoever is heard is there, whether or not it could be stored.
      if (answer.status === 503 && answer.parsed !== null) watchdog.hear(answer.parsed.reports, now());
      if (answer.source !== null) {
        rates.note(answer.source.id, answer.parsed?.reports.length ?? 0, now());
        polling.noteReceiver(answer.source.id, answer.parsed?.receiver ?? null);
      }
      for (const trouble of postTroubles(answer.source?.name ?? '', answer.parsed)) troubles.note(trouble, now());
    },
    onRefused(source, why) {
      troubles.note(refusedBody(source.name, why), now());
      recordRefusal(db, source.id, why, now()).catch(observed.onStoringFault);
    },
    onFault: observed.onStoringFault,
  });
}
