/** How long what a poll has found goes on when no poll repeats it. */
import type { Report } from '../../../src/alert/alert.ts';
import { pollGroup } from '../../../src/alert/held.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import type { AlertEpisode } from '../../../src/pipeline/dedupe/derive.ts';
import type { Known } from '../../../src/pipeline/dedupe/known.ts';
import { refreshAlerts } from '../../../src/pipeline/dedupe/refresh.ts';
import { judge } from '../../../src/pipeline/dedupe/reporters.ts';
import type { Db } from '../../../src/store/db.ts';
import { freshDb } from '../../support/fresh-db.ts';

const minute = 60_000;
const now = new Date('2026-01-05T12:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * minute);

describe('what a poll has found', () => {
  let db: Db;
  beforeEach(async () => {
    db = await freshDb();
    await db.query(`insert into source (name, updated_at) values ('az-a', $1)`, [now]);
    await db.query(
      `insert into alert (fingerprint, labels, lane, since, changed_at, first_seen, routed_version, state)
       values ('a', '{}', 'normal', $1, $1, $1, 1, 'firing')`,
      [ago(120)],
    );
  });
  afterEach(() => db.close());

  const seen = (minutes: number) =>
    db.query(
      `insert into reporter (source_id, fingerprint, alert_fingerprint, annotations, group_key, firing_at, last_seen)
       select id, 'a', 'a', '{}', $2, $3, $1 from source where name = 'az-a'`,
      [ago(minutes), pollGroup, ago(120)],
    );
  const member = (name: string, misses: number, startedMinutes: number) =>
    db.query(
      `insert into poll_member (source_id, kind, member, url, polled_at, misses, started_seen_at)
       select id, 'alertmanager', $1, 'http://127.0.0.1:9', $2, $3, $4 from source where name = 'az-a'`,
      [name, now, misses, ago(startedMinutes)],
    );
  async function state(): Promise<string | undefined> {
    const before: AlertEpisode = {
      ...{ state: 'firing', episode: 1, since: ago(120), endedAt: null, changedAt: ago(120), periods: [] },
    };
    const refreshed = await db.transaction((tx) => refreshAlerts(tx, new Map([['a', before]]), now, []));
    return refreshed.get('a')?.after.state;
  }

  it('has ended when those that are asked answer and it is not repeated for half an hour', async () => {
    await seen(31);
    await member('am-0', 0, 60);
    expect(await state()).toBe('expired');
  });

  it('goes on while it is repeated', async () => {
    await seen(29);
    await member('am-0', 0, 60);
    expect(await state()).toBe('firing');
  });

  it.each<[string, number, number]>([
    ['is away', 1, 60],
    ['has just started', 0, 10],
  ])('goes on while one that is asked %s', async (_, misses, started) => {
    await seen(31);
    await member('am-0', 0, 60);
    await member('am-1', misses, started);
    expect(await state()).toBe('firing');
  });

  it('is stored at once when a post brings it, whose rhythm then counts', () => {
    const report: Report = {
      ...{ sourceId: 1, fingerprint: 'a', alertFingerprint: 'a', labels: labelsOf([['alertname', 'a']]) },
      ...{ replicaLabels: null, annotations: labelsOf([]), generatorUrl: null, groupKey: 'g' },
      ...{ status: 'firing', startsAt: ago(120), endsAt: null, expiresAt: null, lane: 'normal', pinnedGroup: null },
    };
    const state = { firingAt: ago(120), resolvedAt: null, lastSeen: ago(1), expiresAt: null };
    const known: Known = {
      ...{ reporters: new Map([['1 a', state]]), ended: new Set(), polled: new Set(['1 a']) },
      ...{ rhythms: new Map(), othersReported: true },
    };
    const writes = (groupKey: string) => judge([{ ...report, groupKey }], known, now).map(({ write }) => write);
    expect(writes('g')).toEqual([true]);
    expect(writes(pollGroup)).toEqual([false]);
  });
});
