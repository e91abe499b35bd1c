import type { Report } from '../../../src/alert/alert.ts';
import type { Heartbeat } from '../../../src/alert/config.ts';
import type { Db, Queryable } from '../../../src/store/db.ts';
import { recordTick } from '../../../src/store/outages.ts';
import { saveBeats, splitBeats } from '../../../src/watchdog/beats.ts';
import { loadStreams, tidyStreams } from '../../../src/watchdog/streams.ts';
import { at, declare, discover, emptyDb, heartbeat, is, openDb, report, snapshot } from './fixture.ts';

const watchdog = { alertname: 'Watchdog', cluster: 'a' };

function split(reports: readonly Report[], heartbeats: readonly Heartbeat[] = []) {
  return splitBeats(reports, { snapshot: snapshot(heartbeats), discover });
}

describe('splitBeats', () => {
  it('takes discovered heartbeats by their alertname, and leaves everything else', () => {
    const names = ['Watchdog', 'DeadMansSwitch', 'DeadManSwitch', 'DeadmansSwitch', "Deadman'sSwitch", 'WatchdogDown'];
    const reports = [...names, 'InfoInhibitor'].map((alertname) => report({ alertname }));
    const { beats, rest } = split(reports);
    expect(beats.map((beat) => beat.labels['alertname'])).toEqual(names.slice(0, 5));
    expect(beats.every((beat) => beat.heartbeatId === null)).toBe(true);
    expect(rest).toEqual(reports.slice(5));
  });

  it('gives a report to the first declared heartbeat whose source and matchers fit, before it discovers any', () => {
    const declared = [
      heartbeat({ id: 1, sourceId: 2 }),
      heartbeat({ id: 2, matchers: [is('cluster', 'b')] }),
      heartbeat({ id: 3, sourceId: null, matchers: [is('cluster', 'a')] }),
      heartbeat({ id: 4 }),
    ];
    const { beats } = split([report(watchdog), report(watchdog, { sourceId: 2 })], declared);
    expect(beats.map((beat) => beat.heartbeatId)).toEqual([3, 1]);
  });

  it('matches the full labels, those included that identity ignores', () => {
    const declared = heartbeat({ matchers: [is('alertname', 'Alive'), is('replica', '1')] });
    const reports = ['1', '2'].map((replica) => report({ alertname: 'Alive' }, { replicaLabels: { replica } }));
    const { beats, rest } = split(reports, [declared]);
    expect(beats.map((beat) => beat.labels)).toEqual([{ alertname: 'Alive', replica: '1' }]);
    expect(rest).toEqual([reports[1]]);
  });
});

describe('saveBeats', () => {
  let db: Db;
  beforeAll(async () => {
    db = await openDb();
  });
  beforeEach(() => emptyDb(db));
  afterAll(() => db.close());

  async function save(second: number, reports: readonly Report[], heartbeats: readonly Heartbeat[] = []) {
    await saveBeats(db, split(reports, heartbeats).beats, at(second));
  }

  async function beatAt(...seconds: number[]): Promise<void> {
    for (const second of seconds) await save(second, [report(watchdog)]);
  }

  async function onlyStream() {
    const streams = await loadStreams(db);
    expect(streams).toHaveLength(1);
    return streams[0]!;
  }

  it('stores the time of arrival, never what the payload says', async () => {
    await save(0, [report(watchdog, { startsAt: at(-9e6) })]);
    expect(await onlyStream()).toMatchObject({
      firstBeatAt: at(0),
      lastBeatAt: at(0),
      beats: 1,
      state: 'pending',
      cadenceMs: null,
      labels: watchdog,
    });
  });

  it('keeps one stream per source, full label set and heartbeat', async () => {
    const replicas = ['1', '2'].map((replica) => report(watchdog, { replicaLabels: { replica } }));
    await save(0, [...replicas, report(watchdog, { sourceId: 2 }), replicas[0]!]);
    expect(await loadStreams(db)).toHaveLength(3);
  });

  it('counts the same beat once, in one request or from the peers of a cluster', async () => {
    await save(0, [report(watchdog), report(watchdog)]);
    await beatAt(2, 4, 60, 61, 120);
    expect(await onlyStream()).toMatchObject({ beats: 3, cadenceMs: 60_000, lastBeatAt: at(120) });
  });

  it('learns the longest gap between peers that post in turn', async () => {
    await beatAt(0, 15, 60, 75, 120, 135, 180);
    const { cadenceMs } = await onlyStream();
    expect(cadenceMs).toBe(45_000);
  });

  it('follows a slower rhythm at once but at most twofold, and a faster one slowly', async () => {
    await beatAt(0, 60, 360);
    expect(await onlyStream()).toMatchObject({ cadenceMs: 120_000 });
    await beatAt(660, 960);
    expect(await onlyStream()).toMatchObject({ cadenceMs: 300_000 });
    await beatAt(1_020, 1_080);
    expect(await onlyStream()).toMatchObject({ cadenceMs: 270_000 });
  });

  it('learns nothing from a gap in which we were away, whether the absence is recorded already or not', async () => {
    const tick = (second: number) => recordTick(db, { now: at(second), tickMs: 2_000, toleranceMs: 10_000 });
    await tick(0);
    await beatAt(0, 5);
    await tick(8);
    await beatAt(7_200);
    expect(await onlyStream()).toMatchObject({ beats: 3, cadenceMs: 5_000 });
    await tick(7_201);
    await beatAt(7_206);
    expect(await onlyStream()).toMatchObject({ beats: 4, cadenceMs: 5_000 });
    await tick(7_211);
    await beatAt(7_213);
    expect(await onlyStream()).toMatchObject({ beats: 5, cadenceMs: 7_000 });
    await tick(9_000);
    await beatAt(9_001);
    expect(await onlyStream()).toMatchObject({ beats: 6, cadenceMs: 7_000 });
  });

  it('takes the time as it is when the clock was set back', async () => {
    await beatAt(3_600, 3_660, 60);
    expect(await onlyStream()).toMatchObject({ lastBeatAt: at(60), beats: 3, cadenceMs: 60_000 });
  });

  it('remembers that a stream was reported as resolved, and counts good beats from there', async () => {
    await beatAt(0, 60);
    await save(70, [report(watchdog, { status: 'resolved', endsAt: at(0) })]);
    expect(await onlyStream()).toMatchObject({ resolvedAt: at(70), goodBeats: 0, beats: 2, lastBeatAt: at(60) });
    await beatAt(120);
    expect(await onlyStream()).toMatchObject({ resolvedAt: at(70), goodBeats: 1 });
  });

  it('makes no stream of a resolved report alone', async () => {
    await save(0, [report(watchdog, { status: 'resolved', endsAt: at(0) })]);
    expect(await loadStreams(db)).toEqual([]);
  });

  it('replaces the pending row of a declared heartbeat that never beat', async () => {
    await declare(db, heartbeat());
    await tidyStreams(db, at(0), 10_000);
    expect(await onlyStream()).toMatchObject({ heartbeatId: 1, sourceId: 1, fingerprint: '', state: 'pending' });
    await save(5, [report(watchdog)], [heartbeat()]);
    expect(await onlyStream()).toMatchObject({ heartbeatId: 1, sourceId: 1, labels: watchdog, beats: 1 });
  });

  it('leaves out beats of a heartbeat that has been deleted meanwhile, and keeps the others', async () => {
    const reports = [report(watchdog), report({ alertname: 'Watchdog', cluster: 'b' })];
    await save(0, reports, [heartbeat({ matchers: [is('cluster', 'a')] })]);
    expect(await onlyStream()).toMatchObject({ labels: { cluster: 'b' } });
  });

  it('loses no beat when two requests bring the same streams at once, in another order', async () => {
    const reports = Array.from({ length: 20 }, (_, n) => report({ ...watchdog, cluster: `c${n}` }));
    await Promise.all([save(0, reports), save(0, [...reports].reverse())]);
    expect(await loadStreams(db)).toHaveLength(20);
  });

  it('needs three statements at most, however many beats', async () => {
    let statements = 0;
    const counting: Queryable = {
      query: (text, values) => {
        statements += 1;
        return db.query(text, values);
      },
    };
    await declare(db, heartbeat());
    const reports = Array.from({ length: 50 }, (_, n) =>
      report({ ...watchdog, cluster: `c${n}` }, { status: n % 2 === 0 ? 'firing' : 'resolved' }),
    );
    await saveBeats(counting, split(reports, [heartbeat()]).beats, at(0));
    expect(statements).toBe(3);
  });
});
