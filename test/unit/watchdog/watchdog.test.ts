import type { Alarm } from '../../../src/alert/alarm.ts';
import type { Heartbeat } from '../../../src/alert/config.ts';
import type { Db } from '../../../src/store/db.ts';
import { deleteStream } from '../../../src/watchdog/streams.ts';
import { createWatchdog, type Watchdog, type WatchdogOptions } from '../../../src/watchdog/watchdog.ts';
import { at, declare, discover, emptyDb, heartbeat, is, openDb, report, snapshot } from './fixture.ts';

const labels = { alertname: 'Watchdog', cluster: 'a', severity: 'none' };

let db: Db;
beforeAll(async () => {
  db = await openDb();
});
beforeEach(() => emptyDb(db));
afterAll(() => db.close());

/** A replica with a clock that only the test moves; `alarms` is what it has submitted. */
function replica(
  heartbeats: readonly Heartbeat[] = [],
  asking: Partial<Pick<WatchdogOptions, 'askPeers' | 'readPolls'>> = {},
) {
  const alarms: Alarm[] = [];
  let second = 0;
  let refuse = false;
  let current = snapshot(heartbeats);
  const submit = async (submitted: readonly Alarm[]) => {
    if (refuse) throw new Error('no database');
    alarms.push(...submitted);
  };
  const watchdog: Watchdog = createWatchdog({
    db,
    snapshots: () => current,
    submit,
    submitPast: submit,
    discover,
    askPeers: async () => new Map(),
    readPolls: async () => [],
    ...asking,
    now: () => at(second),
    log: { info: () => {}, warn: () => {} },
  });

  async function tickTo(end: number): Promise<void> {
    for (; second <= end; second += 2) await watchdog.tick(at(second));
  }

  async function receive(when: number, ...reports: ReturnType<typeof report>[]): Promise<void> {
    await watchdog.saveBeats(db, watchdog.splitBeats(reports, current).beats, at(when));
  }

  return {
    alarms,
    watchdog,
    tickTo,
    receive,
    /** Beats at these times, ticking in between. */
    async beat(...times: number[]): Promise<void> {
      for (const time of times) {
        await tickTo(time);
        await receive(time, report(labels));
      }
    },
    /** Nobody ticks until then. */
    sleepUntil(time: number): void {
      second = time;
    },
    refuse(yes: boolean): void {
      refuse = yes;
    },
    edit(edited: readonly Heartbeat[], version = 1): void {
      current = snapshot(edited, version);
    },
    raised: () => alarms.filter((alarm) => alarm.endsAt === null),
    ended: () => alarms.filter((alarm) => alarm.endsAt !== null),
    state: async () => (await watchdog.states()).map((view) => view.state),
  };
}

async function withDeclared(change: Partial<Heartbeat> = {}) {
  const declared = heartbeat(change);
  await declare(db, declared);
  return replica([declared]);
}

describe('the watchdog', () => {
  it('shows a declared heartbeat that never beat as pending, for ever, without an alarm', async () => {
    const r = await withDeclared();
    await r.tickTo(10);
    r.sleepUntil(1_000);
    await r.tickTo(1_004);
    expect(await r.watchdog.states()).toMatchObject([
      { name: 'prom-a', declared: true, source: 'az-a', site: 'site-a', state: 'pending', beats: 0, dueAt: null },
    ]);
    expect(r.alarms).toEqual([]);
  });

  it('raises one alarm when a declared heartbeat stops, within one tick of its timeout, and one recovery', async () => {
    const r = await withDeclared({ alertGroup: 'database' });
    await r.beat(0, 50);
    await r.tickTo(240);
    expect(r.raised()).toHaveLength(1);
    expect(r.raised()[0]).toMatchObject({
      labels: {
        alertname: 'HeartbeatLost',
        heartbeat: 'prom-a',
        source: 'az-a',
        site: 'site-a',
        cluster: 'a',
        severity: 'critical',
      },
      startsAt: at(170),
      lane: 'watchdog',
      pinnedGroup: 'database',
    });
    await r.beat(250);
    await r.tickTo(254);
    expect(await r.state()).toEqual(['recovering']);
    expect(r.ended()).toEqual([]);
    await r.beat(300);
    await r.tickTo(400);
    expect(await r.state()).toEqual(['ok']);
    expect(r.raised()).toHaveLength(1);
    expect(r.ended()).toHaveLength(1);
    expect(r.ended()[0]).toMatchObject({ labels: r.raised()[0]!.labels, startsAt: at(170), endsAt: at(300) });
  });

  it('discovers a heartbeat, arms it after three beats and names it by its labels', async () => {
    const r = replica();
    await r.beat(0, 60);
    await r.tickTo(66);
    expect(await r.state()).toEqual(['pending']);
    await r.beat(120);
    await r.tickTo(122);
    expect(await r.watchdog.states()).toMatchObject([
      { name: 'Watchdog{cluster="a"}', declared: false, state: 'ok', timeoutMs: 180_000, dueAt: at(300) },
    ]);
    await r.tickTo(302);
    expect(r.raised()).toMatchObject([{ labels: { heartbeat: 'Watchdog{cluster="a"}' }, pinnedGroup: null }]);
  });

  it('raises the alarm at the next tick when a heartbeat is reported as resolved', async () => {
    const r = await withDeclared();
    await r.beat(0, 50);
    await r.receive(51, report(labels, { status: 'resolved', endsAt: at(0) }));
    await r.tickTo(56);
    expect(r.raised()).toMatchObject([{ startsAt: at(52) }]);
    expect(r.raised()[0]!.annotations['summary']).toContain('Prometheus of source az-a (site site-a) is gone');
    expect(r.raised()[0]!.annotations['description']).toContain('reports it as resolved');
    await r.beat(100, 150);
    await r.tickTo(152);
    expect(r.ended()).toHaveLength(1);
    expect(await r.state()).toEqual(['ok']);
  });

  it('says of one loss what it found at its raise, also when it ends, whatever is found later', async () => {
    const declared = heartbeat();
    await declare(db, declared);
    let answers = true;
    const readPolls: WatchdogOptions['readPolls'] = async (streams) =>
      streams.map(() => ({
        members: [{ member: 'am-0', answers, heldMs: answers ? 0 : null }],
        prometheusAnswers: null,
      }));
    const r = replica([declared], { readPolls });
    await r.beat(0, 50);
    await r.tickTo(200);
    answers = false;
    await r.tickTo(600);
    const again = replica([declared], { readPolls });
    again.sleepUntil(602);
    await again.tickTo(604);
    await again.beat(620, 670);
    await again.tickTo(672);
    const all = [...r.alarms, ...again.alarms];
    expect(all.length).toBeGreaterThan(3);
    for (const { labels: own } of all) expect(own).toMatchObject({ severity: 'warning', heartbeat: 'prom-a' });
    expect(again.ended()).toHaveLength(1);
    expect(r.raised()[0]?.annotations).toMatchObject({ part: 'road_broken', part_names: 'am-0' });
  });

  it('raises the alarm although nobody who is asked ever answers, or asking fails', async () => {
    const declared = heartbeat();
    await declare(db, declared);
    const r = replica([declared], {
      askPeers: () => new Promise(() => {}),
      readPolls: () => Promise.reject(new Error('no database')),
    });
    await r.beat(0, 50);
    const before = performance.now();
    await r.tickTo(172);
    expect(r.raised().map(({ labels: own }) => own['severity'])).toEqual(['critical']);
    expect(performance.now() - before).toBeLessThan(20_000);
  });

  it('lets the alarms of one heartbeat from several sources share the labels that group them', async () => {
    const r = await withDeclared({ sourceId: null });
    await r.tickTo(0);
    await r.receive(0, report(labels), report(labels, { sourceId: 2 }));
    await r.tickTo(130);
    const group = { alertname: 'HeartbeatLost', heartbeat: 'prom-a' };
    expect(r.raised().map((alarm) => alarm.labels)).toMatchObject([
      { ...group, source: 'az-a' },
      { ...group, source: 'az-b' },
    ]);
  });

  it.each([1, 15, 40, 600, 7_200])('raises no false alarm when nobody was there for %i s', async (length) => {
    const r = await withDeclared();
    await r.beat(0, 50, 100);
    await r.tickTo(148);
    r.sleepUntil(148 + length);
    await r.beat(148 + length + 40, 148 + length + 90);
    expect(r.alarms).toEqual([]);
  });

  it.each([-3_600, 3_600])('raises no alarm, and misses none, when the clock is set by %i s', async (step) => {
    const r = await withDeclared();
    r.sleepUntil(5_000);
    await r.beat(5_000, 5_050, 5_100);
    await r.tickTo(5_140);
    r.sleepUntil(5_142 + step);
    await r.beat(5_150 + step, 5_200 + step);
    expect(r.alarms).toEqual([]);
    await r.tickTo(5_322 + step);
    expect(r.raised()).toHaveLength(1);
  });

  it('still notices a lost heartbeat soon after the clock was set back and no beat came since', async () => {
    const r = await withDeclared();
    r.sleepUntil(5_000);
    await r.beat(5_000, 5_050);
    r.sleepUntil(1_500);
    await r.tickTo(1_640);
    expect(r.raised()).toHaveLength(1);
  });

  it('raises one alarm from two replicas that tick at the same moment', async () => {
    const first = await withDeclared();
    const second = replica([heartbeat()]);
    await first.beat(0);
    await first.tickTo(110);
    second.sleepUntil(112);
    await Promise.all([first.tickTo(140), second.tickTo(140)]);
    const starts = new Set([...first.raised(), ...second.raised()].map((alarm) => alarm.startsAt.getTime()));
    expect(starts.size).toBe(1);
  });

  it('submits an alarm again until the pipeline has taken it, with the same start', async () => {
    const r = await withDeclared();
    await r.beat(0);
    r.sleepUntil(8);
    await r.tickTo(118);
    r.refuse(true);
    await expect(r.tickTo(120)).rejects.toThrow('no database');
    r.refuse(false);
    r.sleepUntil(124);
    await r.tickTo(130);
    expect(r.raised()).toMatchObject([{ startsAt: at(120) }]);
  });

  it('submits an alarm that a process recorded before it died', async () => {
    const dying = await withDeclared();
    await dying.beat(0);
    await dying.tickTo(118);
    dying.refuse(true);
    await expect(dying.tickTo(120)).rejects.toThrow();
    const next = replica([heartbeat()]);
    next.sleepUntil(122);
    await next.tickTo(122);
    expect(next.raised()).toMatchObject([{ startsAt: at(120) }]);
  });

  it('submits a recovery again until the pipeline has taken it', async () => {
    const r = await withDeclared();
    await r.beat(0);
    await r.tickTo(130);
    await r.receive(131, report(labels));
    await r.receive(141, report(labels));
    r.sleepUntil(142);
    r.refuse(true);
    await expect(r.tickTo(142)).rejects.toThrow();
    const next = replica([heartbeat()]);
    next.sleepUntil(144);
    await next.tickTo(146);
    expect(next.alarms).toMatchObject([{ startsAt: at(120), endsAt: at(141) }]);
  });

  it('repeats an alarm that is out every five minutes, so that it does not expire', async () => {
    const r = await withDeclared();
    await r.beat(0);
    await r.tickTo(430);
    expect(r.raised()).toHaveLength(2);
    expect(r.raised()[0]).toEqual(r.raised()[1]);
  });

  it('ends the alarm of a stream that was deleted, and says so', async () => {
    const r = await withDeclared();
    await r.beat(0);
    await r.tickTo(130);
    const [stream] = await r.watchdog.states();
    expect(await deleteStream(db, stream!.id)).toBe(true);
    await r.tickTo(134);
    expect(r.ended()).toMatchObject([{ labels: r.raised()[0]!.labels }]);
    expect(r.ended()[0]!.annotations['summary']).toContain('no longer watched');
    expect(await r.state()).toEqual(['pending']);
  });

  it('does not speak of a recovery that another replica has told', async () => {
    const first = await withDeclared();
    await first.beat(0);
    await first.tickTo(130);
    const second = replica([heartbeat()]);
    second.sleepUntil(132);
    await second.tickTo(132);
    expect(second.raised()).toHaveLength(1);
    await first.beat(140, 150);
    await first.tickTo(152);
    expect(first.ended()).toHaveLength(1);
    await second.tickTo(154);
    expect(second.ended()).toEqual([]);
  });

  it('hands a discovered stream to the heartbeat that is declared for it, with what it knows', async () => {
    const r = replica();
    await r.beat(0, 60, 120);
    await declare(db, heartbeat({ timeoutMs: 60_000 }));
    r.edit([heartbeat({ timeoutMs: 60_000 })]);
    await r.tickTo(126);
    expect(await r.watchdog.states()).toMatchObject([{ name: 'prom-a', state: 'ok', beats: 3, dueAt: at(180) }]);
    await r.tickTo(182);
    expect(r.raised()).toMatchObject([{ labels: { heartbeat: 'prom-a' } }]);
  });

  it('drops a stream that belongs to no heartbeat any more, without an alarm', async () => {
    const r = await withDeclared({ matchers: [is('cluster', 'a')] });
    await r.tickTo(0);
    await r.receive(0, report({ alertname: 'Alive', cluster: 'a' }));
    r.edit([heartbeat({ matchers: [is('cluster', 'b')] })]);
    await r.tickTo(200);
    expect(await r.state()).toEqual(['pending']);
    expect(r.alarms).toEqual([]);
  });

  it('moves no stream while it does not know the latest edit', async () => {
    const r = await withDeclared();
    await r.beat(0);
    const old = replica();
    old.edit([], 0);
    old.sleepUntil(2);
    await old.tickTo(200);
    expect(await r.watchdog.states()).toMatchObject([{ name: 'prom-a', declared: true, beats: 1 }]);
    expect(old.alarms).toEqual([]);
  });
});

describe('an alarm that was raised without the database', () => {
  /** It was heard until second 60, and told as lost at second 180. */
  async function raisedAlone() {
    const r = await withDeclared();
    await r.beat(0, 30, 60);
    await r.tickTo(62);
    for (let second = 64; second <= 180; second += 2) r.watchdog.here(at(second));
    const [alarm] = r.watchdog.fromMemory(at(180));
    r.sleepUntil(182);
    return { r, alarm: alarm as Alarm };
  }

  it('is, when the database is back, the one that another replica has stored: its start and its severity', async () => {
    const { r, alarm } = await raisedAlone();
    const blame = { verdict: 'road_broken', names: ['site-b'] };
    await db.query(`update heartbeat_stream set state = 'lost', alarmed_at = $1, good_beats = 0, blame = $2`, [
      at(179),
      JSON.stringify(blame),
    ]);
    await r.watchdog.recall();
    const stored = { startsAt: at(179), labels: { ...alarm.labels, severity: 'warning' } };
    expect(alarm.labels['severity']).toBe('critical');
    expect(r.watchdog.asStored(alarm)).toMatchObject(stored);
    await r.tickTo(190);
    expect(r.raised().length).toBeGreaterThan(0);
    for (const submitted of r.raised()) expect(submitted).toMatchObject(stored);
  });

  it('is submitted as it was told when nobody else has stored it', async () => {
    const { r, alarm } = await raisedAlone();
    await r.watchdog.recall();
    await r.tickTo(182);
    expect(r.watchdog.asStored(alarm)).toMatchObject({ labels: alarm.labels, startsAt: at(180) });
    expect(r.raised()[0]).toMatchObject({ labels: alarm.labels, startsAt: at(180) });
  });

  it('ends at once when its heartbeat has been deleted meanwhile', async () => {
    const { r, alarm } = await raisedAlone();
    await db.query('delete from heartbeat_stream');
    await r.tickTo(182);
    expect(r.alarms).toMatchObject([
      { labels: alarm.labels, endsAt: null },
      { labels: alarm.labels, endsAt: at(182) },
    ]);
  });
});
