/** What the service does by itself, and how often. Put together for `app.ts`. */
import { type FirstSecret, renewFirstAdminToken } from './access.ts';
import type { Alarm } from './alert/alarm.ts';
import type { Follower } from './follow.ts';
import { retainRevisions } from './groups/revisions.ts';
import type { Snapshots } from './groups/snapshot.ts';
import type { LastRoad } from './last-road/last-road.ts';
import type { Metrics } from './metrics.ts';
import type { Outside } from './outside/outside.ts';
import type { Peers } from './peers/peers.ts';
import { retainSessions } from './people/sessions.ts';
import { addressesOf } from './pipeline/converge/audience.ts';
import { watchSources } from './pipeline/dedupe/quiet.ts';
import { retainTransitions } from './pipeline/dedupe/transitions.ts';
import type { Pipeline } from './pipeline/pipeline.ts';
import { retain } from './pipeline/sweep.ts';
import type { Polling } from './polling.ts';
import { retainFindings } from './polls/rows.ts';
import type { Presence } from './presence.ts';
import type { Job } from './schedule.ts';
import { checkBacklog, checkPolls, checkRateLimits, checkSharedLabels, pastTroubles } from './self/checks.ts';
import type { Troubles } from './self/troubles.ts';
import type { Settings } from './settings.ts';
import { retainAudit } from './store/audit.ts';
import type { Db } from './store/db.ts';
import { type Watchdog, watchdogTickMs } from './watchdog/watchdog.ts';

export interface PeriodicParts {
  db: Db;
  now: () => Date;
  settings: Settings;
  metrics: Metrics;
  snapshots: Pick<Snapshots, 'current'>;
  channelNames: ReadonlySet<string>;
  /** The one that was made at the first start; null: the settings have one. */
  adminToken: FirstSecret | null;
  presence: Presence;
  watchdog: Watchdog;
  pipeline: Pipeline;
  peers: Peers;
  lastRoad: LastRoad;
  outside: Outside;
  polling: Polling;
  troubles: Troubles;
  follower: Follower;
  /** Stores what the last road has told: nobody is to be told twice. */
  saveReceipts: () => Promise<void>;
  /** Takes alarms of the time before, and decides them at once. */
  submitPast: (alarms: readonly Alarm[]) => Promise<void>;
}

export interface Periodic {
  /** For the schedule, each in its own time. */
  jobs: readonly Job[];
  /** All that happens every few seconds, one after the other: for who drives the service by hand. @throws what one of them does */
  tick(): Promise<void>;
  /** Looks for trouble of our own. */
  selfCheck(): Promise<void>;
}

/** So long a tick waits for what the last road is sending; less than an absence of ours. */
const sendingMs = 5_000;

export function createPeriodic(parts: PeriodicParts): Periodic {
  const { db, now, settings, metrics, presence, watchdog, pipeline, peers, lastRoad, outside, polling } = parts;
  const ago = (ms: number) => new Date(now().getTime() - ms);

  async function tickWatchdog(): Promise<void> {
    // What is being told just now is not to be told again.
    await lastRoad.quiet(sendingMs);
    await watchdog.recall();
    await parts.saveReceipts();
    await watchdog.tick(now());
    const found = await peers.back();
    // It may have told a moment ago.
    await parts.saveReceipts();
    if (found.length > 0) await parts.submitPast(found);
    await lastRoad.back();
    await presence.ticked();
    await watchSources(db, now(), presence.known(), pipeline.submit);
    await parts.troubles.tick(now());
  }

  async function checkSelf(): Promise<void> {
    const found = [await checkBacklog(db, now()), await checkRateLimits(db, now()), await checkSharedLabels(db)];
    found.push(await checkPolls(db, settings.polls.misses));
    for (const trouble of found.flat()) parts.troubles.note(trouble, now());
    const addresses = addressesOf(parts.snapshots.current(), parts.channelNames);
    await pipeline.submit(await pastTroubles(db, now(), addresses));
  }

  const selfCheck = () => outside.selfChecked(checkSelf);

  async function tidy(): Promise<void> {
    // Before the alerts that they are changes of.
    await retainTransitions(db, ago(settings.backtestRetentionMs));
    metrics.rowsRetired.inc(await retain(db, now(), settings.retentionMs));
    await retainFindings(db, ago(settings.retentionMs));
    await retainAudit(db, ago(settings.auditRetentionMs));
    await retainRevisions(db, ago(settings.auditRetentionMs));
    await retainSessions(db, now());
    if (parts.adminToken !== null) await renewFirstAdminToken(db, parts.adminToken, now());
  }

  return {
    jobs: [
      { name: 'watchdog', cron: `*/${watchdogTickMs / 1000} * * * * *`, run: tickWatchdog },
      // Beside the watchdog, whose tick may wait for a database that hangs; and nothing may keep us from saying that we are here.
      { name: 'here', cron: `*/${watchdogTickMs / 1000} * * * * *`, run: async () => watchdog.here(now()) },
      { name: 'last-road', cron: `*/${watchdogTickMs / 1000} * * * * *`, run: lastRoad.look },
      { name: 'polls', cron: '*/5 * * * * *', run: polling.tick },
      { name: 'notices', cron: '*/10 * * * * *', run: () => pipeline.notify() },
      { name: 'outgoing-heartbeat', cron: '*/5 * * * * *', run: outside.beat },
      { name: 'sweep', cron: '*/5 * * * * *', run: () => pipeline.look() },
      { name: 'edits', cron: '*/2 * * * * *', run: parts.follower.tick },
      { name: 'self-check', cron: '41 * * * * *', run: selfCheck },
      { name: 'retention', cron: '17 23 * * * *', run: tidy },
    ],
    async tick() {
      try {
        await polling.tick();
        await tickWatchdog();
        await peers.tick();
        await pipeline.notify();
        await outside.beat();
      } finally {
        watchdog.here(now());
        await lastRoad.look();
        await lastRoad.quiet(60_000);
      }
    },
    selfCheck,
  };
}
