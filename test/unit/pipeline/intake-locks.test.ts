/** What intake, decisions and starters do to each other's rows, on a real PostgreSQL. */
import type { Snapshot } from '../../../src/alert/config.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import { ensureBuiltins } from '../../../src/groups/builtins.ts';
import { createSnapshots } from '../../../src/groups/snapshot.ts';
import type { Judged } from '../../../src/pipeline/dedupe/reporters.ts';
import { writeBatch } from '../../../src/pipeline/receive/save.ts';
import { type Arrival, placeAlerts } from '../../../src/pipeline/route/place.ts';
import type { Db, Queryable } from '../../../src/store/db.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { openPostgres } from '../../../src/store/postgres.ts';
import { needs } from '../../support/needs.ts';
import { migrationsDir } from '../../support/service.ts';
import { sharedDatabase } from '../../support/shared-postgres.ts';
import { eventually } from '../../support/wait.ts';

const now = new Date('2026-01-05T08:00:00Z');
const labels = labelsOf([['alertname', 'DiskFull']]);
const arrival = (fingerprint: string): Arrival => ({
  fingerprint,
  labels,
  lane: 'normal',
  pinnedGroup: null,
  startsAt: now,
});

needs('postgres')('on PostgreSQL', () => {
  let url: string;
  let db: Db;
  let snapshot: Snapshot;
  beforeAll(async () => {
    url = await sharedDatabase();
    db = openPostgres({ url, applicationName: 'intake-locks' });
    await migrate(db, { dir: migrationsDir, now });
    await ensureBuiltins(db, now);
    snapshot = await createSnapshots({ db, emergencyContacts: [], log: console }).fresh();
  });
  afterAll(() => db.close());

  /** A transaction that has done its work and stays open until it is released. */
  async function held(work: (tx: Queryable) => Promise<unknown>): Promise<{ release: () => Promise<void> }> {
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    let transaction: Promise<void> = Promise.resolve();
    await new Promise<void>((ready, failed) => {
      transaction = db.transaction(async (tx) => {
        await work(tx);
        ready();
        await ended;
      });
      transaction.catch(failed);
    });
    return {
      release: () => {
        end();
        return transaction;
      },
    };
  }

  it('two requests that name the same alerts in opposite order do not deadlock', async () => {
    const names = Array.from({ length: 2_000 }, (_, i) => String(i).padStart(4, '0'));
    await db.transaction((tx) => placeAlerts(tx, names.map(arrival), snapshot, now));
    let runs = 0;
    const place = (order: string[]) =>
      db.transaction(async (tx) => {
        runs++;
        await placeAlerts(tx, order.map(arrival), snapshot, now);
      });
    for (let i = 0; i < 20; i++) await Promise.all([place(names), place(names.toReversed())]);
    expect(runs).toBe(40);
  });

  it('a report about a known alert does not wait for the decision that changes it', async () => {
    const save = (reporter: string) => {
      const report = { ...arrival('known'), sourceId: 1, fingerprint: reporter, alertFingerprint: 'known' };
      const judged = { report: { ...report, annotations: labelsOf([]), groupKey: 'g' }, reason: 'new_alert' };
      const news = [{ ...judged, state: { firingAt: now, resolvedAt: null }, write: true } as unknown as Judged];
      return writeBatch(db, { judged: news, news, rhythms: [], wanted: [], routingVersion: 1, onlyThen: true }, now);
    };
    expect(await save('first')).toMatchObject({ alertsThere: false });
    const decision = await held((tx) => tx.query(`update alert set state = 'firing' where fingerprint = 'known'`));
    // While the decision is open: waiting for it would be waiting until the statement times out.
    expect(await save('second')).toMatchObject({ alertsThere: true });
    await decision.release();
  });

  it('a start waits for the migration of another, however long that takes', async () => {
    const statementTimeoutMs = 200;
    const starter = openPostgres({ url, applicationName: 'starter', statementTimeoutMs });
    const migration = await held((tx) => tx.query('select pg_advisory_xact_lock($1)', [0x4d4d6967]));
    const start = migrate(starter, { dir: migrationsDir, now });
    start.catch(() => {});
    await eventually(
      async () => {
        const waits = await db.query(
          `select 1 from pg_stat_activity where application_name = 'starter' and wait_event_type = 'Lock'
             and clock_timestamp() - query_start > $1::float8 * interval '1 ms'`,
          [2 * statementTimeoutMs],
        );
        return waits.rows.length > 0;
      },
      { describe: 'the starter to wait for longer than a statement may take' },
    );
    await migration.release();
    await expect(start).resolves.toEqual({ applied: [] });
    await starter.close();
  });
});
