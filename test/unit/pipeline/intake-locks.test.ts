/** What intake, decisions and starters do to each other's rows, on a real PostgreSQL. */
import type { Report } from '../../../src/alert/alert.ts';
import type { Snapshot } from '../../../src/alert/config.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import { ensureBuiltins } from '../../../src/groups/builtins.ts';
import { createSnapshots } from '../../../src/groups/snapshot.ts';
import type { Judged } from '../../../src/pipeline/dedupe/reporters.ts';
import { createGuess } from '../../../src/pipeline/receive/guess.ts';
import { takeIn } from '../../../src/pipeline/receive/intake.ts';
import { writeBatch } from '../../../src/pipeline/receive/save.ts';
import {
  type Arrival,
  openIncidents,
  placeAlerts,
  splitNews,
  wantedIncidents,
} from '../../../src/pipeline/route/place.ts';
import { retain } from '../../../src/pipeline/sweep.ts';
import type { Db, Queryable } from '../../../src/store/db.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { openPostgres } from '../../../src/store/postgres.ts';
import { migrationsDir } from '../../support/fresh-db.ts';
import { needs } from '../../support/needs.ts';
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

  const report = (name: string, more: Partial<Report> = {}): Report => ({
    ...{ sourceId: 1, fingerprint: name, alertFingerprint: name, labels, replicaLabels: null },
    ...{
      annotations: labelsOf([]),
      generatorUrl: null,
      groupKey: 'g',
      status: 'firing',
      startsAt: now,
      endsAt: null,
      expiresAt: null,
    },
    ...{ lane: 'normal', pinnedGroup: null },
    ...more,
  });
  const take = (reports: Report[]) =>
    takeIn(
      {
        db,
        current: () => snapshot,
        snapshot: async () => snapshot,
        outages: () => [],
        critical: [],
        lastPosts: { stale: () => [], saved: () => {} },
        guess: createGuess(),
        watchdog: { splitBeats: (rest) => ({ beats: [], rest: [...rest] }), saveBeats: async () => {} },
      },
      [{ sourceId: 1, reports, quarantined: [] }],
      now,
    );
  const names = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(4, '0')}`);

  it('requests that bring the same alerts at once in opposite orders, new and known ones, store and place every one', async () => {
    await take([report('opens')]);
    for (let i = 0; i < 10; i++) {
      const brought = names(`both${i}-`, 500);
      const first = brought.map((name) => report(name));
      await Promise.all([take(first), take(first.toReversed())]);
      const ends = brought.map((name) => report(name, { status: 'resolved', endsAt: now }));
      const others = brought.map((name) => report(name, { sourceId: 2 }));
      await Promise.all([take(ends), take(others.toReversed()), take([...others, ...ends])]);
    }
    const { rows } = await db.query<{ alerts: number; placed: number }>(
      `select count(*)::int as alerts, count(ia.incident_id)::int as placed
       from alert a left join incident_alert ia on ia.alert_fingerprint = a.fingerprint where a.fingerprint like 'both%'`,
    );
    expect(rows).toEqual([{ alerts: 5_000, placed: 5_000 }]);
  });

  it('two edits that move the same alerts in opposite order do not deadlock', async () => {
    const moved = names('', 2_000);
    await db.transaction((tx) => placeAlerts(tx, moved.map(arrival), snapshot, now));
    let runs = 0;
    const place = (order: string[]) =>
      db.transaction(async (tx) => {
        runs++;
        await placeAlerts(tx, order.map(arrival), snapshot, now);
      });
    for (let i = 0; i < 20; i++) await Promise.all([place(moved), place(moved.toReversed())]);
    expect(runs).toBe(40);
  });

  /** An alert that ended long ago and is in no incident any more. */
  async function old(name: string): Promise<void> {
    await take([report(name)]);
    await db.query('delete from incident_alert where alert_fingerprint = $1', [name]);
    await db.query(`update alert set state = 'resolved', ended_at = $2, changed_at = $2 where fingerprint = $1`, [
      name,
      new Date(0),
    ]);
  }
  const isThere = async (name: string) =>
    (await db.query('select 1 from alert where fingerprint = $1', [name])).rows.length === 1;

  it('an alert that fires again while retention deletes it is made anew', async () => {
    await old('deleted');
    const retention = await held((tx) => tx.query(`delete from alert where fingerprint = 'deleted'`));
    const again = take([report('deleted', { sourceId: 2 })]);
    await eventually(
      async () => {
        const waits = await db.query(
          `select 1 from pg_stat_activity where application_name = 'intake-locks' and wait_event_type = 'Lock'`,
        );
        return waits.rows.length > 0;
      },
      { describe: 'the report to wait for retention' },
    );
    await retention.release();
    await again;
    expect(await isThere('deleted')).toBe(true);
  });

  it('retention leaves an alert that is about to fire again', async () => {
    await old('kept');
    const [kept] = [report('kept', { sourceId: 2 })];
    const news = [
      { report: kept, reason: 'new_alert', state: { firingAt: now, resolvedAt: null, expiresAt: null }, write: true },
    ];
    const judged = news as unknown as Judged[];
    const wanted = wantedIncidents(splitNews(judged).firing, snapshot, now);
    const intake = await held(async (tx) => {
      await openIncidents(tx, wanted, { version: 1, now });
      await writeBatch(tx, { judged, news: judged, rhythms: [], wanted, routingVersion: 1, onlyAt: null }, now);
    });
    await retain(db, now, 1);
    await intake.release();
    expect(await isThere('kept')).toBe(true);
  });

  it('a report about a known alert does not wait for the decision that changes it', async () => {
    const save = (reporter: string) => {
      const report = { ...arrival('known'), sourceId: 1, fingerprint: reporter, alertFingerprint: 'known' };
      const judged = { report: { ...report, annotations: labelsOf([]), groupKey: 'g' }, reason: 'new_alert' };
      const news = [
        { ...judged, state: { firingAt: now, resolvedAt: null, expiresAt: null }, write: true } as unknown as Judged,
      ];
      return writeBatch(db, { judged: news, news, rhythms: [], wanted: [], routingVersion: 1, onlyAt: null }, now);
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
