import type { Db } from '../../../src/store/db.ts';
import { type Listener, listenPostgres } from '../../../src/store/listen.ts';
import { openPostgres } from '../../../src/store/postgres.ts';
import { needs } from '../../support/needs.ts';
import { startProxy, type TcpProxy } from '../../support/proxy.ts';
import { sharedDatabase } from '../../support/shared-postgres.ts';
import { eventually } from '../../support/wait.ts';

needs('postgres')('listening for edits', () => {
  let db: Db;
  let listener: Listener;
  let proxy: TcpProxy;
  let heard = 0;
  const troubles: Error[] = [];
  const notify = () => db.query(`select pg_notify('edits', '')`);

  beforeEach(async () => {
    [heard, troubles.length] = [0, 0];
    const url = await sharedDatabase();
    db = openPostgres({ url, applicationName: 'mm-test' });
    proxy = await startProxy({ target: url });
    listener = listenPostgres({
      url: proxy.urlOf(url),
      applicationName: 'mm-listener',
      channel: 'edits',
      probeEveryMs: 100,
      onNotify: () => {
        heard++;
      },
      onTrouble: (error) => troubles.push(error),
    });
    await eventually(() => listener.listening());
  });
  afterEach(async () => {
    await listener.close();
    await proxy.stop();
    await db.close();
  });

  it('reads once when it is connected, and hears each commit', async () => {
    expect(heard).toBe(1);
    await notify();
    await eventually(() => heard === 2);
  });

  it('hears nothing of what is rolled back', async () => {
    await db
      .transaction(async (tx) => {
        await tx.query(`select pg_notify('edits', '')`);
        throw new Error('changed my mind');
      })
      .catch(() => {});
    await notify();
    await eventually(() => heard === 2);
  });

  it('connects again when the server ends the connection, and reads what it may have missed', async () => {
    await db.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'mm-listener'`);
    await eventually(() => heard === 2 && listener.listening());
    expect(troubles).not.toEqual([]);
    await notify();
    await eventually(() => heard === 3);
  });

  it('notices a connection that says nothing any more, and admits it', async () => {
    proxy.blackhole();
    await eventually(() => !listener.listening());
    proxy.heal();
    await eventually(() => heard >= 2 && listener.listening());
  });

  it('leaves no connection when it is closed', async () => {
    await listener.close();
    await eventually(async () => {
      // Of the same server, the line that another test has cut may still be there.
      const { rows } = await db.query(
        `select 1 from pg_stat_activity where application_name = 'mm-listener' and datname = current_database()`,
      );
      return rows.length === 0;
    });
  });
});
