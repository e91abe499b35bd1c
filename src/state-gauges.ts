/** Reads how things stand, when somebody scrapes: what is open, what fails, who posts. A constant number of statements. */
import type { Snapshot } from './alert/config.ts';
import type { Backtests } from './backtest/jobs.ts';
import type { Channel } from './channels/channel.ts';
import type { Metrics } from './metrics.ts';
import type { Peers } from './peers/peers.ts';
import { peerStates } from './peers/status.ts';
import { slotsOf } from './pipeline/converge/hold.ts';
import { isOn, stormAt } from './pipeline/converge/storm.ts';
import { loadStorms } from './pipeline/converge/storms.ts';
import { stormyGroups } from './pipeline/notice/storm.ts';
import type { NudgeQueue } from './queue/queue.ts';
import type { Db } from './store/db.ts';

/** Where it is read from. */
export interface StateParts {
  db: Db;
  snapshot: () => Snapshot;
  /** The channels that can send, by name. */
  channels: ReadonlyMap<string, Channel>;
  backtests: Pick<Backtests, 'counts'>;
  queue: Pick<NudgeQueue, 'stats'>;
  peers: Pick<Peers, 'rows'>;
}

/** What this replica knows without its database. */
export function readOwnState(metrics: Metrics, { snapshot, backtests, queue }: StateParts): void {
  const { waiting, running } = backtests.counts();
  metrics.backtests.set({ state: 'waiting' }, waiting);
  metrics.backtests.set({ state: 'running' }, running);
  metrics.nudgesWaiting.set(queue.stats().waiting);
  metrics.configVersion.set(snapshot().version);
}

/** What the rows say. @throws the database's error */
export async function readState(
  metrics: Metrics,
  { db, snapshot, channels, peers }: StateParts,
  now: Date,
): Promise<void> {
  await readCounts(metrics, db, { now, flapping: [...snapshot().groupsById.values()].some((g) => g.policy.flapping) });
  await readChannels(metrics, db, channels);
  await readSources(metrics, db);
  await readPeers(metrics, peers);
  metrics.storms.set(await stormsNow(db, snapshot(), now));
}

/** @param flapping whether any alert group tells of flapping: else nobody was told, and no receipt is looked at */
async function readCounts(metrics: Metrics, db: Db, { now, flapping }: { now: Date; flapping: boolean }) {
  const { rows } = await db.query<Record<(typeof counted)[number], number>>(
    `select (select count(*)::int from alert where state = 'firing') as firing,
       (select count(*)::int from alert where state = 'stale') as stale,
       (select count(distinct alert_fingerprint)::int from receipt where $2 and state = 'flapping') as flapping,
       (select count(*)::int from incident where closed_at is null and failures > 0) as undecided,
       (select count(*)::int from notification where state = 'pending') as pending,
       (select count(*)::int from notification where state = 'sending') as sending,
       (select count(*)::int from notification where state = 'undeliverable') as undeliverable,
       (select count(*)::int from notification where state = 'cancelled') as cancelled,
       (select count(*)::int from silence where starts_at <= $1 and ends_at > $1) as silences_active,
       (select count(*)::int from silence where starts_at > $1 and ends_at > $1) as silences_pending`,
    [now, flapping],
  );
  const row = rows[0]!;
  for (const state of ['firing', 'stale'] as const) metrics.alerts.set({ state }, row[state]);
  for (const state of ['pending', 'sending', 'undeliverable', 'cancelled'] as const)
    metrics.notificationStates.set({ state }, row[state]);
  for (const state of ['active', 'pending'] as const) metrics.silences.set({ state }, row[`silences_${state}`]);
  metrics.alertsFlapping.set(row.flapping);
  metrics.incidentsUndecided.set(row.undecided);
}

const counted = [
  ...(['firing', 'stale', 'flapping', 'undecided', 'pending', 'sending'] as const),
  ...(['undeliverable', 'cancelled', 'silences_active', 'silences_pending'] as const),
] as const;

interface ChannelRow extends Record<string, unknown> {
  channel: string;
  destinations: number;
  failing: number;
  accepted: Date | null;
  failed: Date | null;
}

/** A destination in the outbox has the address `<channel>:<address on it>`. */
async function readChannels(metrics: Metrics, db: Db, channels: StateParts['channels']): Promise<void> {
  const { rows } = await db.query<ChannelRow>(
    `select case channel when 'outbox' then 'outbox:' || split_part(address, ':', 1) else channel end as channel,
       count(*)::int as destinations, max(last_accepted_at) as accepted, max(last_failed_at) as failed,
       count(*) filter (where failures > 0 and exists (
         select from notification n where n.destination_id = d.id and n.state in ('pending', 'sending')))::int as failing
     from destination d group by 1`,
  );
  const seconds = (at: Date) => at.getTime() / 1000;
  for (const { channel, destinations, failing, accepted, failed } of rows) {
    const [outbox, meant] = channel.split(':');
    if (outbox === 'outbox' && meant !== undefined) {
      // What was kept before the channel was configured is no trouble any more.
      metrics.outboxDestinations.set({ channel: meant }, channels.has(meant) ? 0 : destinations);
      continue;
    }
    metrics.failingDestinations.set({ channel }, failing);
    if (accepted !== null) metrics.channelLastSuccess.set({ channel }, seconds(accepted));
    if (failed !== null) metrics.channelLastFailure.set({ channel }, seconds(failed));
  }
}

async function readSources(metrics: Metrics, db: Db): Promise<void> {
  const { rows } = await db.query<{ name: string; at: Date | null; state: string | null }>(
    `select s.name, a.last_post_at as at, a.state from source s left join source_activity a on a.source_id = s.id
     where s.kind <> 'self'`,
  );
  metrics.sourceLastPost.reset();
  metrics.sourceQuiet.reset();
  for (const { name: source, at, state } of rows) {
    metrics.sourceQuiet.set({ source }, state === 'quiet' ? 1 : 0);
    for (const result of ['taken', 'refused']) metrics.sourcePosts.inc({ source, result }, 0);
    if (at !== null) metrics.sourceLastPost.set({ source }, at.getTime() / 1000);
  }
}

async function readPeers(metrics: Metrics, peers: StateParts['peers']): Promise<void> {
  metrics.peerState.reset();
  metrics.peerClockOffset.reset();
  for (const { name: peer, state: current, clockOffsetMs } of await peers.rows()) {
    for (const state of peerStates) metrics.peerState.set({ peer, state }, state === current ? 1 : 0);
    if (clockOffsetMs !== null) metrics.peerClockOffset.set({ peer }, clockOffsetMs / 1000);
  }
}

/** A storm that nobody has looked at since it ended is over all the same. */
async function stormsNow(db: Db, snapshot: Snapshot, now: Date): Promise<number> {
  const groups = stormyGroups(snapshot);
  if (groups.length === 0) return 0;
  const kept = await loadStorms(
    db,
    groups.map((group) => group.id),
  );
  return groups.filter(({ id, policy }) => {
    const [state, slots] = [kept.get(id), slotsOf(policy)];
    return state !== undefined && slots !== null && isOn(stormAt(state, slots, now));
  }).length;
}
