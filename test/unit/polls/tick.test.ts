/** What a tick leaves of members that are no longer asked. */
import type { Snapshot } from '../../../src/alert/config.ts';
import { createPolls } from '../../../src/polls/polls.ts';
import type { Db } from '../../../src/store/db.ts';
import { freshDb } from '../../support/fresh-db.ts';

const now = new Date('2026-01-05T12:00:00Z');

describe('a source whose members have not answered', () => {
  let db: Db;
  beforeEach(async () => {
    db = await freshDb();
    await db.query(
      `insert into source (name, updated_at, members, prometheus_url)
       values ('az-a', $1, '[{"name": "am-0", "api_url": "http://127.0.0.1:9"}, "am-1"]', 'http://127.0.0.1:9')`,
      [now],
    );
    await db.query(
      `insert into poll_member (source_id, kind, member, url, polled_at, misses)
       select source.id, t.kind, t.member, 'http://127.0.0.1:9', $1, 3 from source,
         (values ('alertmanager', 'am-0'), ('prometheus', '')) as t (kind, member) where name = 'az-a'`,
      [now],
    );
  });
  afterEach(() => db.close());

  const tick = () =>
    createPolls({
      ...{ db, now: () => now, maxBytes: 1_000, current: () => ({ sources: new Map() }) as unknown as Snapshot },
      settings: { intervalMs: 30_000, timeoutMs: 1_000, misses: 3, graceMs: 300_000 },
      splitBeats: (reports) => ({ beats: [], rest: reports }),
      readHeld: () => null,
      take: async () => {},
      saveSteps: async () => {},
      ...{ onPolled: () => {}, onFound: () => {}, onFault: () => {} },
    }).tick();
  const failing = async () => (await db.query('select kind from poll_member order by 1')).rows.map(({ kind }) => kind);

  it('keeps that while they are asked', async () => {
    await tick();
    expect(await failing()).toEqual(['alertmanager', 'prometheus']);
  });

  it('loses it with the last address', async () => {
    await db.query(`update source set members = '["am-0", "am-1"]'`);
    await tick();
    expect(await failing()).toEqual(['prometheus']);
    await db.query('update source set prometheus_url = null');
    await tick();
    expect(await failing()).toEqual([]);
  });
});
