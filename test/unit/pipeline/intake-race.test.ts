import { fingerprint } from '../../../src/alert/fingerprint.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import { applyDocument, readDocument } from '../../../src/groups/apply.ts';
import { ensureBuiltins } from '../../../src/groups/builtins.ts';
import { createSnapshots } from '../../../src/groups/snapshot.ts';
import { createGuess } from '../../../src/pipeline/receive/guess.ts';
import { takeIn } from '../../../src/pipeline/receive/intake.ts';
import { createLastPosts } from '../../../src/pipeline/receive/sources.ts';
import { reroute } from '../../../src/pipeline/route/reroute.ts';
import { company, group } from '../../flows/flow.ts';
import { freshDb } from '../../support/fresh-db.ts';

it('rule 8: a report that was stored by the old routes while an edit was carried on is routed again', async () => {
  const db = await freshDb();
  const t0 = new Date('2026-01-05T08:00:00Z');
  await ensureBuiltins(db, t0);
  const apply = (groups: unknown[]) =>
    applyDocument(db, readDocument({ ...company, alert_groups: groups }), {
      now: t0,
      dryRun: false,
      by: { name: 'test' },
    } as never);
  await apply([group('database', { members: ['li.wei'] }), group('other', { matchers: [], members: ['wang.wu'] })]);
  const snapshots = createSnapshots({ db, emergencyContacts: [], log: console });
  const before = await snapshots.fresh();
  const source = [...before.sources.values()].find((s) => s.name === 'az-a')!;
  const labels = labelsOf(Object.entries({ alertname: 'DiskFull', team: 'database' }));
  const f = fingerprint(labels);
  const report = (status: 'firing' | 'resolved', startsAt: Date, endsAt: Date | null) => ({
    sourceId: source.id,
    fingerprint: f,
    alertFingerprint: f,
    labels,
    replicaLabels: null,
    annotations: labelsOf([]),
    generatorUrl: null,
    status,
    startsAt,
    endsAt,
    expiresAt: null,
    groupKey: 'g',
    lane: 'normal' as const,
    pinnedGroup: null,
  });
  const parts = (snapshot: typeof before) => ({
    db,
    current: () => snapshot,
    snapshot: async () => snapshot,
    outages: () => [],
    lastPosts: createLastPosts(),
    guess: createGuess(),
    watchdog: { splitBeats: (rest: never) => ({ beats: [], rest }), saveBeats: async () => {} },
  });
  const at = (s: number) => new Date(t0.getTime() + s * 1000);
  await takeIn(
    parts(before) as never,
    [{ sourceId: source.id, reports: [report('firing', at(1), null)], quarantined: [] }],
    at(1),
  );
  await takeIn(
    parts(before) as never,
    [{ sourceId: source.id, reports: [report('resolved', at(1), at(2))], quarantined: [] }],
    at(2),
  );
  // the edit: team=database goes elsewhere; this replica's reroute runs
  await apply([
    group('database', { matchers: ['team="nobody"'], members: ['li.wei'] }),
    group('other', { matchers: [], members: ['wang.wu'] }),
  ]);
  const after = await snapshots.fresh();
  await reroute(db, after, () => at(3));
  // an intake that read its snapshot before the edit commits now
  await takeIn(
    parts(before) as never,
    [{ sourceId: source.id, reports: [report('firing', at(3), null)], quarantined: [] }],
    at(3),
  );
  // ten seconds later: "once more"
  await reroute(db, after, () => at(13));
  const where = await db.query(
    `select g.name from incident_alert ia join incident i on i.id = ia.incident_id join alert_group g on g.id = i.group_id where ia.left_at is null and i.closed_at is null`,
  );
  expect(where.rows).toEqual([{ name: 'other' }]);
  await db.close();
});
