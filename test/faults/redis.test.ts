/** Redis killed, frozen and emptied under load: it carries nudges, and the rows know better. */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { needs } from '../support/needs.ts';
import { type ProcessService, startProcessService } from '../support/process-service.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { sharedDatabase } from '../support/shared-postgres.ts';
import { type SmtpServer, startSmtp } from '../support/smtp.ts';
import { watchStalls } from '../support/stalls.ts';
import { eventually } from '../support/wait.ts';
import { drills } from './deployments.ts';
import { compareMails, loadConfig, startLoad, waitedMs } from './load.ts';

/** How long each trouble lasts. */
const troubleMs = drills ? 60_000 : 4_000;
/** The sweep runs every 5 s; a worker that lost its connection is replaced after 10 s. */
const afterSweepMs = 120_000;
const slowestAnswerMs = 1_000;
/** The short form leaves the processors some time for the tests beside it. */
const gapMs = drills ? 40 : 120;

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
  let beside: pg.Client;

  beforeAll(async () => {
    beside = new pg.Client({ connectionString: await sharedDatabase() });
    await beside.connect();
    await beside.query('create table beside (n int)');
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
    await beside.end();
  });

  it.for(troubles.map((trouble, i) => ({ ...trouble, prefix: `trouble${i}` })))(
    'fails no request, makes none wait, loses nothing and tells nothing twice: $name',
    { timeout: troubleMs + afterSweepMs + 60_000 },
    async ({ begin, end, prefix }) => {
      // What the service waits for a processor, and what any commit on this PostgreSQL waits for, is no matter of Redis.
      await using stalls = watchStalls({
        pid: service.pid,
        probe: () => beside.query('insert into beside values (1)'),
      });
      const load = startLoad({ service, prefix, gapMs, insist: false });
      await pause(1_000);
      await begin(redis);
      await pause(troubleMs);
      await end(redis);
      await pause(1_000);
      await load.stop();
      await stalls.stop();
      expect(load.posted.filter((one) => one.status !== 200)).toEqual([]);
      expect(Math.max(...load.posted.map((one) => waitedMs(one, stalls)))).toBeLessThan(slowestAnswerMs);
      const times = load.posted.map((one) => one.ms).sort((a, b) => a - b);
      expect(times[Math.floor(times.length / 2)]).toBeLessThan(slowestAnswerMs);
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
