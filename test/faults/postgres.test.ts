/** PostgreSQL away under load: 503 at once, then recovery without a restart, and nothing acknowledged is lost. */
import { setTimeout as pause } from 'node:timers/promises';
import { needs } from '../support/needs.ts';
import { startPostgres } from '../support/postgres.ts';
import { type ProcessService, startProcessService } from '../support/process-service.ts';
import { startRedis } from '../support/redis.ts';
import { startSmtp } from '../support/smtp.ts';
import { watchStalls } from '../support/stalls.ts';
import { eventually } from '../support/wait.ts';
import { drills } from './deployments.ts';
import { compareMails, loadConfig, type Posted, postOne, startLoad, waitedMs } from './load.ts';

const awayMs = drills ? 30_000 : 5_000;
const slowestRefusalMs = 2_000;
const recoveryMs = 30_000;
/** A message in flight is left alone until its lease (60 s) has run out. */
const settleMs = 180_000;

/** The counters are wanted most while the database is away. */
async function metricsOf(service: ProcessService): Promise<{ status: number; databaseUp: number }> {
  const answer = await fetch(`${service.url}/metrics`);
  const [, up] = /^monitor_manager_database_up (\d)$/m.exec(await answer.text()) ?? [];
  return { status: answer.status, databaseUp: Number(up) };
}

needs('postgres', 'redis')('PostgreSQL in trouble under load', () => {
  it.concurrent.for([
    { queue: 'in PostgreSQL', way: 'immediate' },
    { queue: 'on Redis', way: 'fast' },
  ] as const)(
    'is answered 503 within two seconds and got over without a restart; stopped $way, queue $queue',
    { timeout: awayMs + settleMs + 240_000 },
    async ({ queue, way }) => {
      await using postgres = await startPostgres();
      await using redis = await startRedis();
      await using smtp = await startSmtp();
      await using service = await startProcessService({
        config: loadConfig(),
        env: {
          DATABASE_URL: await postgres.createDatabase(),
          ...(queue === 'on Redis' ? { REDIS_URL: redis.url } : {}),
          SMTP_URL: smtp.url,
          MM_MAIL_FROM: 'mm@example.org',
        },
      });
      const { pid } = service;
      const load = startLoad({ service });
      await pause(2_000);
      await postgres.stopServer(way);
      const goneAt = performance.now();
      await using stalls = watchStalls({ pid });
      const refused: Posted[] = [];
      while (performance.now() - goneAt < awayMs) {
        refused.push(await postOne(service, `away-${Math.round(performance.now())}-end`));
        await pause(100);
      }
      await stalls.stop();
      expect(refused.filter((one) => one.status !== 503)).toEqual([]);
      expect(Math.max(...refused.map((one) => waitedMs(one, stalls)))).toBeLessThan(slowestRefusalMs + 250);
      expect((await fetch(`${service.url}/-/ready`)).status).toBe(503);
      expect((await fetch(`${service.url}/-/healthy`)).status).toBe(200);
      expect(await metricsOf(service)).toEqual({ status: 200, databaseUp: 0 });
      await postgres.startServer();
      await eventually(async () => (await postOne(service, 'back-1-end')).status === 200, { timeoutMs: recoveryMs });
      await eventually(async () => (await metricsOf(service)).databaseUp === 1, { timeoutMs: recoveryMs });
      await pause(1_000);
      await load.stop();
      expect(service.pid).toBe(pid);
      expect(service.isRunning()).toBe(true);
      const acknowledged = load.acknowledged();
      await eventually(() => compareMails(acknowledged, smtp).lost.length === 0, {
        timeoutMs: settleMs,
        everyMs: 200,
        describe: () => `mails about ${compareMails(acknowledged, smtp).lost.slice(0, 5).join(', ')}`,
      });
      expect(compareMails(acknowledged, smtp).twice).toEqual([]);
    },
  );
});
