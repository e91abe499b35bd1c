/** What intake makes of its guesses; here it guesses each time, as far as it may, that a batch brings first reports only. */
import type { Report } from '../../../src/alert/alert.ts';
import type { Snapshot } from '../../../src/alert/config.ts';
import { fingerprint } from '../../../src/alert/fingerprint.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import { applyDocument, readDocument } from '../../../src/groups/apply.ts';
import { ensureBuiltins } from '../../../src/groups/builtins.ts';
import { createSnapshots } from '../../../src/groups/snapshot.ts';
import type { Judged } from '../../../src/pipeline/dedupe/reporters.ts';
import { createGuess, type Guess } from '../../../src/pipeline/receive/guess.ts';
import { takeIn } from '../../../src/pipeline/receive/intake.ts';
import type { Db } from '../../../src/store/db.ts';
import { company, group } from '../../flows/flow.ts';
import { freshDb } from '../../support/fresh-db.ts';

const now = new Date('2026-01-05T08:00:00Z');
const nothing = {
  reporters: new Map(),
  ended: new Set<string>(),
  polled: new Set<string>(),
  rhythms: new Map(),
  othersReported: false,
};
const first = [{ reason: 'new_alert' }] as unknown as Judged[];

describe('a batch that is taken for one of first reports', () => {
  let db: Db;
  let snapshots: ReturnType<typeof createSnapshots>;
  let before: Snapshot;
  let guess: Guess;
  let guesses: boolean[];
  /** Statements that were run outside of transactions. */
  let statements: number;

  const apply = (groups: unknown[]) =>
    applyDocument(db, readDocument({ ...company, alert_groups: groups }), {
      now,
      dryRun: false,
      by: { name: 'test' },
    } as never);

  beforeEach(async () => {
    db = await freshDb();
    await ensureBuiltins(db, now);
    await apply([group('database', { matchers: ['team="database"'], members: ['li.wei'] })]);
    snapshots = createSnapshots({ db, emergencyContacts: [], log: console });
    before = await snapshots.fresh();
    guess = createGuess();
    [guesses, statements] = [[], 0];
  });
  afterEach(() => db.close());

  const source = (name: string) => [...before.sources.values()].find((s) => s.name === name)?.id ?? 0;
  function report(instance: string, more: Partial<Report> = {}): Report {
    const labels = labelsOf(Object.entries({ alertname: 'DiskFull', team: 'database', instance }));
    const f = fingerprint(labels);
    return {
      ...{ sourceId: source('az-a'), fingerprint: f, alertFingerprint: f, labels, replicaLabels: null },
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
    };
  }
  const counted = () => ({
    ...db,
    planned: {
      query: (...query: Parameters<Db['planned']['query']>) => {
        statements++;
        return db.planned.query(...query);
      },
    },
  });
  /** The reasons that were found. */
  async function take(...reports: Report[]): Promise<string[]> {
    statements = 0;
    // As though batches of first reports had come before.
    for (let i = 0; i < 2; i++) guess.read(nothing, first);
    const taken = await takeIn(
      {
        db: counted() as Db,
        current: () => before,
        snapshot: () => snapshots.fresh(),
        outages: () => [],
        critical: [],
        lastPosts: { stale: () => [], saved: () => {} },
        guess: {
          ...guess,
          was: (right) => {
            guesses.push(right);
            guess.was(right);
          },
        },
        watchdog: { splitBeats: (all) => ({ beats: [], rest: [...all] }), saveBeats: async () => {} },
      },
      [{ sourceId: reports[0]?.sourceId ?? 0, reports, quarantined: [] }],
      now,
    );
    return taken.judged.map((j) => j.reason);
  }
  const placed = async () =>
    (
      await db.query(
        `select g.name as group, count(distinct ia.alert_fingerprint)::int as alerts, count(r.fingerprint)::int as reporters
         from incident_alert ia join incident i on i.id = ia.incident_id join alert_group g on g.id = i.group_id
         join reporter r on r.alert_fingerprint = ia.alert_fingerprint where ia.left_at is null group by 1 order by 1`,
      )
    ).rows;

  it.each(['g', 'a group that was never heard of'])(
    'and is one, of %s, is written by one statement',
    async (groupKey) => {
      await take(report('a'));
      expect(await take(report('b', { groupKey }), report('c', { groupKey }))).toEqual(['new_alert', 'new_alert']);
      expect([guesses, statements]).toEqual([[false, true], 1]);
      expect(await placed()).toEqual([{ group: 'database', alerts: 3, reporters: 3 }]);
    },
  );

  it('of a group that grew, as an Alertmanager posts it again with all that it has, is read', async () => {
    await take(report('a'));
    expect(await take(report('a'), report('b'), report('c'))).toEqual(['repeated', 'new_alert', 'new_alert']);
    expect(guesses).toEqual([false, false]);
    expect(await placed()).toEqual([{ group: 'database', alerts: 3, reporters: 3 }]);
  });

  it('opens its incident after all, where none is open', async () => {
    expect(await take(report('a'))).toEqual(['new_alert']);
    expect(guesses).toEqual([false]);
    expect(await placed()).toEqual([{ group: 'database', alerts: 1, reporters: 1 }]);
  });

  it('and repeats something as well is read after all, and the rest of it stored once', async () => {
    await take(report('a'));
    expect(await take(report('a'), report('b'))).toEqual(['repeated', 'new_alert']);
    expect(guesses).toEqual([false, false]);
    expect(await placed()).toEqual([{ group: 'database', alerts: 2, reporters: 2 }]);
  });

  it('and tells of an alert that another source has reported adds a reporter to it', async () => {
    await take(report('a'));
    expect(await take(report('a', { sourceId: source('az-b') }))).toEqual(['new_alert']);
    expect(guesses).toEqual([false, false]);
    expect(await placed()).toEqual([{ group: 'database', alerts: 1, reporters: 2 }]);
  });

  it('and comes after an edit elsewhere is routed by that edit', async () => {
    await take(report('a'));
    await apply([group('storage', { matchers: ['team="database"'], members: ['li.wei'] })]);
    expect(await take(report('b'))).toEqual(['new_alert']);
    expect(guesses).toEqual([false, false]);
    expect(await placed()).toContainEqual({ group: 'storage', alerts: 1, reporters: 1 });
  });

  it('but ends something is read at once', async () => {
    await take(report('a'));
    expect(await take(report('a', { status: 'resolved', endsAt: now }))).toEqual(['resolved']);
    expect(guesses).toEqual([false]);
  });
});
