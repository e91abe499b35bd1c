import { eachDeployment } from '../support/deployments.ts';
import { type Flow, hour, minute, second, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };

interface AlertItem {
  state: string;
  episode: number;
}

async function alertOf(flow: Flow, alertname: string): Promise<AlertItem | undefined> {
  const path = `/api/v1/alerts?filter=${encodeURIComponent(`alertname="${alertname}"`)}`;
  return (await flow.s.api<{ items: AlertItem[] }>('GET', path)).items[0];
}

/** Posts an unchanged group every `everyMs`, so that its source stays alive, with a tick every ten seconds. */
async function passWithPosts(flow: Flow, ms: number, everyMs: number, post: () => Promise<void>): Promise<void> {
  for (let left = ms; left > 0; left -= everyMs) {
    await flow.pass(Math.min(everyMs, left), 10 * second);
    await post();
  }
}

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    await flow.configure({});
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  describe('rule 1: the order of reports', () => {
    it('an end that overtakes its own beginning is told to nobody', async () => {
      const startsAt = flow.s.clock.now();
      await flow.pass(20 * second);
      await flow.end(disk, { startsAt });
      await flow.fire(disk, { startsAt });
      await flow.pass(10 * minute);
      expect(flow.mails('li.wei')).toEqual([]);
      await flow.fire(disk);
      await flow.pass(minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
    });

    it('three sources that differ in startsAt, URLs and replica label are one alert, which fires until the last has ended', async () => {
      const start = flow.s.clock.now().getTime();
      const variants = ['az-a', 'az-b', 'az-c'].map((source, i) => ({
        source,
        shiftMs: (i - 1) * minute,
        replica: `r${i}`,
      }));
      const reportAll = async (status: 'firing' | 'resolved', chosen = variants) => {
        for (const { source, shiftMs, replica } of chosen) {
          const alert = {
            labels: { ...disk, prometheus_replica: replica },
            status,
            startsAt: new Date(start + shiftMs),
            ...(status === 'resolved' ? { endsAt: flow.s.clock.now() } : {}),
            generatorURL: `http://prometheus-${replica}.example/graph`,
          };
          await flow.report(source, alert, { externalURL: `http://${source}.example:9093`, receiver: `mm-${replica}` });
        }
      };
      await reportAll('firing');
      await flow.pass(minute);
      await reportAll('firing', [...variants].reverse());
      await flow.pass(10 * minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
      await reportAll('resolved', variants.slice(0, 2));
      await flow.pass(10 * minute);
      expect(flow.mails('li.wei')).toHaveLength(1);
      await reportAll('resolved', variants.slice(2));
      await flow.pass(10 * minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new', '−1 resolved, all clear']);
    });

    it('a shifted startsAt begins no episode', async () => {
      const startsAt = flow.s.clock.now();
      await flow.fire(disk, { startsAt });
      await flow.pass(minute);
      for (const shiftMs of [45_000, -60_000, 60_000]) {
        await flow.fire(disk, { startsAt: new Date(startsAt.getTime() + shiftMs) });
        await flow.pass(6 * minute);
      }
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
      expect(await alertOf(flow, 'DiskFull')).toMatchObject({ state: 'firing', episode: 1 });
    });

    it('an end in the future counts as now, so the alert can fire again before it', async () => {
      await flow.fire(disk);
      await flow.pass(minute);
      await flow.end(disk, { endsAt: new Date(flow.s.clock.now().getTime() + hour) });
      await flow.pass(6 * minute);
      await flow.fire(disk);
      await flow.pass(6 * minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new', '−1 resolved, all clear', '+1 fired again']);
    });
  });

  describe('rule 2: silent sources', () => {
    it('a source that has gone quiet keeps nothing firing that another one has resolved', async () => {
      await flow.fire(disk, { source: 'az-b' });
      await flow.fire(disk, { source: 'az-a' });
      await flow.pass(minute, 10 * second);
      await flow.fire({ alertname: 'Other', instance: 'b' }, { source: 'az-b' });
      await passWithPosts(flow, 8 * minute, 2 * minute, () => flow.fire({ alertname: 'Other' }, { source: 'az-a' }));
      expect(flow.mails('admin').join()).toContain('+1 new');
      await flow.end(disk, { source: 'az-a' });
      await flow.pass(minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new', '−1 resolved, all clear']);
    });

    it('when all its sources are quiet an alert is stale: nobody is told that it ended, and it goes on when they are back', async () => {
      const startsAt = flow.s.clock.now();
      await flow.fire(disk, { startsAt });
      await flow.pass(minute, 10 * second);
      await flow.fire(disk, { startsAt });
      await flow.pass(8 * minute, 10 * second);
      expect(await alertOf(flow, 'DiskFull')).toMatchObject({ state: 'stale' });
      const open = await flow.s.api<{ items: unknown[] }>('GET', '/api/v1/incidents?state=open&group=database');
      expect(open.items).toHaveLength(1);
      await flow.fire(disk, { startsAt });
      await flow.pass(minute, 10 * second);
      expect(await alertOf(flow, 'DiskFull')).toMatchObject({ state: 'firing', episode: 1 });
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
    });

    it('what a living source no longer repeats is expired after three times the longest gap, and told as such', async () => {
      const startsAt = flow.s.clock.now();
      await flow.fire(disk, { startsAt });
      const others = () => flow.report('az-a', { labels: { alertname: 'Other' }, startsAt }, { groupKey: 'other' });
      await passWithPosts(flow, 25 * minute, 5 * minute, async () => {
        await flow.fire(disk, { startsAt });
        await others();
      });
      await passWithPosts(flow, 20 * minute, 4 * minute, others);
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
      await passWithPosts(flow, 12 * minute, 4 * minute, others);
      expect(flow.mails('li.wei')).toEqual(['+1 new', '−1 no longer reported, none still reported']);
    });

    it('time in which we were away ourselves counts against nobody', async () => {
      const startsAt = flow.s.clock.now();
      await flow.fire(disk, { startsAt });
      for (let i = 0; i < 5; i++) {
        await flow.pass(2 * minute, 10 * second);
        await flow.fire(disk, { startsAt });
      }
      await flow.pass(50 * hour);
      expect(await alertOf(flow, 'DiskFull')).toMatchObject({ state: 'firing', episode: 1 });
      expect(flow.mails('li.wei')).toEqual(['+1 new', 'Reminder: 1 still firing']);
      expect(flow.mails('admin').join()).not.toContain('SourceQuiet');
    });
  });

  describe('rule 3: ingest only stores reporters', () => {
    const versions = async (flow: Flow, table: string) =>
      (await flow.s.service.db.query(`select ctid::text, xmin::text from ${table} order by 1`)).rows;
    const written = ['reporter', 'alert', 'incident', 'incident_alert', 'source_activity', 'source_group', 'step'];

    it('an unchanged repeat writes no row', async () => {
      const startsAt = flow.s.clock.now();
      const alerts = ['a', 'b', 'c'].map((instance) => ({ labels: { ...disk, instance }, startsAt }));
      await flow.report('az-a', alerts);
      await flow.pass(minute);
      await flow.report('az-a', alerts);
      const before = await Promise.all(written.map((table) => versions(flow, table)));
      flow.s.clock.advance(second);
      await flow.report('az-a', [...alerts].reverse());
      expect(await Promise.all(written.map((table) => versions(flow, table)))).toEqual(before);
    });

    it('last-seen is rewritten only after a quarter of the shortest expiry', async () => {
      const startsAt = flow.s.clock.now();
      const seen = async () =>
        (await flow.s.service.db.query<{ last_seen: Date }>('select last_seen from reporter')).rows[0]?.last_seen;
      await flow.fire(disk, { startsAt });
      const first = await seen();
      await flow.pass(7 * minute);
      await flow.fire(disk, { startsAt });
      expect(await seen()).toEqual(first);
      await flow.pass(minute);
      await flow.fire(disk, { startsAt });
      expect(await seen()).toEqual(flow.s.clock.now());
    });

    it('changed annotations are no news', async () => {
      const startsAt = flow.s.clock.now();
      await flow.report('az-a', { labels: disk, startsAt, annotations: { summary: '91 % full' } });
      await flow.pass(minute);
      await flow.report('az-a', { labels: disk, startsAt, annotations: { summary: '92 % full' } });
      await flow.pass(10 * minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
    });

    it('what is true of an alert is derived when its incident is decided, not when it is reported', async () => {
      await flow.fire(disk);
      expect(await alertOf(flow, 'DiskFull')).toMatchObject({ episode: 0 });
      await flow.pass(30 * second);
      expect(await alertOf(flow, 'DiskFull')).toMatchObject({ state: 'firing', episode: 1 });
    });
  });
});
