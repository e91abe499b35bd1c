import type { Db } from '../../../src/store/db.ts';
import { splitBeats } from '../../../src/watchdog/beats.ts';
import { createMemory } from '../../../src/watchdog/memory.ts';
import { saveMissed, saveRaised } from '../../../src/watchdog/missed.ts';
import { loadStreams, type Stream } from '../../../src/watchdog/streams.ts';
import { at, declare, discover, emptyDb, heartbeat, openDb, report, snapshot } from './fixture.ts';

const labels = { alertname: 'Watchdog', cluster: 'a' };
const watched = snapshot([heartbeat()]);

const stream = (change: Partial<Stream> = {}): Stream => ({
  ...{ id: 1, heartbeatId: 1, sourceId: 1, fingerprint: report(labels).fingerprint, labels, state: 'ok' },
  ...{ stateSince: at(0), firstBeatAt: at(0), lastBeatAt: at(0), beats: 9, goodBeats: 9, cadenceMs: 30_000 },
  ...{ resolvedAt: null, alarmedAt: null, blame: null, ...change },
});

/** A process that the database has told of one stream at second 0, with a timeout of 120 s. */
function remembering(change: Partial<Stream> = {}) {
  const memory = createMemory(10_000);
  memory.remember([stream(change)], [], at(0));
  const here = (from: number, to: number) => {
    for (let second = from; second <= to; second += 2) memory.here(at(second));
  };
  return {
    memory,
    here,
    hear: (second: number, status: 'firing' | 'resolved' = 'firing') =>
      memory.hear(splitBeats([report(labels, { status })], { snapshot: watched, discover }).beats, at(second)),
    /** How many alarms are out then, the process being there all the time. */
    outAt(second: number) {
      here(0, second);
      return memory.decide(watched, at(second)).length;
    },
  };
}

describe('without the database', () => {
  it('a heartbeat is lost after its timeout, once, with the start of that moment', () => {
    const { memory, outAt } = remembering();
    expect(outAt(118)).toBe(0);
    expect(outAt(120)).toBe(1);
    expect(memory.decide(watched, at(130))).toMatchObject([
      { startsAt: at(120), lane: 'watchdog', labels: { alertname: 'HeartbeatLost', heartbeat: 'prom-a' } },
    ]);
    expect(memory.raised()).toMatchObject([{ id: 1, alarm: { startsAt: at(120) } }]);
  });

  it('beats that could not be stored count', () => {
    const { hear, outAt, memory } = remembering();
    for (const second of [30, 60, 90]) hear(second);
    expect(outAt(200)).toBe(0);
    expect(memory.missed()).toMatchObject([{ id: 1, count: 3, at: [at(30), at(60), at(90)] }]);
    expect(outAt(210)).toBe(1);
  });

  it('two posts of the same moment are one beat, and only the last times are kept', () => {
    const { hear, memory } = remembering();
    for (let second = 10; second <= 100; second += 10) {
      hear(second);
      hear(second + 2);
    }
    expect(memory.missed()).toMatchObject([{ count: 10, at: [at(80), at(90), at(100)] }]);
  });

  it('nobody is remembered whom the database has not told of', () => {
    const { memory } = remembering();
    const others = Array.from({ length: 50 }, (_, i) => report({ alertname: 'Watchdog', cluster: `x${i}` }));
    memory.hear(splitBeats(others, { snapshot: snapshot(), discover }).beats, at(10));
    expect(memory.missed()).toEqual([]);
    expect(createMemory(10_000).decide(watched, at(10_000))).toEqual([]);
  });

  it('one that its source reports as resolved is lost at once', () => {
    const { hear, outAt, memory } = remembering();
    hear(20, 'resolved');
    expect(outAt(22)).toBe(1);
    expect(memory.missed()).toMatchObject([{ resolvedAt: at(20) }]);
  });

  it('two beats end an alarm, and a later silence is another one', () => {
    const { hear, outAt, memory } = remembering();
    expect(outAt(120)).toBe(1);
    hear(130);
    expect(outAt(132)).toBe(1);
    hear(160);
    expect(outAt(162)).toBe(0);
    expect(memory.raised()).toHaveLength(1);
    expect(outAt(300)).toBe(1);
    expect(memory.raised()).toMatchObject([{ alarm: { startsAt: at(300) } }]);
  });

  it('an absence of this process counts against nobody', () => {
    const { memory, here } = remembering();
    here(0, 20);
    here(140, 150);
    expect(memory.decide(watched, at(150))).toEqual([]);
  });

  it('an alarm that the database took just before it went away may be untold; an older one was told', () => {
    expect(remembering({ state: 'lost', alarmedAt: at(-10), goodBeats: 0 }).outAt(20)).toBe(1);
    expect(remembering({ state: 'lost', alarmedAt: at(-60), goodBeats: 0 }).outAt(20)).toBe(0);
  });
});

describe('when the database is back', () => {
  let db: Db;
  beforeAll(async () => {
    db = await openDb();
  });
  beforeEach(async () => {
    await emptyDb(db);
    await declare(db, heartbeat());
    const { fingerprint, firstBeatAt, lastBeatAt } = stream();
    await db.query(
      `insert into heartbeat_stream (heartbeat_id, source_id, fingerprint, labels, state, state_since, first_beat_at,
         last_beat_at, beats, good_beats, cadence_ms) values (1, 1, $1, $2, 'ok', $3, $3, $4, 9, 9, 30000)`,
      [fingerprint, labels, firstBeatAt, lastBeatAt],
    );
  });
  afterAll(() => db.close());
  const stored = async () => (await loadStreams(db))[0];
  const changes = async () => (await db.query('select stream_id, at, was, state from heartbeat_change')).rows;

  it('is given the beats that were missed, without learning a cadence from them', async () => {
    const { hear, memory } = remembering();
    for (const second of [30, 60]) hear(second);
    await saveMissed(db, memory.missed());
    expect(await stored()).toMatchObject({ lastBeatAt: at(60), beats: 11, goodBeats: 11, cadenceMs: 30_000 });
    memory.remember(await loadStreams(db), [], at(70));
    expect(memory.missed()).toEqual([]);
  });

  it('keeps a later beat that another replica has stored', async () => {
    const { hear, memory } = remembering();
    hear(30);
    await db.query('update heartbeat_stream set last_beat_at = $1', [at(58)]);
    await saveMissed(db, memory.missed());
    expect(await stored()).toMatchObject({ lastBeatAt: at(58), beats: 9 });
  });

  it('is given the alarm with its start; only beats after it are good, and it is not raised twice', async () => {
    const { hear, outAt, memory } = remembering();
    hear(20);
    expect(outAt(140)).toBe(1);
    hear(150);
    await saveRaised(db, memory.raised(), at(200));
    await saveMissed(db, memory.missed());
    expect(await stored()).toMatchObject({ state: 'lost', alarmedAt: at(140), lastBeatAt: at(150), goodBeats: 1 });
    memory.stored(memory.raised());
    memory.remember(await loadStreams(db), [], at(200));
    expect(memory.raised()).toEqual([]);
  });

  it('keeps the alarm that another replica has raised', async () => {
    const { outAt, memory } = remembering();
    expect(outAt(120)).toBe(1);
    await db.query(`update heartbeat_stream set state = 'lost', alarmed_at = $1, good_beats = 0`, [at(119)]);
    expect(await saveRaised(db, memory.raised(), at(200))).toEqual([{ id: 1, alarmedAt: at(119), blame: null }]);
    expect(await stored()).toMatchObject({ alarmedAt: at(119) });
    expect(await changes()).toEqual([]);
  });

  it('notes that the heartbeat was lost from the start of its alarm on, and not before', async () => {
    const { outAt, memory } = remembering();
    expect(outAt(120)).toBe(1);
    for (const second of [200, 202]) await saveRaised(db, memory.raised(), at(second));
    expect(await changes()).toEqual([{ stream_id: 1, at: at(120), was: 'ok', state: 'lost' }]);
  });

  it('keeps what was heard while the database was being asked', () => {
    const { hear, memory } = remembering();
    hear(30);
    hear(60, 'resolved');
    hear(70);
    memory.remember([stream({ lastBeatAt: at(30) })], [], at(71));
    expect(memory.missed()).toMatchObject([{ count: 1, at: [at(70)], resolvedAt: at(60) }]);
  });
});
