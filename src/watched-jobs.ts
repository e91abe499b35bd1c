import type { Metrics } from './metrics.ts';
import type { Job } from './schedule.ts';

/** The same jobs, each run counted and timed. Whether one still runs is seen from when it last ended well. */
export function watchJobs(jobs: readonly Job[], metrics: Metrics, now: () => Date): Job[] {
  return jobs.map((job) => {
    const task = job.name;
    for (const result of ['done', 'failed']) metrics.taskRuns.inc({ task, result }, 0);
    metrics.taskLastSuccess.set({ task }, now().getTime() / 1000);
    metrics.taskDuration.set({ task }, 0);
    return { ...job, run: () => timed(job, metrics, now) };
  });
}

async function timed({ name: task, run }: Job, metrics: Metrics, now: () => Date): Promise<void> {
  const from = performance.now();
  let result = 'failed';
  try {
    await run();
    result = 'done';
    metrics.taskLastSuccess.set({ task }, now().getTime() / 1000);
  } finally {
    metrics.taskRuns.inc({ task, result });
    metrics.taskDuration.set({ task }, (performance.now() - from) / 1000);
  }
}
