/** What a load balancer, or somebody outside, is told by `/-/ready`. */
import pg from 'pg';
import { eachDeployment } from '../support/deployments.ts';
import { startService, type TestService } from '../support/service.ts';

interface Ready {
  status: number;
  text: string;
}

async function ready({ url }: TestService): Promise<Ready> {
  const answer = await fetch(`${url}/-/ready`);
  return { status: answer.status, text: (await answer.text()).trim() };
}

/** Asks once what was said before is too old. */
async function readyLater(s: TestService): Promise<Ready> {
  s.clock.advance(1_000);
  return ready(s);
}

const isReady: Ready = { status: 200, text: 'Monitor Manager is ready.' };
const notReady = (why: string): Ready => ({ status: 503, text: `Monitor Manager is not ready: ${why}.` });

async function writes({ service }: TestService): Promise<number> {
  const { rows } = await service.db.query<{ count: number }>('select sum(count)::int as count from proof');
  return rows[0]?.count ?? 0;
}

eachDeployment((deployment) => {
  it('costs one write in a second, however many ask', async () => {
    await using s = await startService(await deployment.emptyStore());
    const asked = await Promise.all(Array.from({ length: 50 }, () => ready(s)));
    expect(new Set(asked.map(({ text }) => text))).toEqual(new Set([isReady.text]));
    expect(await ready(s)).toEqual(isReady);
    expect(await writes(s)).toBe(1);
    expect(await readyLater(s)).toEqual(isReady);
    expect(await writes(s)).toBe(2);
  });

  it('says within two seconds that the database does not answer, is alive all the same, and is ready again after it', async () => {
    await using s = await startService(await deployment.emptyStore());
    expect(await ready(s)).toEqual(isReady);
    s.clock.advance(1_000);
    const began = performance.now();
    await s.service.db.transaction(async (tx) => {
      // In the embedded database any transaction keeps the others waiting.
      await tx.query('lock table proof');
      expect(await ready(s)).toEqual(notReady('the database does not answer'));
      expect((await fetch(`${s.url}/-/healthy`)).status).toBe(200);
    });
    expect(performance.now() - began).toBeLessThan(2_500);
    expect(await readyLater(s)).toEqual(isReady);
  });

  it('writes a row again that is gone, as after a restored backup', async () => {
    await using s = await startService(await deployment.emptyStore());
    expect(await ready(s)).toEqual(isReady);
    await s.service.db.query('delete from proof');
    expect(await readyLater(s)).toEqual(isReady);
  });

  it('keeps no rows of replicas that are gone', async () => {
    await using s = await startService(await deployment.emptyStore());
    await s.service.db.query(
      `insert into proof (replica, count, at) values ('00000000-0000-0000-0000-000000000000', 7, $1)`,
      [new Date(s.clock.now().getTime() - 25 * 3_600_000)],
    );
    expect(await ready(s)).toEqual(isReady);
    expect(await writes(s)).toBe(1);
  });
});

eachDeployment(
  (deployment) => {
    it('is not ready while the database only reads', async () => {
      const store = await deployment.emptyStore();
      await using s = await startService(store);
      expect(await ready(s)).toEqual(isReady);
      await using admin = await connected(store.env['DATABASE_URL'] ?? '');
      await admin.becomeReadOnly('on');
      await expect.poll(() => readyLater(s)).toEqual(notReady('the database is read-only'));
      await admin.becomeReadOnly('off');
      await expect.poll(() => readyLater(s)).toEqual(isReady);
    });
  },
  ['PostgreSQL only'],
);

/** As when the service is left on a standby: every session is a new one, and reads only. */
async function connected(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    async becomeReadOnly(value: 'on' | 'off') {
      await client.query('set default_transaction_read_only = off');
      await client.query(
        `do $$ begin execute format('alter database %I set default_transaction_read_only = ${value}', current_database()); end $$`,
      );
      await client.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
