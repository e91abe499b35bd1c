/** Puts the routes of the API together: every feature gets the parts of the service that it asks for. */

import { alertmanagerRoutes } from './alertmanager/routes.ts';
import { type BacktestRouteParts, backtestRoutes } from './backtest/routes.ts';
import type { Channel, ChannelName } from './channels/channel.ts';
import { wordingsOf } from './channels/index.ts';
import { remedyInChinese } from './channels/remedies.ts';
import type { Clock } from './clock.ts';
import { streamView } from './gauges.ts';
import { readGroupDraft, snapshotWith } from './groups/draft.ts';
import { loadObjects } from './groups/objects.ts';
import { readPast } from './groups/past.ts';
import { groupRoutes } from './groups/routes.ts';
import type { Snapshots } from './groups/snapshot.ts';
import type { Events } from './http/events.ts';
import type { AnyRoute, Method } from './http/route.ts';
import type { IncidentDeps } from './incidents/deps.ts';
import { incidentRoutes } from './incidents/routes.ts';
import type { Logger } from './log.ts';
import type { Matcher } from './matcher/matcher.ts';
import type { NoisyGroup } from './noise/report.ts';
import { noiseRoutes } from './noise/routes.ts';
import type { Peers } from './peers/peers.ts';
import { createOidc } from './people/oidc.ts';
import { peopleRoutes } from './people/routes.ts';
import type { Sessions } from './people/sessions.ts';
import { loadInhibitorsBy } from './pipeline/converge/inhibitors.ts';
import { loadTexts } from './pipeline/converge/load.ts';
import { silencedByAt, suppressAt } from './pipeline/converge/suppress.ts';
import type { Sender } from './pipeline/deliver/compose.ts';
import { rateLeft } from './pipeline/deliver/left.ts';
import { sendTestMessages } from './pipeline/deliver/test-message.ts';
import { withDraft } from './pipeline/preview/draft.ts';
import { previewGroup } from './pipeline/preview/group.ts';
import { judgeSilence, previewSilence } from './pipeline/preview/silence.ts';
import { webhookPath } from './pipeline/receive/authenticate.ts';
import { consistencyRoutes } from './polls/routes.ts';
import type { NudgeQueue } from './queue/queue.ts';
import type { Rates } from './rates.ts';
import type { Settings } from './settings.ts';
import type { Db } from './store/db.ts';
import { readStrips } from './watchdog/strips.ts';
import type { Watchdog } from './watchdog/watchdog.ts';

/** The parts of a service that its API shows and steers. */
export interface ApiParts {
  settings: Settings;
  version: string;
  startedAt: Date;
  log: Logger;
  clock: Clock;
  db: Db;
  snapshots: Pick<Snapshots, 'fresh' | 'ofPast'>;
  backtests: BacktestRouteParts['backtests'];
  sessions: Sessions;
  events: Pick<Events, 'routes' | 'poke'>;
  queue: Pick<NudgeQueue, 'nudge' | 'stats'>;
  watchdog: Pick<Watchdog, 'states'>;
  rates: Rates;
  peers: Pick<Peers, 'shown'>;
  /** How our own heartbeat to somebody outside fares; null: there is none. */
  outgoing: IncidentDeps['outgoing'];
  /** Those that can send. */
  channels: ReadonlyMap<ChannelName, Channel>;
  sender: Sender;
  /** An alert that matches all of these is critical. */
  critical: readonly Matcher[];
  /** Called after the commit of an edit. */
  onEdit: () => void;
}

/** Every route, those of the open event streams too. */
export function apiRoutes(parts: ApiParts): readonly AnyRoute[] {
  const groups = ofGroups(parts);
  const routes: readonly AnyRoute[] = [
    ...ofPeople(parts, () => new Set(routes.map(({ tag }) => tag))),
    ...parts.events.routes,
    ...groups,
    ...ofAlertmanager(parts, groups),
    ...ofIncidents(parts),
    ...ofBacktests(parts),
    ...ofNoise(parts),
    ...ofPolls(parts),
  ];
  return routes;
}

/** @param tags what a token's scopes can name; known once all routes are */
function ofPeople({ db, clock, settings, sessions, log }: ApiParts, tags: () => ReadonlySet<string>): AnyRoute[] {
  return peopleRoutes({
    db,
    now: () => clock.now(),
    adminToken: settings.adminToken,
    sessions,
    oidc: createOidc({
      settings: settings.oidc,
      externalUrl: settings.externalUrl,
      onFailure: (why) => log.warn({ why }, 'signing in by OIDC failed'),
    }),
    tags,
  });
}

function ofGroups(parts: ApiParts): AnyRoute[] {
  const { db, clock, settings, snapshots, channels, sender, critical, rates, watchdog } = parts;
  const now = () => clock.now();
  const previews = {
    ...{ db, now, critical, sender, snapshot: snapshots.fresh, retentionMs: settings.retentionMs },
    wordings: wordingsOf(channels, { mailFrom: settings.smtp.from, appFormat: settings.wecom.format }),
  };
  return groupRoutes({
    db,
    now,
    onChange: parts.onEdit,
    snapshot: snapshots.fresh,
    rateOf: (sourceId) => rates.of(sourceId, now()),
    externalUrl: sender.externalUrl,
    webhookUrl: `${sender.externalUrl}${webhookPath}`,
    previewGroup: (draft) => previewGroup(previews, draft),
    previewSilence: (draft) => previewSilence(previews, draft),
    judgeSilence: (draft) => judgeSilence(previews, draft),
    streams: async () => {
      const views = await watchdog.states();
      const strips = await readStrips(db, views, now());
      return views.map((view) => streamView(view, strips.get(view.id) ?? []));
    },
    peers: parts.peers.shown,
  });
}

/** Alertmanager's API, whose silences are made and ended by our own routes. */
function ofAlertmanager(
  { db, clock, snapshots, version, startedAt }: ApiParts,
  groups: readonly AnyRoute[],
): AnyRoute[] {
  const own = (method: Method, path: string): AnyRoute => {
    const found = groups.find((one) => one.method === method && one.path === `/api/v1/silences${path}`);
    if (found === undefined) throw new Error(`there is no route to ${method} silences${path}`);
    return found;
  };
  return alertmanagerRoutes({
    ...{ db, version, startedAt, silencedByAt, loadTexts, loadInhibitorsBy, snapshot: snapshots.fresh },
    now: () => clock.now(),
    silences: {
      list: own('get', ''),
      make: own('post', ''),
      read: own('get', '/:key'),
      replace: own('put', '/:key'),
      end: own('delete', '/:key'),
    },
  });
}

function ofIncidents(parts: ApiParts): AnyRoute[] {
  const { db, clock, settings, snapshots, channels, sender, critical, queue, events, log } = parts;
  const now = () => clock.now();
  const tests = {
    ...{ db, clock, channels, sender, snapshot: snapshots.fresh },
    onFault: (error: unknown, { channel }: { channel: string }) =>
      log.error({ err: error, channel }, 'a test message could not be sent'),
  };
  return incidentRoutes({
    db,
    now,
    onDue: (ids) => {
      events.poke();
      queue.nudge(ids.map((id) => ({ kind: 'decide', id, at: now() })));
    },
    onDeliver: (ids) => queue.nudge(ids.map((id) => ({ kind: 'deliver', id: String(id), at: now() }))),
    sendTest: (target) => sendTestMessages(tests, target),
    rateLeft: (row, at) => rateLeft(channels, row, at),
    inChinese: remedyInChinese,
    outgoing: parts.outgoing,
    past: (asked) => readPast(db, asked),
    snapshot: snapshots.fresh,
    critical,
    suppressAt,
    status: () => ({
      site: settings.site,
      version: parts.version,
      queue: queue.stats().backend,
      startedAt: parts.startedAt,
      emergencyContacts: settings.emergencyContacts.length,
      channels: (['email', 'wecom-app', 'wecom-robot'] as const).map((name) => ({
        name,
        configured: channels.has(name),
      })),
    }),
  });
}

function ofBacktests({ db, clock, settings, snapshots, backtests }: ApiParts): AnyRoute[] {
  const now = () => clock.now();
  return backtestRoutes({
    ...{ backtests, now, keptMs: settings.backtestRetentionMs },
    configuration: (from) => snapshots.ofPast(from),
    withDocument: (document, from, by) =>
      snapshotWith({ db, load: (tx) => snapshots.ofPast(from, tx) }, document, { now: now(), by }),
    withGroup: async (raw, from) => {
      const today = await snapshots.ofPast(from);
      return withDraft(today, await readGroupDraft(db, raw, today));
    },
  });
}

function ofNoise({ db, clock, settings, snapshots, critical }: ApiParts): AnyRoute[] {
  const groups = async (): Promise<NoisyGroup[]> => {
    const { groupsById } = await snapshots.fresh();
    return (await loadObjects(db, 'alert_groups')).flatMap(({ id, managed, unlocked, body }) => {
      const group = groupsById.get(Number(id));
      return group === undefined ? [] : { ...group, managed: managed && !unlocked, body };
    });
  };
  return noiseRoutes({ db, now: () => clock.now(), keptMs: settings.backtestRetentionMs, critical, groups });
}

function ofPolls({ db, clock, settings, rates }: ApiParts): AnyRoute[] {
  const now = () => clock.now();
  return consistencyRoutes({
    ...{ db, now, misses: settings.polls.misses },
    postsPerMinute: (sourceId) => rates.of(sourceId, now()).postsPerMinute,
  });
}
