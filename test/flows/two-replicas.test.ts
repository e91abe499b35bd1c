/** Two replicas on one PostgreSQL: what is edited at one is in force at the other within two seconds. */
import { applyDocument, readDocument } from '../../src/groups/apply.ts';
import { needs } from '../support/needs.ts';
import { payload } from '../support/payload.ts';
import { startService, type TestService } from '../support/service.ts';
import { migratedDatabase } from '../support/shared-postgres.ts';
import { eventually } from '../support/wait.ts';

/** The promise; the test machine may be busy with other files, so each edit is measured alone. */
const within = { timeoutMs: 2_000, everyMs: 10 };
const token = 'token-of-az-a-0123456789';

needs('postgres')('an edit at one replica', () => {
  let [here, there] = [] as unknown as [TestService, TestService];
  beforeAll(async () => {
    const env = { DATABASE_URL: await migratedDatabase() };
    here = await startService({ env, scheduled: true });
    there = await startService({ env, scheduled: true, clock: here.clock });
    await here.api('POST', '/api/v1/sources', { name: 'az-a', token });
    await eventually(async () => (await posted(token)) === 200);
  });
  afterAll(async () => {
    await here.stop();
    await there.stop();
  });

  const posted = async (withToken: string, alerts = payload([])) => (await there.post(withToken, alerts)).status;

  it('lets a new token in at the other, and keeps a removed one out', async () => {
    for (let round = 0; round < 5; round++) {
      const { token: added } = await here.api<{ token: string }>('POST', '/api/v1/sources/az-a/tokens');
      await eventually(async () => (await posted(added)) === 200, { ...within, describe: 'the new token' });
      await here.api('DELETE', '/api/v1/sources/az-a/tokens');
      await here.api('POST', '/api/v1/sources/az-a/tokens');
      await here.api('DELETE', '/api/v1/sources/az-a/tokens');
      await eventually(async () => (await posted(added)) === 401, { ...within, describe: 'its end' });
    }
  });

  it('moves the alerts that are open, even when that replica dies at the commit', async () => {
    const { token: good } = await here.api<{ token: string }>('POST', '/api/v1/sources/az-a/tokens');
    const full = payload([{ labels: { alertname: 'Full', team: 'db' } }]);
    await eventually(async () => (await posted(good, full)) === 200);
    const groups = async () => JSON.stringify(await there.api('GET', '/api/v1/incidents?state=open'));
    await eventually(async () => (await groups()).includes('"unrouted"'));
    // What a replica leaves that carries nothing on any more: the commit.
    const document = readDocument({ alert_groups: [{ name: 'database', matchers: ['team="db"'] }] });
    await applyDocument(here.service.db, document, { now: here.clock.now(), dryRun: false, by: { name: 'test' } });
    await eventually(async () => (await groups()).includes('"database"'), within);
  });

  it('is in force as soon, even when the connections that listen have just been lost', async () => {
    const lost = await here.service.db.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'monitor-manager listener'
         and datname = current_database()`,
    );
    expect(lost.rows).toHaveLength(2);
    const { token: added } = await here.api<{ token: string }>('POST', '/api/v1/sources/az-a/tokens');
    await eventually(async () => (await posted(added)) === 200, { ...within, describe: 'the new token' });
  });
});

it('the embedded service lets a new token in as soon, without a schedule', async () => {
  await using s = await startService();
  const { token: made } = await s.api<{ token: string }>('POST', '/api/v1/sources', { name: 'az-b' });
  await eventually(async () => (await s.post(made, payload([]))).status === 200, within);
});
