/**
 * The composition root: the only file that constructs things. One straight function builds the service from the bottom
 * up, so that the order of the start, and in reverse of the stop, can be read from top to bottom.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type FirstSecret, firstAdminToken, firstSource, retireFirstAdminTokens } from './access.ts';
import type { Alarm } from './alert/alarm.ts';
import type { ToldDirectly } from './alert/last-road.ts';
import { apiRoutes } from './api.ts';
import { createBacktests } from './backtest/jobs.ts';
import { channelSettings, outletsOf } from './channel-settings.ts';
import { DeliveryError } from './channels/channel.ts';
import { createChannels } from './channels/index.ts';
import { rememberTokens } from './channels/wecom-app/token-memory.ts';
import { createTokenRows } from './channels/wecom-app/token-rows.ts';
import { type Clock, systemClock } from './clock.ts';
import { createFollower } from './follow.ts';
import { createGauges, createNudgeCounter } from './gauges.ts';
import { ensureBuiltins } from './groups/builtins.ts';
import { createConfigHash } from './groups/config-hash.ts';
import { ensureRevisions } from './groups/save-revisions.ts';
import { createSnapshots } from './groups/snapshot.ts';
import { createAuthenticate } from './http/auth.ts';
import { createEvents } from './http/events.ts';
import { mountPage } from './http/page-files.ts';
import { createHttpServer } from './http/server.ts';
import { createLastRoad } from './last-road/last-road.ts';
import { directFailure, emergencyDestinations, unlessRefused } from './last-road-parts.ts';
import type { Logger } from './log.ts';
import { readMarks } from './marks.ts';
import { makeMatcher } from './matcher/compile.ts';
import { parseMatchers } from './matcher/parse.ts';
import { createMetrics } from './metrics.ts';
import { createObservations, poking } from './observations.ts';
import { openDb } from './open-db.ts';
import { mountOperations } from './operations.ts';
import { createOutside } from './outside/outside.ts';
import { createPeers } from './peers/peers.ts';
import { lookOutside, outletOf } from './peers/way-out.ts';
import { sessionCookie } from './people/cookie.ts';
import { createSessions } from './people/sessions.ts';
import { createPeriodic } from './periodic.ts';
import { saveDirectHistory, saveDirectReceipts } from './pipeline/deliver/told-directly.ts';
import { createPipeline, type Pipeline } from './pipeline/pipeline.ts';
import { createPolling } from './polling.ts';
import { createReadPolls } from './polls/view.ts';
import { beginPresence } from './presence.ts';
import { provision } from './provision.ts';
import { createQueue } from './queue/queue.ts';
import { createRates } from './rates.ts';
import { createReceiving } from './receiving.ts';
import { startSchedule } from './schedule.ts';
import { undecided } from './self/checks.ts';
import { createTroubles } from './self/troubles.ts';
import type { Settings } from './settings.ts';
import type { Db } from './store/db.ts';
import { CONFIG_CHANNEL, type Listener, listenPostgres } from './store/listen.ts';
import { migrate } from './store/migrate.ts';
import { createWatchdog } from './watchdog/watchdog.ts';
import { watchJobs } from './watched-jobs.ts';

/** What tests replace: nothing of the service itself, only its clock and its surroundings. */
export interface Surroundings {
  log: Logger;
  version: string;
  migrationsDir: string;
  /** Where the build puts the web page. */
  pageDir: string;
  clock?: Clock;
  /** A ready database, for tests that share one; the caller closes it. */
  db?: Db;
  /** False: nothing happens by itself, the caller drives `settle` and `tick`. */
  scheduled?: boolean;
  /** Shifts the database's clock for leases. */
  leaseOffsetMs?: () => number;
}

/** A running service. */
export interface Service {
  /** `http://127.0.0.1:port` */
  url: string;
  settings: Settings;
  db: Db;
  pipeline: Pipeline;
  adminToken: FirstSecret | null;
  firstSource: FirstSecret | null;
  /** Runs everything that is due until nothing is: what the schedule and the queue do in their own time. */
  settle(): Promise<void>;
  /** One tick of all that happens every few seconds. @throws what one part of it does */
  tick(): Promise<void>;
  /** Looks for trouble of our own. */
  selfCheck(): Promise<void>;
  /** Applies the provisioned files again (SIGHUP). False: there are none. */
  reload(): Promise<boolean>;
  /** Not ready, no new requests, what is under way is finished within the drain time. */
  stop(): Promise<void>;
}

/** How a part of the service is stopped. */
interface Closer {
  name: string;
  close: () => Promise<unknown>;
}

/** Starts the service and resolves when it answers. @throws whatever keeps it from starting, once what was opened is closed */
export async function createApp(settings: Settings, surroundings: Surroundings): Promise<Service> {
  const closers: Closer[] = [];
  try {
    return await build(settings, surroundings, closers);
  } catch (error) {
    await closeAll(closers, surroundings.log);
    throw error;
  }
}

type Raw = (req: IncomingMessage, res: ServerResponse) => boolean;

/** The first that knows a request as its own takes it. */
function firstOf(...takers: readonly Raw[]): Raw {
  return (req, res) => takers.some((take) => take(req, res));
}

/** Also after a failed start: an open database would keep the process alive, serving nothing and never restarted. */
async function closeAll(closers: readonly Closer[], log: Logger): Promise<void> {
  for (const { name, close } of closers) {
    await close().catch((error: unknown) => log.error({ err: error, part: name }, 'stopping a part failed'));
  }
}

/** @param closers gets what stops each part, the last one first */
async function build(settings: Settings, surroundings: Surroundings, closers: Closer[]): Promise<Service> {
  const { log, version } = surroundings;
  const clock = surroundings.clock ?? systemClock;
  const now = () => clock.now();
  const startedAt = now();
  const onStop = (name: string, close: Closer['close']) => closers.unshift({ name, close });

  const db = surroundings.db ?? (await openDb(settings, log));
  if (surroundings.db === undefined) onStop('database', () => db.close());
  await migrate(db, { dir: surroundings.migrationsDir, now: now() });
  const adminToken = settings.adminToken === null ? await firstAdminToken(db, settings.dataDir, now()) : null;
  if (settings.adminToken !== null) await retireFirstAdminTokens(db);

  async function reload(): Promise<boolean> {
    if (settings.provision === null) return false;
    metrics.configReloadSuccessful.set(0);
    await provision(db, settings.provision, now());
    metrics.configReloadSuccessful.set(1);
    metrics.configReloadTimestamp.set(now().getTime() / 1000);
    return true;
  }

  const metrics = createMetrics({ version, channels: ['email', 'wecom-app', 'wecom-robot', 'outbox'] });
  const critical = settings.critical.flatMap((text) => parseMatchers(text).matchers);
  const snapshots = createSnapshots({ db, log, emergencyContacts: settings.emergencyContacts });
  await ensureBuiltins(db, now());
  const writeFirstRevisions = () =>
    db.transaction((tx) => ensureRevisions(tx, { name: 'monitor-manager', via: 'settings' }, now()));
  await writeFirstRevisions();
  await reload();
  const first = await firstSource(db, settings.dataDir, now());
  await writeFirstRevisions();
  await snapshots.fresh();

  const channels = createChannels(channelSettings(settings), {
    clock,
    // What is not the provider's own word comes of the rows.
    tokens: rememberTokens(createTokenRows(db, pause), (error) => !(error instanceof DeliveryError)),
    robotKeyOf: (address) => snapshots.robotKey(address),
  });
  const channelNames: ReadonlySet<string> = new Set(channels.keys());
  onStop('channels', () => Promise.all([...channels.values()].map((channel) => channel.close())));

  const queue = await createQueue({
    redisUrl: settings.redisUrl,
    db,
    prefix: 'monitor-manager',
    now,
    log: (level, message, fields) => log[level](fields, message),
    concurrency: 16,
  });
  onStop('queue', () => queue.stop(settings.drainTimeoutMs * 0.8));

  const sender = {
    site: settings.site,
    externalUrl: settings.externalUrl.replace(/\/+$/, ''),
    mailDomain: /@([^>\s]+)>?\s*$/.exec(settings.smtp.from)?.[1] ?? 'localhost',
  };
  const presence = await beginPresence({ db, now, retentionMs: settings.retentionMs });
  const { tickedAt } = presence;
  let stopping = false;
  const scheduled = surroundings.scheduled ?? true;
  const outside = createOutside({
    ...{ db, now, log, scheduled, heartbeat: settings.outgoingHeartbeat },
    ...{ stopping: () => stopping, tickedAt },
    countBeat: (result) => metrics.outgoingHeartbeats.inc({ result }),
  });
  const observed = createObservations(metrics, log);
  const events = createEvents({
    look: () => readMarks(db),
    onFault: (error) => log.warn({ err: error }, 'the pages that listen could not be told what has changed'),
  });
  // What was told goes before what it is about: nobody is to be told twice. It may have been told a moment ago.
  const asStored = (told: readonly ToldDirectly[]) =>
    told.map((one) => ({ ...one, alarms: one.alarms.map(watchdog.asStored) }));
  const saveReceipts = () => unlessRefused(saveDirectReceipts(db, asStored(lastRoad.told())), onDirectRefused);
  const submitPast = async (alarms: readonly Alarm[]) => {
    await saveReceipts();
    await pipeline.submit(alarms);
    await pipeline.decide();
  };
  const watchdog = createWatchdog({
    db,
    snapshots: snapshots.current,
    submit: (alarms) => pipeline.submit(alarms),
    submitPast,
    discover: makeMatcher('alertname', '=~', settings.watchdog.alertnameRegex),
    askPeers: (fingerprints) => peers.askPeers(fingerprints),
    readPolls: createReadPolls({ db, now, intervalMs: settings.polls.intervalMs }),
    now,
    log,
  });

  const pipeline: Pipeline = createPipeline({
    db,
    clock,
    current: snapshots.current,
    snapshot: snapshots.fresh,
    outages: presence.outages,
    watchdog,
    channels,
    critical,
    sender,
    leaseOffsetMs: surroundings.leaseOffsetMs ?? (() => 0),
    limits: {
      inFlight: db.engine === 'pglite' ? 1 : 2,
      besideSize: 200,
      batchSize: 500,
      queuedSize: settings.limits.maxQueuedAlerts,
    },
    daily: { unwell: outside.unwell, sites: () => peers.daily() },
    nudge: queue.nudge,
    ...poking(events.poke, observed),
    onUndecided: (error, held) => {
      observed.onUndecided(error, held);
      // Once may be a connection that broke.
      if (held.failures > 1) troubles.note(undecided(), now());
    },
  });
  onStop('pipeline', () =>
    Promise.race([pipeline.drain(), pause(settings.drainTimeoutMs * 0.8, undefined, { ref: false })]),
  );

  const onDirectRefused = (error: unknown) =>
    log.error({ err: error }, 'what the last road has told could not be stored, and may be told again');
  const lastRoad = createLastRoad({
    ...{ now, log, sender, prove: outside.prove, tickedAt, stopping: () => stopping },
    destinations: emergencyDestinations(settings.emergencyContacts, channels),
    alarms: [async (at) => watchdog.fromMemory(at), () => peers.fromMemory()],
    ...{ submit: pipeline.submit, submitPast, failureOf: directFailure },
    saveHistory: async (told) => {
      await saveReceipts();
      await unlessRefused(saveDirectHistory(db, asStored(told), now()), onDirectRefused);
    },
    count: (channel, result) => metrics.lastRoadMessages.inc({ channel, result }),
  });
  onStop('last-road', () => lastRoad.quiet(settings.drainTimeoutMs * 0.8));

  const edited = () => {
    events.poke();
    pipeline.applyEdit().catch((error: unknown) => log.error({ err: error }, 'an edit could not be carried out yet'));
  };
  await pipeline.applyEdit();
  const rates = createRates(startedAt);
  const polling = createPolling({
    ...{ db, settings, now, log, metrics, current: snapshots.current, watchdog, take: pipeline.take },
  });
  onStop('polls', async () => polling.halt());
  const troubles = createTroubles(db, pipeline.submit);
  const nudgesCounted = createNudgeCounter(metrics, queue);

  const outlets = outletsOf(settings).map(outletOf);
  const peers = createPeers({
    ...{ db, clock, version, startedAt, log, site: settings.site, rules: settings.peers },
    ...{ unwell: outside.unwell, prove: outside.prove },
    peers: snapshots.peers,
    submit: pipeline.submit,
    configHash: createConfigHash(db, () => snapshots.current().version, now),
    wayOut: () => lookOutside(outlets, settings.peers.timeoutMs),
    leaseOffsetMs: surroundings.leaseOffsetMs ?? (() => 0),
    onProbe: (peer, tookMs) => metrics.peerProbeDuration.observe({ peer }, tookMs / 1000),
    onRefused: (reason) => metrics.peerProbesRefused.inc({ reason }),
  });

  const { origin } = new URL(settings.externalUrl);
  const sessions = createSessions({
    db,
    now,
    adminToken: settings.adminToken,
    cookie: sessionCookie(settings.externalUrl),
  });
  const backtests = createBacktests({
    ...{ db, now, critical, channels },
    onFault: (error) => log.error({ err: error }, 'a backtest broke off'),
  });
  onStop('backtests', async () => backtests.stop());
  const readGauges = createGauges(metrics, {
    ...{ db, watchdog, channels, now, snapshot: snapshots.current, backtests, queue, peers },
    onFault: (error) => log.warn({ err: error }, 'some of the metrics could not be read, and keep what they last said'),
  });
  const routes = apiRoutes({
    ...{ settings, version, startedAt, log, clock, db, snapshots, sessions, events, queue },
    ...{ watchdog, rates, channels, sender, critical, backtests, onEdit: edited, outgoing: outside.outgoing, peers },
  });

  const server = createHttpServer({
    info: { title: 'Monitor Manager', version },
    plainErrorsBelow: '/api/v2',
    log,
    origin,
    trustedProxies: settings.trustedProxies,
    authenticate: createAuthenticate({
      db,
      clock,
      adminToken: settings.adminToken,
      sessionOf: sessions.ofRequest,
      origin,
    }),
    raw: firstOf(
      peers.endpoint,
      createReceiving({
        ...{ db, settings, now, snapshot: snapshots.current, take: pipeline.take },
        ...{ watchdog, rates, polling, troubles, observed },
      }),
    ),
    routes,
    mounts: [
      (app) =>
        mountOperations(app, {
          whyNotReady: outside.whyNotReady,
          metrics: async () => {
            nudgesCounted();
            await readGauges();
            return { type: metrics.registry.contentType, text: await metrics.registry.metrics() };
          },
        }),
      (app) => mountPage(app, surroundings.pageDir),
    ],
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.listen.port, settings.listen.host, resolve);
  });
  onStop('http', () => new Promise((resolve) => server.close(resolve)));
  onStop('events', events.close);

  async function settle(): Promise<void> {
    await pipeline.drain();
    // Whoever made an edit was answered at its commit; it may still be on its way to the open alerts.
    await pipeline.applyEdit();
    while (await pipeline.sweep());
  }

  // In the embedded database nobody else edits, and whoever does in this process says so.
  let listener: Listener | null = null;
  const follower = createFollower({
    snapshots,
    applyEdit: pipeline.applyEdit,
    told: () => settings.databaseUrl === null || listener?.listening() === true,
  });

  const periodic = createPeriodic({
    ...{ db, now, settings, metrics, snapshots, channelNames, adminToken, presence, watchdog, pipeline, peers },
    ...{ lastRoad, outside, polling, troubles, follower, saveReceipts, submitPast },
  });
  if (scheduled) {
    await queue.start(async ({ kind, id }) => {
      if (kind === 'decide') pipeline.beginDecide();
      else pipeline.begin(Number(id));
    });
    const watched = watchJobs(periodic.jobs, metrics, now);
    const schedule = startSchedule(watched, (job, error) => log.error({ err: error, job }, 'a periodic job failed'));
    onStop('schedule', () => schedule.stop());
    if (settings.databaseUrl !== null) {
      listener = listenPostgres({
        url: settings.databaseUrl,
        applicationName: 'monitor-manager listener',
        channel: CONFIG_CHANNEL,
        onNotify: () => {
          follower.look().catch((error: unknown) => log.error({ err: error }, 'an edit could not be followed yet'));
        },
        onTrouble: (error) => log.warn({ err: error }, 'does not hear of edits at once; looks every two seconds'),
      });
      onStop('listener', () => listener?.close() ?? Promise.resolve());
    }
    peers.start();
  }
  // Stopped first: what is waited for next may take longer than the silence after which they would tell of us.
  onStop('peers', peers.stop);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    settings,
    db,
    pipeline,
    adminToken,
    firstSource: first,
    settle,
    tick: periodic.tick,
    selfCheck: periodic.selfCheck,
    reload: async () => {
      const applied = await reload();
      await pipeline.applyEdit();
      return applied;
    },
    async stop() {
      if (stopping) return;
      stopping = true;
      pipeline.halt();
      outside.halt();
      polling.halt();
      server.closeIdleConnections();
      await closeAll(closers, log);
    },
  };
}
