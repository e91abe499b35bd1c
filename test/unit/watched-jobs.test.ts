import { createMetrics } from '../../src/metrics.ts';
import { watchJobs } from '../../src/watched-jobs.ts';
import { handClock } from '../support/clock.ts';

it('periodic tasks are counted, and show when they last ended well: before that, when they were begun with', async () => {
  const metrics = createMetrics({ version: 'x', channels: [] });
  const clock = handClock('2026-01-05T08:00:00Z');
  const startedAt = clock.at.getTime() / 1000;
  let broken = true;
  const run = async () => {
    if (broken) throw new Error('no');
  };
  const [job] = watchJobs([{ name: 'sweep', cron: '* * * * * *', run }], metrics, clock.now);
  const shown = async () => {
    const text = await metrics.registry.metrics();
    const value = (series: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`monitor_manager_${series} `))
          ?.split(' ')
          .at(-1),
      );
    return {
      done: value('schedule_runs_total{task="sweep",result="done"}'),
      failed: value('schedule_runs_total{task="sweep",result="failed"}'),
      lastSuccess: value('schedule_last_success_timestamp_seconds{task="sweep"}'),
    };
  };
  expect(await shown()).toEqual({ done: 0, failed: 0, lastSuccess: startedAt });
  clock.advance(5_000);
  await expect(job?.run()).rejects.toThrow('no');
  expect(await shown()).toEqual({ done: 0, failed: 1, lastSuccess: startedAt });
  broken = false;
  await job?.run();
  expect(await shown()).toEqual({ done: 1, failed: 1, lastSuccess: startedAt + 5 });
});
