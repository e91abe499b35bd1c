/** Redis killed, frozen and emptied under load: it carries nudges, and the rows know better. */
import { setTimeout as pause } from 'node:timers/promises';
import { needs } from '../support/needs.ts';
import { type ProcessService, startProcessService } from '../support/process-service.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { sharedDatabase } from '../support/shared-postgres.ts';
import { type SmtpServer, startSmtp } from '../support/smtp.ts';
import { eventually } from '../support/wait.ts';
import { drills } from './deployments.ts';
import { compareMails, loadConfig, startLoad } from './load.ts';

/** How long each trouble lasts. */
const troubleMs = drills ? 60_000 : 4_000;
/** The sweep runs every 5 s; a worker that lost its connection is replaced after 10 s. */
const afterSweepMs = 40_000;
const slowestAnswerMs = 1_000;

interface Trouble {
  name: string;
  begin: (redis: RedisServer) => Promise<void>;
  end: (redis: RedisServer) => Promise<void>;
}

const troubles: readonly Trouble[] = [
  { name: 'killed and started again, empty', begin: (redis) => redis.kill(), end: (redis) => redis.restart() },
  { name: 'frozen', begin: async (redis) => redis.freeze(), end: async (redis) => redis.thaw() },
  { name: 'emptied', begin: (redis) => redis.flushAll(), end: (redis) => redis.flushAll() },
];

needs('postgres', 'redis')('Redis in trouble under load', () => {
  let redis: RedisServer;
  let smtp: SmtpServer;
  let service: ProcessService;

  beforeAll(async () => {
    redis = await startRedis();
    smtp = await startSmtp();
    service = await startProcessService({
      config: loadConfig(),
      env: {
        DATABASE_URL: await sharedDatabase(),
        REDIS_URL: redis.url,
        SMTP_URL: smtp.url,
        MM_MAIL_FROM: 'mm@example.org',
      },
    });
  });
  afterAll(async () => {
    await service.stop();
    await smtp.stop();
    await redis.stop();
  });

  it.for(troubles.map((trouble, i) => ({ ...trouble, prefix: `trouble${i}` })))(
    'fails no request, makes none wait, loses nothing and tells nothing twice: $name',
    { timeout: troubleMs + afterSweepMs + 30_000 },
    async ({ begin, end, prefix }) => {
      const load = startLoad({ service, prefix, insist: false });
      await pause(1_000);
      await begin(redis);
      await pause(troubleMs);
      await end(redis);
      await pause(1_000);
      await load.stop();
      expect(load.posted.filter((one) => one.status !== 200)).toEqual([]);
      expect(Math.max(...load.posted.map((one) => one.ms))).toBeLessThan(slowestAnswerMs);
      const acknowledged = load.acknowledged();
      expect(acknowledged.size).toBe(load.posted.length);
      await eventually(() => compareMails(acknowledged, smtp).lost.length === 0, {
        timeoutMs: afterSweepMs,
        everyMs: 200,
        describe: () => `mails about ${compareMails(acknowledged, smtp).lost.slice(0, 5).join(', ')}`,
      });
      expect(compareMails(acknowledged, smtp)).toEqual({ lost: [], twice: [], repeats: 0 });
    },
  );
});
