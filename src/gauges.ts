import type { Metrics } from './metrics.ts';
import { leastLeft } from './pipeline/deliver/left.ts';
import type { NudgeQueue } from './queue/queue.ts';
import { readOwnState, readState, type StateParts } from './state-gauges.ts';
import type { StripPiece } from './watchdog/strip.ts';
import type { HeartbeatView, Watchdog } from './watchdog/watchdog.ts';

interface GaugeParts extends StateParts {
  watchdog: Watchdog;
  now: () => Date;
  /** Called when some of the gauges could not be read although the database answers. */
  onFault: (error: unknown) => void;
}

/**
 * Makes what reads the gauges that are only known from rows, when somebody scrapes; who scrapes meanwhile shares it. While the
 * database is away, or is too slow for some of them, they keep what they last said: the counters, which need no database, are
 * wanted most then.
 */
export function createGauges(metrics: Metrics, parts: GaugeParts): () => Promise<void> {
  let reading: Promise<void> | null = null;
  return () => {
    reading ??= readGauges(metrics, parts).finally(() => {
      reading = null;
    });
    return reading;
  };
}

async function readGauges(metrics: Metrics, parts: GaugeParts): Promise<void> {
  readOwnState(metrics, parts);
  const now = parts.now();
  try {
    await readBacklog(metrics, parts.db, now);
    metrics.databaseUp.set(1);
  } catch {
    metrics.databaseUp.set(0);
    return;
  }
  await readRows(metrics, parts, now).catch((error: unknown) => parts.onFault(error));
}

async function readRows(metrics: Metrics, parts: GaugeParts, now: Date): Promise<void> {
  await readRates(metrics, parts, now);
  await readState(metrics, parts, now);
  setHeartbeats(metrics, await parts.watchdog.states());
}

async function readBacklog(metrics: Metrics, db: GaugeParts['db'], now: Date): Promise<void> {
  const counts = await db.query<{ open: number; acknowledged: number; due: number; oldest: Date | null }>(
    `select (select count(*)::int from incident where closed_at is null) as open,
       (select count(*)::int from incident where closed_at is null and acknowledged_at is not null) as acknowledged,
       (select count(*)::int from notification where state = 'pending' and next_at <= $1) as due,
       (select min(created_at) from notification where state = 'pending' and next_at <= $1) as oldest`,
    [now],
  );
  const row = counts.rows[0];
  metrics.incidents.set({ state: 'open' }, (row?.open ?? 0) - (row?.acknowledged ?? 0));
  metrics.incidents.set({ state: 'acknowledged' }, row?.acknowledged ?? 0);
  metrics.dueNotifications.set(row?.due ?? 0);
  metrics.oldestDueAge.set(row?.oldest ? Math.max(0, now.getTime() - row.oldest.getTime()) / 1000 : 0);
}

/** A declared heartbeat may have several streams of one source; the worst of them counts. */
function setHeartbeats(metrics: Metrics, views: readonly HeartbeatView[]): void {
  metrics.heartbeatUp.reset();
  metrics.heartbeatLastBeat.reset();
  metrics.heartbeatTimeout.reset();
  const worstLast = [...views].sort((a, b) => Number(isLost(a)) - Number(isLost(b)) || lastBeatOf(b) - lastBeatOf(a));
  for (const view of worstLast) {
    const labels = { heartbeat: view.name, source: view.source ?? '' };
    metrics.heartbeatUp.set(labels, isLost(view) ? 0 : 1);
    metrics.heartbeatTimeout.set(labels, view.timeoutMs / 1000);
    if (view.lastBeatAt !== null) metrics.heartbeatLastBeat.set(labels, lastBeatOf(view) / 1000);
  }
}

function isLost({ state }: HeartbeatView): boolean {
  return state === 'lost' || state === 'recovering';
}

/** Milliseconds since 1970; 0: none yet. */
function lastBeatOf({ lastBeatAt }: HeartbeatView): number {
  return lastBeatAt?.getTime() ?? 0;
}

async function readRates(metrics: Metrics, { db, channels }: GaugeParts, now: Date): Promise<void> {
  const limited = await db.query<{ channel: string; count: number }>(
    `select d.channel, count(distinct d.id)::int as count from notification n join destination d on d.id = n.destination_id
     where n.state = 'pending' and n.limited_at is not null group by d.channel`,
  );
  const counts = new Map(limited.rows.map(({ channel, count }) => [channel, count]));
  for (const channel of channels.keys()) metrics.rateLimitedDestinations.set({ channel }, counts.get(channel) ?? 0);
  for (const { channel, limit, tokens } of await leastLeft(db, channels, now)) {
    metrics.rateLimitTokens.set({ channel, limit }, Math.max(0, tokens));
  }
}

/** What the queue counted since the last call, added to the metric. */
export function createNudgeCounter(metrics: Metrics, queue: NudgeQueue): () => void {
  let before = { added: 0, failedAdds: 0, handled: 0, failed: 0 };
  return () => {
    const stats = queue.stats();
    metrics.nudges.inc({ result: 'added' }, stats.added - before.added);
    metrics.nudges.inc({ result: 'failed' }, stats.failedAdds - before.failedAdds);
    metrics.nudges.inc({ result: 'handled' }, stats.handled - before.handled);
    metrics.nudges.inc({ result: 'handler_failed' }, stats.failed - before.failed);
    before = stats;
  };
}

/** A heartbeat's stream as the API shows it. */
export function streamView(view: HeartbeatView, strip: readonly StripPiece[]) {
  return {
    name: view.name,
    declared: view.declared,
    source: view.source,
    site: view.site,
    labels: view.labels,
    state: view.state,
    state_since: view.stateSince,
    last_beat_at: view.lastBeatAt,
    beats: view.beats,
    cadence_ms: view.cadenceMs,
    timeout_ms: view.timeoutMs,
    left_ms: view.silentMs === null ? null : Math.max(0, view.timeoutMs - view.silentMs),
    alarmed_at: view.alarmedAt,
    last_day: strip.map(({ from, state }) => ({ from, state })),
    /** Which part is gone, while the alarm is out: a word of `verdicts` in src/alert/blame.ts. */
    part: view.blame?.verdict ?? null,
    part_names: view.blame?.names ?? [],
  };
}
