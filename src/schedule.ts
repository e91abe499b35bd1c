import cron from 'node-cron';

/** One periodic piece of work. It must be safe to run late, twice and on every replica: rows say what is due. */
export interface Job {
  name: string;
  /** node-cron expression with seconds. */
  cron: string;
  run: () => Promise<unknown>;
}

/** Runs jobs on their times; a run that takes longer than its period is not started a second time. */
export interface Schedule {
  /** Stops the clock and waits for runs under way. */
  stop(): Promise<void>;
}

/**
 * Starts every job. node-cron skips ticks under load and has had trouble with daylight saving: it only wakes things
 * up, and nothing depends on a tick that is not made up for by the next.
 */
export function startSchedule(jobs: readonly Job[], onError: (job: string, error: unknown) => void): Schedule {
  const running = new Map<string, Promise<void>>();
  const tasks = jobs.map((job) =>
    cron.schedule(
      job.cron,
      () => {
        if (running.has(job.name)) return;
        const run = job
          .run()
          .then(
            () => {},
            (error: unknown) => onError(job.name, error),
          )
          .finally(() => running.delete(job.name));
        running.set(job.name, run);
      },
      { timezone: 'UTC', suppressMissedWarning: true },
    ),
  );
  return {
    async stop() {
      await Promise.all(tasks.map((task) => task.destroy()));
      await Promise.all(running.values());
    },
  };
}
