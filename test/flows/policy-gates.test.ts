/** What the policy of an alert group puts between an alert and its members (rule 10). */
import { eachDeployment } from '../support/deployments.ts';
import { type Flow, group, hour, minute, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', severity: 'warning' };

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment, { channels: ['email'] });
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  const policy = (more: Record<string, unknown>, members = ['li.wei']) =>
    flow.configure({ alert_groups: [group('database', { members, policy: more })] });
  const mails = () => flow.mails('li.wei');
  const nextDue = async () => {
    const { items } = await flow.s.api<{ items: { id: string }[] }>('GET', '/api/v1/incidents');
    const incident = await flow.s.api<{ next_due: unknown }>('GET', `/api/v1/incidents/${items[0]?.id}`);
    return incident.next_due;
  };

  describe('for', () => {
    it('tells of an alert only when it has fired that long, and counts from its start, beside group_wait', async () => {
      await policy({ for: '5m', group_wait: '1m' });
      const startsAt = flow.s.clock.now();
      await flow.fire(disk, { startsAt });
      await flow.pass(4 * minute, 30_000);
      expect(mails()).toEqual([]);
      expect(await nextDue()).toMatchObject({
        reason: 'for',
        at: new Date(startsAt.getTime() + 5 * minute).toISOString(),
      });
      await flow.pass(minute, 30_000);
      expect(mails()).toEqual(['+1 new']);
      expect(await flow.reasons('DiskFull')).toContain('for');
    });

    it('tells nothing of what ends before', async () => {
      await policy({ for: '5m' });
      await flow.fire(disk);
      await flow.pass(4 * minute, 30_000);
      await flow.end(disk);
      await flow.pass(hour, 5 * minute);
      expect(mails()).toEqual([]);
    });

    it('lets what is ripe be told while another is not, and tells that one when it is', async () => {
      await policy({ for: '5m', group_by: [], group_interval: '1m' });
      await flow.fire(disk);
      await flow.pass(3 * minute, 30_000);
      await flow.fire({ ...disk, instance: 'b' });
      await flow.pass(3 * minute, 30_000);
      expect(mails()).toEqual(['+1 new']);
      await flow.pass(3 * minute, 30_000);
      expect(mails()).toEqual(['+1 new', '+1 new, 1 still firing']);
    });
  });

  describe('mute and active times', () => {
    // The clock of the flow starts on a Monday at eight, UTC.
    const interval = (name: string, start_time: string, end_time: string) => ({
      name,
      time_intervals: [{ times: [{ start_time, end_time }] }],
    });
    const times = { time_intervals: [interval('deploy', '08:00', '09:00'), interval('office', '09:00', '17:00')] };

    it.each([
      ['a mute time that is active', { mute_time_intervals: ['deploy'] }],
      ['active times that are not', { active_time_intervals: ['office'] }],
    ])('%s keeps an alert group quiet until it ends, and says so', async (_, more) => {
      await flow.configure({
        ...times,
        alert_groups: [group('database', { members: ['li.wei'], policy: more })],
      });
      const end = new Date(flow.s.clock.now());
      end.setUTCHours(9, 0, 0, 0);
      await flow.fire(disk);
      await flow.pass(10 * minute, minute);
      expect(mails()).toEqual([]);
      expect(await nextDue()).toMatchObject({ reason: 'muted', at: end.toISOString() });
      await flow.pass(end.getTime() - flow.s.clock.now().getTime() - minute, 5 * minute);
      expect(mails()).toEqual([]);
      await flow.pass(minute, 30_000);
      expect(mails()).toEqual(['+1 new']);
    });

    it('refuse a time interval that is not there, and keep one that is used from being deleted', async () => {
      const body = group('web', { policy: { mute_time_intervals: ['nights'] } });
      await expect(flow.s.api('POST', '/api/v1/alert-groups', body)).rejects.toThrow(/nights/);
      await flow.configure({ ...times, alert_groups: [group('web', { policy: { mute_time_intervals: ['deploy'] } })] });
      await expect(flow.s.api('DELETE', '/api/v1/time-intervals/deploy')).rejects.toThrow();
    });
  });

  describe('keep_firing_for', () => {
    it('tells the end only when it has lasted that long, and nothing of a pause that was shorter', async () => {
      await policy({ keep_firing_for: '10m', group_wait: '0s', group_interval: '1m' });
      await flow.fire(disk);
      expect(mails()).toEqual(['+1 new']);
      await flow.pass(5 * minute, minute);
      await flow.end(disk);
      await flow.pass(8 * minute, minute);
      expect(await nextDue()).toMatchObject({ reason: 'keep_firing_for' });
      await flow.fire(disk);
      await flow.pass(5 * minute, minute);
      expect(mails()).toEqual(['+1 new']);
      await flow.end(disk);
      await flow.pass(9 * minute, minute);
      expect(mails()).toEqual(['+1 new']);
      await flow.pass(2 * minute, minute);
      expect(mails()).toEqual(['+1 new', '−1 resolved, all clear']);
    });

    it('keeps the end for who is no member any more, too', async () => {
      await policy({ keep_firing_for: '10m', group_wait: '0s', group_interval: '1m' });
      await flow.fire(disk);
      await flow.end(disk, { endsAt: new Date(flow.s.clock.now().getTime() + 1) });
      await policy({ keep_firing_for: '10m', group_wait: '0s', group_interval: '1m' }, ['zhang.san']);
      await flow.pass(9 * minute, minute);
      expect(mails()).toEqual(['+1 new']);
      await flow.pass(2 * minute, minute);
      expect(mails()).toEqual(['+1 new', '−1 resolved, all clear']);
    });

    it('tells nothing of what ended before anybody was told', async () => {
      await policy({ keep_firing_for: '10m', group_wait: '1m' });
      await flow.fire(disk);
      await flow.end(disk, { endsAt: new Date(flow.s.clock.now().getTime() + 1) });
      await flow.pass(30 * minute, minute);
      expect(mails()).toEqual([]);
    });
  });

  describe('flapping', () => {
    /** Fires and ends once, in ten minutes. */
    const flap = async () => {
      await flow.fire(disk);
      await flow.pass(5 * minute, minute);
      await flow.end(disk);
      await flow.pass(5 * minute, minute);
    };

    it('is told once when it begins and once when it is over, and nothing in between', async () => {
      await policy({ flapping: { changes: 4, within: '1h' }, group_wait: '0s', group_interval: '1m' });
      for (let i = 0; i < 5; i++) await flap();
      expect(mails()).toEqual([
        '+1 new',
        '−1 resolved, all clear',
        '+1 fired again',
        '−1 resolved, all clear',
        '1 flapping',
      ]);
      expect(await nextDue()).toMatchObject({ reason: 'flapping' });
      expect(await flow.reasons('DiskFull')).toContain('flapping');
      await flow.pass(2 * hour, minute);
      expect(mails().slice(5)).toEqual(['−1 resolved, all clear']);
      expect(flow.mailsTo('li.wei').at(-1)?.text).toContain('no longer flapping');
    });

    it('keeps the end for who is no member any more, too', async () => {
      const flapping = { changes: 4, within: '1h' };
      await policy({ flapping, group_wait: '0s', group_interval: '1m' });
      for (let i = 0; i < 3; i++) await flap();
      const told = mails().length;
      await policy({ flapping, group_wait: '0s', group_interval: '1m' }, ['zhang.san']);
      await flow.pass(30 * minute, minute);
      expect(await nextDue()).toMatchObject({ reason: 'flapping' });
      expect(mails().slice(told)).toEqual([]);
      await flow.pass(2 * hour, minute);
      expect(mails().slice(told)).toEqual(['−1 resolved, all clear']);
      expect(flow.mailsTo('zhang.san')).toEqual([]);
    });

    it('that ends while it fires is told as firing', async () => {
      await policy({ flapping: { changes: 4, within: '1h' }, group_wait: '0s', group_interval: '1m' });
      for (let i = 0; i < 3; i++) await flap();
      await flow.fire(disk);
      const startsAt = flow.s.clock.now();
      for (let i = 0; i < 24; i++) {
        await flow.pass(5 * minute, minute);
        await flow.fire(disk, { startsAt });
      }
      expect(mails().slice(4)).toEqual(['1 flapping', '+1 fired again']);
    });
  });
});
