/** What an alert group keeps back and then tells in one message: storms and quiet hours. */
import { eachDeployment } from '../support/deployments.ts';
import { type Flow, group, hour, minute, second, startFlow } from './flow.ts';

const node = (n: number, more: Record<string, string> = {}) => ({
  alertname: n % 3 === 0 ? 'NodeDown' : 'PodCrash',
  team: 'database',
  severity: 'warning',
  instance: `host-${n}`,
  ...more,
});
const critical = { alertname: 'DataLost', team: 'database', severity: 'critical', instance: 'host-0' };

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  const mails = () => flow.mails('li.wei');
  const fireMany = (from: number, to: number) => {
    const startsAt = flow.s.clock.now();
    return flow.report(
      'az-a',
      Array.from({ length: to - from }, (_, n) => ({ labels: node(from + n), startsAt })),
    );
  };

  describe('a storm', () => {
    beforeEach(() =>
      flow.configure({
        alert_groups: [
          group('database', {
            members: ['li.wei'],
            robots: ['ops'],
            policy: { group_by: ['instance'], storm: { alerts: 10, within: '5m', interval: '10m' } },
          }),
        ],
      }),
    );

    it('becomes one message with what most of it has in common, then one in each interval, and says when it is over', async () => {
      await fireMany(0, 30);
      await flow.pass(30 * second);
      expect(mails()).toEqual([]);
      await flow.pass(15 * second);
      expect(mails()).toEqual(['STORM in database, 30 alerts since 08:00:30: +30 new']);
      expect(flow.wecoms('robot-key')).toHaveLength(1);
      const [mail] = flow.mailsTo('li.wei');
      expect(mail?.subject).toMatch(/^\[FIRING:30\] STORM in database · 30 incidents: (NodeDown|PodCrash), /);
      expect(mail?.text).toContain('By alertname: PodCrash 20, NodeDown 10');
      expect(mail?.text).toContain('/?group=database');
      await flow.pass(5 * minute, minute);
      await fireMany(30, 50);
      await flow.pass(4 * minute, minute);
      expect(mails()).toHaveLength(1);
      await flow.pass(2 * minute, 15 * second);
      expect(mails().slice(1)).toEqual(['STORM in database, 50 alerts since 08:00:30: +20 new']);
      await flow.end(node(31));
      await flow.pass(11 * minute, 15 * second);
      expect(mails().slice(2)).toEqual(['Storm in database is over, 50 alerts in 20 min: −1 resolved, all clear']);
      expect(flow.wecoms('robot-key')).toHaveLength(3);
    });

    it('says when it is over, also when nothing is left to tell with that', async () => {
      await fireMany(0, 30);
      await flow.end(node(0));
      await flow.pass(2 * minute, 15 * second);
      expect(mails()).toHaveLength(1);
      await flow.pass(20 * minute, 15 * second);
      expect(mails().slice(1)).toEqual(['The storm in database is over: 29 alerts in 10 min']);
      const [, over] = flow.mailsTo('li.wei');
      expect(over?.subject).toBe('[STORM OVER] database: 29 alerts, 29 still firing');
      expect(over?.text).toContain('Still firing (29)');
      expect(over?.text).toContain('/?group=database');
      expect(flow.wecoms('robot-key').slice(1).join()).toContain('The storm in database is over: 29 alerts');
      await flow.pass(hour, 5 * minute);
      expect(mails()).toHaveLength(2);
    });

    it('says when it is over to whom a message reached after the end that was worded before it', async () => {
      await fireMany(0, 30);
      await flow.pass(30 * second);
      flow.smtp.resetAfterDot(1);
      await flow.pass(15 * second);
      // The lease goes by real time: until the end of the storm it lasts.
      flow.lease.offsetMs = -hour;
      await flow.pass(10 * minute, 15 * second);
      expect(mails()).toHaveLength(1);
      flow.lease.offsetMs = hour;
      await flow.pass(2 * minute, 15 * second);
      expect(mails()).toEqual([
        'STORM in database, 30 alerts since 08:00:30: +30 new',
        'STORM in database, 30 alerts since 08:00:30: +30 new',
        'The storm in database is over: 30 alerts in 10 min',
      ]);
      expect(flow.wecoms('robot-key')).toHaveLength(2);
    });

    it('lets critical alerts pass, those of the same seconds in one message', async () => {
      await fireMany(0, 30);
      await flow.pass(2 * minute, 15 * second);
      const startsAt = flow.s.clock.now();
      const two = ['host-90', 'host-91'].map((instance) => ({ ...critical, instance }));
      await flow.report(
        'az-a',
        two.map((labels) => ({ labels, startsAt })),
      );
      await flow.pass(35 * second, 5 * second);
      expect(mails().slice(1)).toEqual(['+2 new']);
      expect(flow.mailsTo('li.wei')[1]?.subject).toMatch(/^\[FIRING:2\] CRITICAL 2 incidents: DataLost/);
    });

    it('is not made of what is silenced or flaps, nor of fewer alerts than that', async () => {
      await flow.configure({
        silences: [{ name: 'known', matchers: ['instance=~"host-2."'], duration: '1h', comment: 'known' }],
      });
      await fireMany(0, 10);
      await fireMany(20, 30);
      await flow.pass(minute, 15 * second);
      expect(mails()).toHaveLength(10);
    });

    it('is explained to whoever waits', async () => {
      await fireMany(0, 30);
      await flow.pass(2 * minute, 15 * second);
      await flow.fire({ ...node(31), alertname: 'Late' });
      await flow.pass(minute, 15 * second);
      expect(await flow.reasons('Late')).toContain('storm');
      const { items } = await flow.s.api<{ items: { id: string }[] }>(
        'GET',
        `/api/v1/incidents?filter=${encodeURIComponent('alertname="Late"')}`,
      );
      const incident = await flow.s.api<{ next_due: unknown }>('GET', `/api/v1/incidents/${items[0]?.id}`);
      expect(incident.next_due).toMatchObject({ reason: 'storm' });
    });
  });

  describe('quiet hours', () => {
    // The clock of the flow starts on a Monday at eight, UTC.
    beforeEach(() =>
      flow.configure({
        time_intervals: [{ name: 'night', time_intervals: [{ times: [{ start_time: '08:00', end_time: '10:00' }] }] }],
        alert_groups: [
          group('database', {
            members: ['li.wei'],
            policy: { group_by: ['instance'], quiet_time_intervals: ['night'] },
          }),
        ],
      }),
    );

    it('keep what is not critical, and end with one message of what still holds', async () => {
      await fireMany(0, 3);
      await flow.end(node(1));
      await flow.fire(critical);
      await flow.pass(5 * minute, 30 * second);
      // What shares the incident with the critical one is told with it.
      expect(mails()).toEqual(['+2 new']);
      expect(await flow.reasons('PodCrash')).toContain('quiet_hours');
      await flow.pass(2 * hour, 5 * minute);
      expect(mails().slice(1)).toEqual(['After quiet hours: +1 new']);
    });

    it('keep what was decided before them and could not be sent', async () => {
      await flow.configure({
        time_intervals: [{ name: 'night', time_intervals: [{ times: [{ start_time: '08:02', end_time: '10:00' }] }] }],
      });
      await flow.smtp.stopListening();
      await fireMany(0, 2);
      await flow.pass(3 * minute, 15 * second);
      await flow.smtp.listenAgain();
      await flow.pass(hour, 5 * minute);
      expect(mails()).toEqual([]);
      await flow.pass(hour, minute);
      expect(mails()).toEqual(['After quiet hours: +2 new']);
    });

    it('keep reminders too', async () => {
      await flow.configure({
        time_intervals: [{ name: 'night', time_intervals: [{ times: [{ start_time: '09:00', end_time: '20:00' }] }] }],
      });
      await flow.fire(node(1));
      await flow.pass(minute);
      await flow.pass(11 * hour + 58 * minute, 10 * minute);
      expect(mails()).toEqual(['+1 new']);
      await flow.pass(2 * minute, 15 * second);
      expect(mails()).toEqual(['+1 new', 'After quiet hours: Reminder: 1 still firing']);
    });
  });
});
