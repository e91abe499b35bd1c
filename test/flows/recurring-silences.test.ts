/** Silences that recur by time intervals: what they hide, when they pause, and that everybody knows it. */
import { eachDeployment } from '../support/deployments.ts';
import { type Flow, minute, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };
const disk2 = { ...disk, instance: 'b' };
const disk3 = { ...disk, instance: 'c' };

/** From 22:00 to 06:00 in Berlin, which is 21:00 to 05:00 in UTC in January. */
const night = {
  name: 'night',
  time_intervals: [
    { times: [{ start_time: '22:00', end_time: '24:00' }], location: 'Europe/Berlin' },
    { times: [{ start_time: '00:00', end_time: '06:00' }], location: 'Europe/Berlin' },
  ],
};
const nightly = {
  name: 'nightly',
  matchers: ['team="database"'],
  starts_at: '2026-01-05T08:00:00Z',
  ends_at: '2026-01-12T08:00:00Z',
  time_intervals: ['night'],
  comment: 'the batch jobs fill the disks',
};

/** Lets it become this time, all at once. */
const become = async (flow: Flow, time: string) => {
  await flow.pass(Date.parse(`2026-01-${time}:00Z`) - flow.s.clock.now().getTime());
};
const reported = async (flow: Flow, time: string, labels: Record<string, string>) => {
  await become(flow, time);
  await flow.fire(labels);
  await flow.pass(minute);
};

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    await flow.configure({ time_intervals: [night], silences: [nightly] });
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  /** What has been mailed since this was asked for the last time. */
  let read = 0;
  beforeEach(() => {
    read = 0;
  });
  const news = () => {
    const all = flow.mails('li.wei');
    const fresh = all.slice(read);
    read = all.length;
    return fresh;
  };

  describe('a silence that recurs', () => {
    it('hides every night, and every morning what still fires is told', async () => {
      await reported(flow, '05T20:00', disk);
      expect(news()).toEqual(['+1 new']);
      await reported(flow, '05T21:00', disk2);
      await become(flow, '06T04:59');
      expect(news()).toEqual([]);
      await become(flow, '06T05:00');
      expect(news()).toEqual(['+1 new, 1 still firing']);

      await become(flow, '06T20:59');
      expect(news()).toEqual(['Reminder: 2 still firing']);
      await become(flow, '06T22:00');
      await flow.end(disk);
      await reported(flow, '06T23:00', disk3);
      await become(flow, '07T04:59');
      expect(news()).toEqual([]);
      await become(flow, '07T05:00');
      expect(news()).toEqual(['+1 new, −1 resolved, 1 still firing']);
    });

    it('is told to nobody when it begins and ends within a night', async () => {
      await reported(flow, '05T22:00', disk);
      await flow.end(disk);
      await become(flow, '06T12:00');
      expect(news()).toEqual([]);
    });

    it('hides nothing before its start and after its end', async () => {
      await flow.configure({
        silences: [{ ...nightly, starts_at: '2026-01-05T23:00:00Z', ends_at: '2026-01-06T03:00:00Z' }],
      });
      await reported(flow, '05T22:00', disk);
      expect(news()).toEqual(['+1 new']);
      await reported(flow, '05T23:00', disk2);
      expect(news()).toEqual([]);
      await become(flow, '06T03:00');
      expect(news()).toEqual(['+1 new, 1 still firing']);
    });

    it('hands over to another silence without a message between', async () => {
      const early = { ...nightly, name: 'early', time_intervals: ['morning'] };
      const morning = {
        name: 'morning',
        time_intervals: [{ times: [{ start_time: '05:00', end_time: '09:00' }], location: 'UTC' }],
      };
      await flow.configure({ time_intervals: [night, morning], silences: [nightly, early] });
      await reported(flow, '05T23:00', disk);
      await become(flow, '06T05:00');
      await become(flow, '06T08:59');
      expect(news()).toEqual([]);
      await become(flow, '06T09:00');
      expect(news()).toEqual(['+1 new']);
    });

    it('obeys an edit of its interval at once, in both directions', async () => {
      const until = (end_time: string) => ({
        name: 'night',
        time_intervals: [{ times: [{ start_time: '00:00', end_time }], location: 'UTC' }],
      });
      await reported(flow, '05T22:00', disk);
      await flow.configure({ time_intervals: [until('12:00')] });
      expect(news()).toEqual(['+1 new']);
      await flow.configure({ time_intervals: [until('24:00')] });
      await reported(flow, '05T23:00', disk2);
      expect(news()).toEqual([]);
      await flow.configure({ silences: [{ ...nightly, time_intervals: [] }] });
      await become(flow, '11T12:00');
      expect(news()).toEqual([]);
      await become(flow, '12T08:00');
      expect(news()).toEqual(['+1 new, 1 still firing']);
    });

    it('holds back a message that waits to be tried again when the night begins', async () => {
      flow.smtp.rejectRecipient('li.wei@example.org', 451);
      await reported(flow, '05T20:58', disk);
      flow.smtp.clear();
      await become(flow, '05T21:00');
      await become(flow, '05T23:00');
      expect(news()).toEqual([]);
      await become(flow, '06T05:00');
      expect(news()).toEqual(['+1 new']);
    });

    it('is named with its interval wherever it is why nobody is told', async () => {
      await reported(flow, '05T20:00', disk);
      await reported(flow, '05T22:00', disk2);
      const { items } = await flow.s.api<{ items: { fingerprint: string }[] }>(
        'GET',
        `/api/v1/alerts?filter=${encodeURIComponent('instance="b"')}`,
      );
      const { steps } = await flow.s.api<{
        steps: { reason: string; text: string; text_zh: string; detail: object }[];
      }>('GET', `/api/v1/alerts/${items[0]?.fingerprint}/explain`);
      const step = steps.find((one) => one.reason === 'silenced');
      expect(step?.detail).toMatchObject({
        silences: [{ name: 'nightly', time_interval: 'night', until: '2026-01-06T05:00:00.000Z' }],
      });
      expect(step?.text).toContain('hidden by silence nightly (time interval night) until 2026-01-06 05:00:00 UTC');
      expect(step?.text_zh).toContain('静默 nightly（时间段 night），至 2026-01-06 05:00:00 UTC');
      const incidents = await flow.s.api<{ items: { id: string; silenced: object }[] }>('GET', '/api/v1/incidents');
      expect(incidents.items[0]?.silenced).toEqual({ alerts: 2, ended: 0, until: '2026-01-06T05:00:00.000Z' });
      const incident = await flow.s.api('GET', `/api/v1/incidents/${incidents.items[0]?.id}`);
      expect(incident['next_due']).toMatchObject({ at: '2026-01-06T05:00:00.000Z', reason: 'silenced' });
      await become(flow, '06T05:00');
      const later = await flow.s.api<{ items: { silenced: object }[] }>('GET', '/api/v1/incidents');
      expect(later.items[0]?.silenced).toEqual({ alerts: 0, ended: 0, until: null });
    });

    it('is looked at when the night begins, so that everybody can see from when on nobody is told', async () => {
      await reported(flow, '05T20:00', disk);
      const incidents = () => flow.s.api<{ items: { id: string }[] }>('GET', '/api/v1/incidents');
      const [incident] = (await incidents()).items;
      await become(flow, '05T20:59');
      const next = (await flow.s.api('GET', `/api/v1/incidents/${incident?.id}`))['next_due'];
      expect(next).toMatchObject({ at: '2026-01-05T21:00:00.000Z', reason: 'silenced' });
      expect(await flow.reasons('DiskFull')).not.toContain('silenced');
      await become(flow, '05T21:00');
      expect(await flow.reasons('DiskFull')).toContain('silenced');
      expect(news()).toEqual(['+1 new']);
    });

    it('that hides a reminder is named too', async () => {
      await reported(flow, '05T20:00', disk);
      await become(flow, '06T01:00');
      expect(await flow.reasons('DiskFull')).toContain('silenced');
      expect(news()).toEqual(['+1 new']);
    });

    it('lets a service that starts again in the morning tell', async () => {
      await reported(flow, '05T22:00', disk);
      // So that nothing else is due in the morning.
      await become(flow, '06T04:59');
      await flow.stopService();
      flow.s.clock.set('2026-01-06T05:00:00Z');
      await using after = await startFlow(deployment, {
        store: flow.store,
        servers: flow,
        service: { clock: flow.s.clock },
      });
      await after.rest();
      expect(after.mails('li.wei')).toEqual(['+1 new']);
    });
  });
});

eachDeployment(
  (deployment) => {
    it('another replica tells in the morning, by the interval as it was edited at the first one', async () => {
      await using first = await startFlow(deployment);
      const second = await startFlow(deployment, {
        store: first.store,
        servers: first,
        service: { clock: first.s.clock },
      });
      await first.configure({ time_intervals: [night], silences: [nightly] });
      await reported(first, '05T22:00', disk);
      const [, early] = night.time_intervals;
      const shorter = [night.time_intervals[0], { ...early, times: [{ start_time: '00:00', end_time: '04:00' }] }];
      await first.configure({ time_intervals: [{ ...night, time_intervals: shorter }] });
      await first.stopService();
      first.s.clock.set('2026-01-06T02:59:59Z');
      await second.rest();
      expect(second.mails('li.wei')).toEqual([]);
      first.s.clock.set('2026-01-06T03:00:00Z');
      await second.rest();
      expect(second.mails('li.wei')).toEqual(['+1 new']);
      await second.stopService();
    });
  },
  ['PostgreSQL only'],
);
