/** The nudges: BullMQ jobs that say "look at this row now". They carry ids only and may get lost or repeated: the rows decide. */
import type { Db } from '../store/db.ts';
import type { Backend } from './backend.ts';
import { createNudgeBuffer } from './buffer.ts';
import type { Log, Nudge } from './nudge.ts';
import { openPostgresBackend } from './postgres.ts';
import { openRedisBackend } from './redis.ts';
import { guardWorker, type WorkerGuard } from './worker-guard.ts';

export type NudgeHandler = (nudge: { kind: Nudge['kind']; id: string }) => Promise<void>;

export interface QueueStats {
  readonly backend: 'redis' | 'postgres';
  /** Nudges handed to the backend, and nudges it did not take (the sweep finds their rows), since the start. */
  readonly added: number;
  readonly failedAdds: number;
  /** Runs of the handler that resolved and that threw, since the start. */
  readonly handled: number;
  readonly failed: number;
  /** Nudges that wait to be picked up by any replica, as of the last look (every few seconds). */
  readonly waiting: number;
}

export interface NudgeQueue {
  /**
   * Never throws and never waits for the backend: coalesces and adds in bulk in the background. A failure is counted, and
   * logged at most once a minute. A nudge for later than {@link HORIZON_MS} is left to the sweep.
   */
  nudge(nudges: readonly Nudge[]): void;
  /** Starts the worker. The handler may run several times for one nudge, also on other replicas at the same time. */
  start(handle: NudgeHandler): Promise<void>;
  /** Stops taking new jobs, waits for running handlers up to `graceMs`, closes connections. Does not reject. */
  stop(graceMs: number): Promise<void>;
  stats(): QueueStats;
}

export interface QueueOptions {
  /** `redis://…` or `rediss://…`; `null`: the queue lives in `db`. */
  readonly redisUrl: string | null;
  readonly db: Db;
  /** Separates installations that share one Redis; letters, digits and dashes. */
  readonly prefix?: string;
  readonly now: () => Date;
  readonly log: Log;
  /** Handlers that run at once. */
  readonly concurrency: number;
  /** How often to look whether the worker still takes jobs, and how long the oldest may wait before it is replaced. */
  readonly guardIntervalMs?: number;
  readonly stuckAfterMs?: number;
}

const LOG_INTERVAL_MS = 60_000;

/**
 * Opens the queue: on Redis when there is a URL, else on the database. Redis may be away, it is joined later.
 *
 * @throws the database's error when the queue's tables cannot be made there
 */
export async function createQueue(options: QueueOptions): Promise<NudgeQueue> {
  const log = atMostOncePerInterval(options.log);
  const onError = (error: Error): void => log('warn', 'queue connection trouble', { error: error.message });
  const backend = await openBackend(options, onError);
  const counts = { handled: 0, failed: 0 };
  const buffer = createNudgeBuffer({ add: backend.add, now: options.now, log });
  let guard: WorkerGuard | undefined;
  let stopping: Promise<void> | undefined;

  async function stop(graceMs: number): Promise<void> {
    await buffer.stop();
    await guard?.stop(graceMs);
    await backend.close();
  }

  async function runHandler(handle: NudgeHandler, nudge: { kind: Nudge['kind']; id: string }): Promise<void> {
    try {
      await handle(nudge);
      counts.handled += 1;
    } catch (error) {
      // The row stays due, so the sweep nudges it again: BullMQ need not know.
      counts.failed += 1;
      log('error', `handling a nudge to ${nudge.kind} failed`, { id: nudge.id, error: messageOf(error) });
    }
  }

  return {
    nudge: buffer.nudge,
    async start(handle) {
      guard = guardWorker({
        backend,
        run: (nudge) => runHandler(handle, nudge),
        log,
        intervalMs: options.guardIntervalMs ?? 5_000,
        stuckAfterMs: options.stuckAfterMs ?? 10_000,
      });
    },
    stop(graceMs) {
      stopping ??= stop(graceMs);
      return stopping;
    },
    stats: () => ({ backend: backend.name, ...buffer.counts(), ...counts, waiting: guard?.waiting() ?? 0 }),
  };
}

function openBackend(options: QueueOptions, onError: (error: Error) => void): Promise<Backend> {
  const { redisUrl, db, concurrency, log } = options;
  const prefix = options.prefix ?? 'monitor-manager';
  if (redisUrl !== null) return openRedisBackend({ url: redisUrl, prefix, concurrency, onError, log });
  return openPostgresBackend({ pool: db.pool, prefix, concurrency, onError });
}

/** Lets each message pass once per interval: trouble with the queue would otherwise repeat it for every alert. */
function atMostOncePerInterval(log: Log): Log {
  const last = new Map<string, number>();
  return (level, message, fields) => {
    const now = performance.now();
    if (now - (last.get(message) ?? Number.NEGATIVE_INFINITY) < LOG_INTERVAL_MS) return;
    last.set(message, now);
    log(level, message, fields);
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
