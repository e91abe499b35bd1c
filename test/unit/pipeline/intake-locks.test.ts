/** What intake, decisions and starters do to each other's rows, on a real PostgreSQL. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Snapshot } from '../../../src/alert/config.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import { ensureBuiltins } from '../../../src/groups/builtins.ts';
import { createSnapshots } from '../../../src/groups/snapshot.ts';
import type { Judged } from '../../../src/pipeline/dedupe/reporters.ts';
import { type Arrival, placeAlerts, saveAlerts } from '../../../src/pipeline/route/place.ts';
import type { Db } from '../../../src/store/db.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { openPostgres } from '../../../src/store/postgres.ts';
import { migrationsDir } from '../../support/service.ts';
import { sharedDatabase } from '../../support/shared-postgres.ts';

const now = new Date('2026-01-05T08:00:00Z');
const labels = labelsOf([['alertname', 'DiskFull']]);
const arrival = (fingerprint: string): Arrival => ({
  fingerprint,
  labels,
  lane: 'normal',
  pinnedGroup: null,
  startsAt: now,
});

let db: Db;
let snapshot: Snapshot;
beforeAll(async () => {
  db = openPostgres({ url: await sharedDatabase(), applicationName: 'intake-locks' });
  await migrate(db, { dir: migrationsDir, now });
  await ensureBuiltins(db, now);
  snapshot = await createSnapshots({ db, emergencyContacts: [], log: console }).fresh();
});
afterAll(() => db.close());

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
  const judged = { report: { ...arrival('known'), alertFingerprint: 'known' }, state: { firingAt: now } };
  const save = () => saveAlerts(db, [judged as unknown as Judged], 1, now);
  await save();
  let decided = false;
  const decision = db.transaction(async (tx) => {
    await tx.query(`update alert set state = 'firing' where fingerprint = 'known'`);
    await pause(1_000);
    decided = true;
  });
  await pause(100);
  await save();
  expect(decided).toBe(false);
  await decision;
});

it('a start waits for the migration of another, however long that takes', async () => {
  const busy = db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [0x4d4d6967]);
    for (let i = 0; i < 6; i++) {
      await pause(1_000);
      await tx.query('select 1');
    }
  });
  await pause(100);
  await expect(migrate(db, { dir: migrationsDir, now })).resolves.toEqual({ applied: [] });
  await busy;
});
