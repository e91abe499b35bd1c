import type { Report } from '../../../src/alert/alert.ts';
import { fingerprint } from '../../../src/alert/fingerprint.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import { ensureBuiltins } from '../../../src/groups/builtins.ts';
import { createSnapshots } from '../../../src/groups/snapshot.ts';
import type { Judged } from '../../../src/pipeline/dedupe/reporters.ts';
import { type Writing, writeBatch, writeUnseen } from '../../../src/pipeline/receive/save.ts';
import { openIncidents, splitNews, wantedIncidents } from '../../../src/pipeline/route/place.ts';
import type { Db, Queryable } from '../../../src/store/db.ts';
import { freshDb } from '../../support/fresh-db.ts';

const now = new Date('2026-01-05T08:00:00Z');
const labels = labelsOf([['alertname', 'DiskFull']]);
const alert = fingerprint(labels);
const report: Report = {
  ...{ sourceId: 1, fingerprint: alert, alertFingerprint: alert, labels, replicaLabels: null },
  ...{ annotations: labelsOf([['summary', `it's "full" {at} 9\\8`]]), generatorUrl: null, groupKey: 'g' },
  ...{ status: 'firing', startsAt: now, endsAt: null, expiresAt: null, lane: 'normal', pinnedGroup: null },
};
const state = { firingAt: now, resolvedAt: null, lastSeen: now, expiresAt: null };
const news: Judged[] = [{ report, reason: 'new_alert', state, write: true, news: true }];

describe('a batch of first reports', () => {
  let db: Db;
  const routes = async () => createSnapshots({ db, emergencyContacts: [], log: console }).fresh();
  const wanted = async () => wantedIncidents(splitNews(news).firing, await routes(), now);
  type Write = (db: Queryable, writing: Writing, now: Date) => ReturnType<typeof writeBatch>;
  const looked: Write = (...it) => writeUnseen(...it, 'looked');
  const guessed: Write = (...it) => writeUnseen(...it, 'guessed');
  const write = async (version: number, how: Write = writeBatch) => {
    const { routingVersion } = await routes();
    const writing = { judged: news, news, rhythms: [], wanted: await wanted(), routingVersion, onlyAt: version };
    return how(db.planned, writing, now);
  };
  const stored = async () => (await db.query('select annotations from reporter')).rows;

  beforeEach(async () => {
    db = await freshDb();
    await ensureBuiltins(db, now);
  });
  afterEach(() => db.close());

  const open = async () => {
    const incidents = await wanted();
    await db.transaction((tx) => openIncidents(tx, incidents, { version: 1, now }));
    return (await routes()).version;
  };

  it.each([
    ['as it came', writeBatch],
    ['as one that nobody has seen', looked],
    ['as one that is guessed to be such a one', guessed],
  ])('written %s is nothing while its incident is not open', async (_, how) => {
    expect(await write((await routes()).version, how)).toBeNull();
    expect(await stored()).toEqual([]);
  });

  it.each([
    ['as it came', writeBatch],
    ['as one that nobody has seen', looked],
    ['as one that is guessed to be such a one', guessed],
  ])('written %s is nothing when the configuration has changed', async (_, how) => {
    expect(await write((await open()) - 1, how)).toBeNull();
    expect(await stored()).toEqual([]);
  });

  it('is written as it came; of what is there already it says so', async () => {
    const version = await open();
    expect(await write(version)).toEqual({ there: new Set(), alertsThere: false });
    expect(await stored()).toEqual([{ annotations: report.annotations }]);
    expect(await write(version)).toEqual({ there: new Set([`1 ${alert}`]), alertsThere: true });
  });

  it('written as one that nobody has seen is written also where some of it is there by now', async () => {
    const version = await open();
    expect(await write(version, looked)).toEqual({ there: new Set(), alertsThere: false });
    expect(await stored()).toEqual([{ annotations: report.annotations }]);
    expect(await write(version, looked)).toEqual({ there: new Set([`1 ${alert}`]), alertsThere: true });
  });

  it.each([
    ['its reporter', 'delete from source_group'],
    ['its alert', 'delete from reporter'],
    ['its group', 'delete from reporter; delete from incident_alert; delete from alert'],
  ])('that is only guessed to be one is nothing where %s is there', async (_, others) => {
    const version = await open();
    const rhythm = { lastPostAt: now, longestGapMs: 0, repeats: 0 };
    const learnt = [{ sourceId: 1, groupKey: 'g', rhythm }];
    const { routingVersion } = await routes();
    const writing = { judged: news, news, rhythms: learnt, wanted: await wanted(), routingVersion, onlyAt: version };
    expect(await guessed(db, writing, now)).toEqual({ there: new Set(), alertsThere: false });
    for (const sql of others.split('; ')) await db.query(sql);
    expect(await guessed(db, writing, now)).toBeNull();
  });
});
