import type { Report } from '../../../src/alert/alert.ts';
import { fingerprint } from '../../../src/alert/fingerprint.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import { ensureBuiltins } from '../../../src/groups/builtins.ts';
import { createSnapshots } from '../../../src/groups/snapshot.ts';
import type { Judged } from '../../../src/pipeline/dedupe/reporters.ts';
import { writeBatch } from '../../../src/pipeline/receive/save.ts';
import { openIncidents, splitNews, wantedIncidents } from '../../../src/pipeline/route/place.ts';
import type { Db } from '../../../src/store/db.ts';
import { freshDb } from '../../support/service.ts';

const now = new Date('2026-01-05T08:00:00Z');
const labels = labelsOf([['alertname', 'DiskFull']]);
const alert = fingerprint(labels);
const report: Report = {
  ...{ sourceId: 1, fingerprint: alert, alertFingerprint: alert, labels, replicaLabels: null },
  ...{ annotations: labelsOf([['summary', `it's "full" {at} 9\\8`]]), generatorUrl: null, groupKey: 'g' },
  ...{ status: 'firing', startsAt: now, endsAt: null, lane: 'normal', pinnedGroup: null },
};
const state = { firingAt: now, resolvedAt: null, lastSeen: now };
const news: Judged[] = [{ report, reason: 'new_alert', state, write: true, news: true }];

describe('a batch of first reports', () => {
  let db: Db;
  const routes = async () => createSnapshots({ db, emergencyContacts: [], log: console }).fresh();
  const wanted = async () => wantedIncidents(splitNews(news).firing, await routes(), now);
  const write = async (routingVersion: number, more: { unseen?: boolean } = {}) =>
    writeBatch(
      db.planned,
      { judged: news, news, rhythms: [], wanted: await wanted(), routingVersion, onlyThen: true, ...more },
      now,
    );
  const stored = async () => (await db.query('select annotations from reporter')).rows;

  beforeEach(async () => {
    db = await freshDb();
    await ensureBuiltins(db, now);
  });
  afterEach(() => db.close());

  it('is not written while its incident is not open', async () => {
    expect(await write((await routes()).routingVersion)).toBeNull();
    expect(await stored()).toEqual([]);
  });

  it('is not written by routes that have changed', async () => {
    const incidents = await wanted();
    await db.transaction((tx) => openIncidents(tx, incidents, { version: 1, now }));
    expect(await write((await routes()).routingVersion - 1)).toBeNull();
    expect(await stored()).toEqual([]);
  });

  it('is written as it came; of what is there already it says so', async () => {
    const incidents = await wanted();
    await db.transaction((tx) => openIncidents(tx, incidents, { version: 1, now }));
    const { routingVersion } = await routes();
    expect(await write(routingVersion)).toEqual({ there: new Set(), alertsThere: false });
    expect(await stored()).toEqual([{ annotations: report.annotations }]);
    expect(await write(routingVersion)).toEqual({ there: new Set([`1 ${alert}`]), alertsThere: true });
  });

  it('is written where nothing was there a moment ago, and also when something is there by now', async () => {
    const incidents = await wanted();
    await db.transaction((tx) => openIncidents(tx, incidents, { version: 1, now }));
    const { routingVersion } = await routes();
    expect(await write(routingVersion - 1, { unseen: true })).toBeNull();
    expect(await stored()).toEqual([]);
    expect(await write(routingVersion, { unseen: true })).toEqual({ there: new Set(), alertsThere: false });
    expect(await stored()).toEqual([{ annotations: report.annotations }]);
    expect(await write(routingVersion, { unseen: true })).toEqual({
      there: new Set([`1 ${alert}`]),
      alertsThere: true,
    });
  });
});
