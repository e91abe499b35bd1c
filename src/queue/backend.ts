/** BullMQ as we use it, whatever it stands on. */
import {
  type BackendFactory,
  type QueueOptions as BullQueueOptions,
  type IQueueBackend,
  type JobsOptions,
  withBackend,
} from 'bullmq';
import type { Nudge } from './nudge.ts';

/** One job to add. */
export interface NudgeJob {
  readonly kind: Nudge['kind'];
  readonly id: string;
  readonly delayMs: number;
  /** Jobs with the same id are one job while the first of them exists; without an id every job is its own. */
  readonly jobId?: string;
}

export type RunJob = (nudge: { kind: Nudge['kind']; id: string }) => Promise<void>;

/** A BullMQ worker at work. */
export interface RunningWorker {
  /** Stops taking jobs and waits for those that run. */
  drain(): Promise<void>;
  /** Drops everything at once. */
  kill(): Promise<void>;
}

export interface Backend {
  readonly name: 'redis' | 'postgres';
  add(jobs: readonly NudgeJob[]): Promise<void>;
  /** How many jobs wait, and since when the oldest of them (or of the delayed ones whose time has come) could have run. */
  backlog(): Promise<{ waiting: number; oldestDue: Date | null }>;
  startWorker(run: RunJob): RunningWorker;
  close(): Promise<void>;
}

interface NudgeData {
  readonly id: string;
}

/** A connection that BullMQ can use, and how to get rid of it. */
export interface Connection<C> {
  readonly connection: C;
  close(): void;
}

/** A worker that dies is replaced after 15 to 20 s; a job that stalls is only ever run again, never given up. */
const WORKER_OPTIONS = { lockDuration: 15_000, stalledInterval: 5_000, maxStalledCount: 1_000_000, drainDelay: 5 };
/** Nothing is kept of a job that is done, and BullMQ never retries: the rows know what is still due. */
const JOB_OPTIONS: JobsOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true };

/** Builds a {@link Backend} from one of BullMQ's backends. `connect` makes a connection for the producer or for one worker. */
export function bullBackend<B extends IQueueBackend, C>(options: {
  name: Backend['name'];
  factory: BackendFactory<B, C>;
  connect: (role: 'producer' | 'worker') => Connection<C>;
  prefix: string;
  concurrency: number;
  onError: (error: Error) => void;
}): Backend {
  const { Queue, Worker } = withBackend(options.factory);
  const producer = options.connect('producer');
  const shared: Omit<BullQueueOptions<C>, 'connection'> = { prefix: options.prefix, skipVersionCheck: true };
  const queue = new Queue<NudgeData, void, Nudge['kind']>(QUEUE_NAME, {
    ...shared,
    connection: producer.connection,
    defaultJobOptions: JOB_OPTIONS,
    streams: { events: { maxLen: 100 } },
    skipWaitingForReady: true,
  });
  queue.on('error', options.onError);

  function startWorker(run: RunJob): RunningWorker {
    const own = options.connect('worker');
    const worker = new Worker<NudgeData, void, Nudge['kind']>(
      QUEUE_NAME,
      (job) => run({ kind: job.name, id: job.data.id }),
      { ...shared, ...WORKER_OPTIONS, connection: own.connection, concurrency: options.concurrency },
    );
    worker.on('error', options.onError);
    return {
      drain: async () => {
        await worker.close();
        own.close();
      },
      kill: async () => {
        own.close();
        await worker.close(true);
      },
    };
  }

  return {
    name: options.name,
    add: async (jobs) => {
      await queue.addBulk(
        jobs.map(({ kind, id, delayMs, jobId }) => ({
          name: kind,
          data: { id },
          opts: { delay: delayMs, ...(jobId === undefined ? {} : { jobId }) },
        })),
      );
    },
    backlog: async () => {
      const [waiting, oldest, delayed] = await Promise.all([
        queue.getWaitingCount(),
        queue.getJobs(['waiting'], 0, 0, true),
        queue.getDelayed(0, 0),
      ]);
      // BullMQ counts in the machine's time, not in ours.
      const due = [...oldest, ...delayed].map((job) => job.timestamp + job.delay).filter((time) => time <= Date.now());
      return { waiting, oldestDue: due.length === 0 ? null : new Date(Math.min(...due)) };
    },
    startWorker,
    close: async () => {
      await queue.close().catch(options.onError);
      producer.close();
    },
  };
}

/** BullMQ's name for our one queue. */
const QUEUE_NAME = 'nudges';
