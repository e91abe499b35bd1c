import type { Nudge } from '../../../src/queue/nudge.ts';
import { createQueue, type NudgeHandler, type NudgeQueue } from '../../../src/queue/queue.ts';
import type { Db } from '../../../src/store/db.ts';
import { openPglite } from '../../../src/store/pglite.ts';
import { openPostgres } from '../../../src/store/postgres.ts';
import { needs } from '../../support/needs.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';
import { sharedDatabase } from '../../support/shared-postgres.ts';
import { eventually } from '../../support/wait.ts';

let db: Db;
let redis: RedisServer | undefined;
let queues: NudgeQueue[] = [];
let prefixes = 0;

/** A queue that nothing else uses; `prefix` makes two replicas share one. */
async function open(prefix = `p${prefixes++}`, now = () => new Date()): Promise<NudgeQueue> {
  const queue = await createQueue({
    redisUrl: redis?.url ?? null,
    db,
    prefix,
    now,
    log: () => {},
    concurrency: 4,
    guardIntervalMs: 200,
    stuckAfterMs: 1_000,
  });
  queues.push(queue);
  return queue;
}

const soon = (ms: number): Date => new Date(Date.now() + ms);
const decide = (id: string, at = new Date()): Nudge => ({ kind: 'decide', id, at });

/** A handler that notes what it was nudged about, and when. */
function recorder(): { seen: { kind: string; id: string; at: number }[]; handle: NudgeHandler; ids(): string[] } {
  const seen: { kind: string; id: string; at: number }[] = [];
  return {
    seen,
    handle: async (nudge) => void seen.push({ ...nudge, at: Date.now() }),
    ids: () => seen.map(({ id }) => id),
  };
}

afterEach(async () => {
  await Promise.all(queues.map((queue) => queue.stop(2_000)));
  queues = [];
});

describe('the queue on the embedded database', () => {
  beforeAll(async () => {
    db = await openPglite({ dataDir: null });
  });
  afterAll(() => db.close());
  testQueue('postgres');
});

needs('postgres')('the queue on PostgreSQL', () => {
  beforeAll(async () => {
    db = openPostgres({ url: await sharedDatabase(), applicationName: 'test', queueConnections: 12 });
  });
  afterAll(() => db.close());
  testQueue('postgres');

  it('goes on after its connections were terminated', async () => {
    const queue = await open();
    const { handle, ids } = recorder();
    await queue.start(handle);
    queue.nudge([decide('before')]);
    await eventually(() => ids().includes('before'));
    await db.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()',
    );
    await eventually(() => {
      queue.nudge([decide('after')]);
      return ids().includes('after');
    });
  });
});

needs('redis')('the queue on Redis', () => {
  beforeAll(async () => {
    db = openPostgres({ url: 'postgres://127.0.0.1:1/unused', applicationName: 'test' });
    redis = await startRedis();
  });
  afterAll(async () => {
    await redis?.stop();
    redis = undefined;
    await db.close();
  });
  testQueue('redis');

  it('takes up again after Redis was flushed', async () => {
    const queue = await open();
    const { handle, ids } = recorder();
    await queue.start(handle);
    queue.nudge([decide('before'), decide('lost', soon(60_000))]);
    await eventually(() => ids().includes('before'));
    await redis!.flushAll();
    queue.nudge([decide('after')]);
    await eventually(() => ids().includes('after'));
  });

  it('takes up again after Redis was killed and started again', async () => {
    const queue = await open();
    const { handle, ids } = recorder();
    await queue.start(handle);
    queue.nudge([decide('before')]);
    await eventually(() => ids().includes('before'));
    await redis!.kill();
    queue.nudge([decide('lost')]);
    await eventually(() => queue.stats().failedAdds === 1);
    await redis!.restart();
    await nudgeUntilSeen(queue, ids);
  });

  it('takes up again after Redis was frozen, and holds nobody up meanwhile', async () => {
    const queue = await open();
    const { handle, ids } = recorder();
    await queue.start(handle);
    queue.nudge([decide('before')]);
    await eventually(() => ids().includes('before'));
    redis!.freeze();
    const started = performance.now();
    queue.nudge([decide('lost')]);
    // Waiting for Redis would take until its commands time out, a second.
    expect(performance.now() - started).toBeLessThan(500);
    await eventually(() => queue.stats().failedAdds === 1);
    redis!.thaw();
    await nudgeUntilSeen(queue, ids);
  });

  it('starts while Redis is away, and joins it when it comes', async () => {
    await redis!.kill();
    const queue = await open();
    const { handle, ids } = recorder();
    await queue.start(handle);
    queue.nudge([decide('lost')]);
    await eventually(() => queue.stats().failedAdds === 1);
    await redis!.restart();
    await nudgeUntilSeen(queue, ids);
  });

  it('stops in time while Redis is away', async () => {
    const queue = await open();
    await queue.start(async () => {});
    await redis!.kill();
    const started = performance.now();
    await queue.stop(500);
    expect(performance.now() - started).toBeLessThan(10_000);
    await redis!.restart();
  });

  async function nudgeUntilSeen(queue: NudgeQueue, ids: () => string[]): Promise<void> {
    const again = () => {
      queue.nudge([decide('after')]);
      return ids().includes('after');
    };
    await eventually(again, { everyMs: 100, timeoutMs: 20_000 });
  }
});

function testQueue(backend: 'redis' | 'postgres'): void {
  it('brings nudges to the handler, and counts', async () => {
    const queue = await open();
    const { seen, handle } = recorder();
    await queue.start(handle);
    const brought = () => new Set(seen.map(({ kind, id }) => `${kind} ${id}`));
    let failed = -1;
    await eventually(() => {
      // What a busy machine is too slow to add is lost, as it may be: the sweep would nudge again.
      if (queue.stats().failedAdds > failed) queue.nudge([decide('a'), { kind: 'deliver', id: 'b', at: new Date() }]);
      failed = queue.stats().failedAdds;
      return brought().size === 2;
    });
    expect(brought()).toEqual(new Set(['decide a', 'deliver b']));
    await eventually(() => queue.stats().handled === seen.length);
    expect(queue.stats()).toMatchObject({ backend, failed: 0 });
    if (failed === 0) expect(queue.stats()).toMatchObject({ added: 2, failedAdds: 0, handled: 2 });
  });

  it('brings a nudge when it is due, not before', async () => {
    const queue = await open();
    const { seen, handle } = recorder();
    await queue.start(handle);
    const at = soon(700);
    queue.nudge([decide('later', at)]);
    await eventually(() => seen.length === 1);
    expect(seen[0]!.at).toBeGreaterThanOrEqual(at.getTime());
    // Without being woken, an idle worker looks again after 5 s only.
    expect(seen[0]!.at).toBeLessThan(at.getTime() + 4_000);
  });

  it('brings one nudge of many for the same row and later second', async () => {
    const prefix = `shared${prefixes++}`;
    // With a clock that stands still both are for later, however long it takes to add them.
    const present = new Date();
    const later = (ms: number): Date => new Date(present.getTime() + ms);
    const [one, two] = [await open(prefix, () => present), await open(prefix, () => present)];
    const { ids, handle } = recorder();
    one.nudge([decide('row', later(1_000))]);
    two.nudge([decide('row', later(1_000))]);
    await eventually(() => one.stats().added + two.stats().added === 2);
    await one.start(handle);
    await eventually(() => ids().length > 0);
    one.nudge([decide('last', later(1_000))]);
    await eventually(() => ids().includes('last'));
    expect(ids()).toEqual(['row', 'last']);
  });

  it('runs a new nudge for a row while an older one still runs', async () => {
    const queue = await open();
    const waiting: (() => void)[] = [];
    await queue.start(() => new Promise((resolve) => waiting.push(resolve)));
    queue.nudge([decide('row')]);
    await eventually(() => waiting.length === 1);
    queue.nudge([decide('row')]);
    await eventually(() => waiting.length === 2);
    for (const end of waiting) end();
    await eventually(() => queue.stats().handled === 2);
  });

  it('survives a handler that throws', async () => {
    const queue = await open();
    const { ids, handle } = recorder();
    await queue.start(async (nudge) => {
      if (nudge.id === 'bad') throw new Error('bad');
      await handle(nudge);
    });
    queue.nudge([decide('bad'), decide('good')]);
    await eventually(() => ids().includes('good') && queue.stats().failed === 1);
  });

  it('waits for running handlers when it stops, but no longer than it may', async () => {
    const queue = await open();
    let end = (): void => {};
    let ended = false;
    await queue.start(async () => {
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      ended = true;
    });
    queue.nudge([decide('slow')]);
    await eventually(() => queue.stats().waiting === 0 && end.length === 1);
    const started = performance.now();
    await queue.stop(300);
    expect(ended).toBe(false);
    expect(performance.now() - started).toBeLessThan(10_000);
    end();
  });

  it('brings what was added while no worker ran', async () => {
    const prefix = `shared${prefixes++}`;
    const producer = await open(prefix);
    producer.nudge(Array.from({ length: 20 }, (_, i) => decide(`row-${i}`)));
    await eventually(() => producer.stats().added === 20);
    const consumer = await open(prefix);
    const { seen, handle } = recorder();
    await consumer.start(handle);
    await eventually(() => seen.length === 20);
  });
}
