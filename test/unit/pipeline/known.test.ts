import type { Report } from '../../../src/alert/alert.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import { ensureBuiltins } from '../../../src/groups/builtins.ts';
import { loadKnown } from '../../../src/pipeline/dedupe/known.ts';
import { writeBatch } from '../../../src/pipeline/receive/save.ts';
import type { Db } from '../../../src/store/db.ts';
import { freshDb } from '../../support/fresh-db.ts';

const now = new Date('2026-01-05T08:00:00Z');
const report = (sourceId: number, alert: string): Report => ({
  ...{ sourceId, fingerprint: alert, alertFingerprint: alert, labels: labelsOf([['alertname', alert]]) },
  ...{ replicaLabels: null, annotations: labelsOf([]), generatorUrl: null, groupKey: 'g' },
  ...{ status: 'firing', startsAt: now, endsAt: null, expiresAt: null, lane: 'normal', pinnedGroup: null },
});

describe('what is known of a batch', () => {
  let db: Db;
  beforeAll(async () => {
    db = await freshDb();
    await ensureBuiltins(db, now);
    const state = { firingAt: now, resolvedAt: null, lastSeen: now, expiresAt: null };
    const news = [{ report: report(1, 'DiskFull'), reason: 'new_alert', state, write: true, news: true } as const];
    await writeBatch(db, { judged: news, news, rhythms: [], wanted: [], routingVersion: 1, onlyAt: null }, now);
  });
  afterAll(() => db.close());

  const known = async (...reports: Report[]) => {
    const { reporters, othersReported } = await loadKnown(db.planned, reports);
    return { reporters: [...reporters.keys()], othersReported };
  };

  it('is nothing of an alert that nobody has reported', async () => {
    expect(await known(report(1, 'Fresh'), report(2, 'Fresh'))).toEqual({ reporters: [], othersReported: false });
  });

  it('is the reporter that has reported it already', async () => {
    const its = { reporters: ['1 DiskFull'], othersReported: false };
    expect(await known(report(1, 'DiskFull'), report(1, 'DiskFull'), report(1, 'Fresh'))).toEqual(its);
  });

  it('is, for another reporter, that others have reported the alert', async () => {
    expect(await known(report(1, 'Fresh'), report(2, 'DiskFull'))).toEqual({ reporters: [], othersReported: true });
  });
});
