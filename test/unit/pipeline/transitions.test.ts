import type { AlertEpisode } from '../../../src/pipeline/dedupe/derive.ts';
import { type Heard, heardAt, retainTransitions } from '../../../src/pipeline/dedupe/transitions.ts';
import { freshDb } from '../../support/fresh-db.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 5, 8) + seconds * 1000);
const now = at(1000);
const episode = (more: Partial<AlertEpisode>): AlertEpisode => ({
  ...{ state: 'resolved', episode: 0, since: at(0), endedAt: null, changedAt: at(0), periods: [] },
  ...more,
});
const fires = episode({ state: 'firing', episode: 1, changedAt: now });
const reporter = (firing: number, more: Partial<Heard> = {}): Heard => ({
  ...{ firingAt: at(firing), resolvedAt: null, firstSeen: at(firing), lastSeen: at(firing) },
  ...more,
});

describe('when a change was heard', () => {
  it('is when the first reporter that fires was first heard, also when its start has shifted since', () => {
    const reporters = [reporter(970, { firingAt: at(980), lastSeen: at(990) }), reporter(972)];
    expect(heardAt(episode({ changedAt: at(970) }), fires, reporters, now)).toEqual(at(970));
  });

  it('is when the earliest start was heard of, though another reporter was heard before', () => {
    const reporters = [reporter(970, { firingAt: at(965) }), reporter(972, { firingAt: at(930) })];
    const since = { ...fires, since: at(930) };
    expect(heardAt(episode({ changedAt: at(900) }), since, reporters, now)).toEqual(at(972));
  });

  it('is when it said that it fires again, if it had ended before', () => {
    const again = reporter(100, { firingAt: at(980), resolvedAt: at(300), lastSeen: at(985) });
    expect(heardAt(episode({ episode: 1, changedAt: at(300) }), { ...fires, episode: 2 }, [again], now)).toEqual(
      at(985),
    );
  });

  it('is when the last reporter said that it has ended', () => {
    const ended = [300, 320].map((s) => reporter(100, { resolvedAt: at(s), lastSeen: at(s + 5) }));
    expect(heardAt({ ...fires, changedAt: at(130) }, episode({ episode: 1 }), ended, now)).toEqual(at(325));
  });

  it('is now for what nobody reports: that it is stale, expired, or reported again', () => {
    const before = { ...fires, changedAt: at(130) };
    const reporters = [reporter(100)];
    for (const state of ['stale', 'expired', 'firing'] as const)
      expect(heardAt(before, episode({ state, episode: 1 }), reporters, now)).toEqual(now);
  });

  it('is never before the change that came before it, nor after now', () => {
    const before = episode({ episode: 1, changedAt: at(500) });
    expect(heardAt(before, { ...fires, episode: 2 }, [reporter(100)], now)).toEqual(at(500));
    expect(heardAt(before, { ...fires, episode: 2 }, [reporter(2000)], now)).toEqual(now);
  });
});

it('forgets the changes of long ago, in batches', async () => {
  const db = await freshDb();
  await db.query(
    `insert into transition (heard_at, alert_fingerprint, state, since)
     select $1::timestamptz + n * interval '1 s', 'f', 'firing', $1 from generate_series(1, 2500) n`,
    [at(0)],
  );
  expect(await retainTransitions(db, at(2101))).toBe(2100);
  expect((await db.query('select count(*)::int as left from transition')).rows).toEqual([{ left: 400 }]);
  await db.close();
});
