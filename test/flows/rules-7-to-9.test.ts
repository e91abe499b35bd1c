import { eachDeployment } from '../support/deployments.ts';
import { type Flow, group, hour, minute, second, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };
const disk2 = { ...disk, instance: 'b' };
const disk3 = { ...disk, instance: 'c' };

interface Incident {
  id: string;
  state: string;
  acknowledged_by: string | null;
}

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    await flow.configure({});
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  const incidents = async () =>
    (await flow.s.api<{ items: Incident[] }>('GET', '/api/v1/incidents?group=database')).items.sort(
      (a, b) => Number(a.id) - Number(b.id),
    );
  const acknowledge = async (method = 'POST') => {
    const [incident] = await incidents();
    await flow.s.api(method, `/api/v1/incidents/${incident?.id}/acknowledge`);
    await flow.rest();
  };
  /** Fires and is told. */
  const told = async (labels: Record<string, string> = disk) => {
    await flow.fire(labels);
    await flow.pass(minute);
  };

  describe('rule 7: one open incident per alert group and group_by values', () => {
    it('alerts that share the values are one incident and one message, others are incidents of their own', async () => {
      await flow.configure({
        alert_groups: [group('database', { members: ['li.wei'], policy: { group_by: ['alertname', 'cluster'] } })],
      });
      const startsAt = flow.s.clock.now();
      const labels = [disk, disk2, { ...disk, cluster: 'x' }, { ...disk, alertname: 'Slow' }];
      await flow.report(
        'az-a',
        labels.map((one) => ({ labels: one, startsAt })),
      );
      await flow.pass(minute);
      expect(flow.mails('li.wei').sort()).toEqual(['+1 new', '+1 new', '+2 new']);
      expect(await incidents()).toHaveLength(3);
    });

    it('it closes when all has ended and is told; fired again within group_interval it reopens, in the same thread', async () => {
      await told();
      await flow.pass(5 * minute);
      await flow.end(disk);
      expect(await incidents()).toMatchObject([{ state: 'closed' }]);
      await flow.pass(4 * minute);
      await flow.fire(disk);
      await flow.pass(5 * minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new', '−1 resolved, all clear', '+1 fired again']);
      expect(await incidents()).toMatchObject([{ state: 'open' }]);
      const threads = new Set(flow.mailsTo('li.wei').map((mail) => mail.headers['references']));
      expect(threads.size).toBe(1);
    });

    it('fired again later it is a new incident, in a new thread', async () => {
      await told();
      await flow.end(disk);
      await flow.pass(5 * minute);
      await flow.pass(6 * minute);
      await told();
      expect(await incidents()).toMatchObject([{ state: 'closed' }, { state: 'open' }]);
      const threads = new Set(flow.mailsTo('li.wei').map((mail) => mail.headers['references']));
      expect(threads.size).toBe(2);
    });

    it('an acknowledgement stops repeats; fresh alerts are still told; taken back, it repeats again', async () => {
      await told();
      await acknowledge();
      await flow.pass(9 * hour);
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
      await told(disk2);
      expect(flow.mails('li.wei')).toEqual(['+1 new', '+1 new, 1 still firing']);
      await acknowledge('DELETE');
      await flow.pass(4 * hour);
      expect(flow.mails('li.wei').at(-1)).toBe('Reminder: 2 still firing');
    });

    it('a higher severity lifts the acknowledgement', async () => {
      await told();
      await acknowledge();
      await told({ ...disk2, severity: 'critical' });
      await flow.pass(5 * minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new', '+1 new, 1 still firing']);
      expect(await incidents()).toMatchObject([{ acknowledged_by: null }]);
      await flow.pass(4 * hour);
      expect(flow.mails('li.wei').at(-1)).toBe('Reminder: 2 still firing');
    });

    it('the acknowledgement ends when the incident closes', async () => {
      await told();
      await acknowledge();
      await flow.pass(5 * minute);
      await flow.end(disk);
      await flow.pass(minute);
      await told();
      await flow.pass(5 * minute);
      await flow.pass(4 * hour);
      expect(flow.mails('li.wei').slice(-2)).toEqual(['+1 fired again', 'Reminder: 1 still firing']);
    });
  });

  describe('rule 8: edits', () => {
    const twoGroups = (databaseMatcher: string) => ({
      alert_groups: [
        group('database', { members: ['li.wei'], matchers: [databaseMatcher] }),
        group('storage', { members: ['zhang.san'], matchers: ['alertname="DiskFull"'] }),
      ],
    });

    it('an open alert is routed anew at once; it leaves its old incident silently, and its end is told to all who knew', async () => {
      await flow.configure(twoGroups('team="database"'));
      await told();
      await flow.configure(twoGroups('team="nobody"'));
      await flow.pass(minute);
      expect([flow.mails('li.wei'), flow.mails('zhang.san')]).toEqual([['+1 new'], ['+1 new']]);
      expect(await flow.reasons('DiskFull')).toContain('rerouted');
      expect(await incidents()).toMatchObject([{ state: 'closed' }]);
      const [left] = await incidents();
      const { steps } = await flow.s.api<{ steps: { text: string }[] }>('GET', `/api/v1/incidents/${left?.id}/explain`);
      expect(steps.at(-1)?.text).toContain('moved its alerts out of it');
      await flow.end(disk);
      await flow.pass(5 * minute);
      const both = ['+1 new', '−1 resolved, all clear'];
      expect([flow.mails('li.wei'), flow.mails('zhang.san')]).toEqual([both, both]);
    });

    it('an alert that no route moves stays in its incident, acknowledged, also where each alert has one of its own', async () => {
      const each = group('database', { policy: { group_by: ['...'], group_wait: '30s' } });
      await flow.configure({ alert_groups: [each] });
      await told({ ...disk, owner: 'infra', x: '1' });
      const [before] = await incidents();
      await acknowledge();
      await flow.configure({ alert_groups: [each, group('another', { matchers: ['team="nobody"'] })] });
      await flow.pass(minute);
      expect(await incidents()).toMatchObject([{ id: before?.['id'], state: 'acknowledged' }]);
    });

    it('a former member hears of the end of what it knew, and of nothing that begins', async () => {
      await told();
      await flow.configure({ alert_groups: [group('database', { members: ['zhang.san'] })] });
      await told(disk2);
      await flow.pass(5 * minute);
      await flow.end(disk);
      await flow.pass(5 * minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new', '−1 resolved, all clear']);
      await flow.pass(5 * hour);
      expect(flow.mails('li.wei')).toHaveLength(2);
    });

    it('a new member starts with the next change', async () => {
      await told();
      await flow.configure({ alert_groups: [group('database', { members: ['li.wei', 'zhang.san'] })] });
      await flow.pass(hour);
      expect(flow.mails('zhang.san')).toEqual([]);
      await told(disk2);
      expect(flow.mails('zhang.san')).toEqual(['+2 new']);
      expect(flow.mails('li.wei')).toEqual(['+1 new', '+1 new, 1 still firing']);
    });

    it('a new member starts with the next repeat when nothing changes', async () => {
      await told();
      await flow.configure({ alert_groups: [group('database', { members: ['li.wei', 'zhang.san'] })] });
      await flow.pass(4 * hour);
      expect(flow.mails('zhang.san')).toHaveLength(1);
      expect(flow.mails('zhang.san')[0]).toMatch(/1 (new|still firing)/);
      expect(flow.mails('li.wei')).toEqual(['+1 new', 'Reminder: 1 still firing']);
    });

    it('an edit of the times counts for open incidents', async () => {
      await told();
      await flow.configure({
        alert_groups: [group('database', { members: ['li.wei'], policy: { repeat_interval: '1h' } })],
      });
      await flow.pass(hour);
      expect(flow.mails('li.wei')).toEqual(['+1 new', 'Reminder: 1 still firing']);
    });

    it('of an alert that two groups hold, each tells the end to its own: the other may not want it, or not yet', async () => {
      const slow = { members: ['zhang.san'], matchers: ['team="database"'], policy: { group_interval: '30m' } };
      const never = { members: ['wang.wu'], matchers: ['team="database"'], policy: { send_resolved: false } };
      await flow.configure({
        alert_groups: [
          group('database', { members: ['li.wei'], continue: true, policy: { group_interval: '1m' } }),
          group('slow', { ...slow, continue: true }),
          group('never', never),
        ],
      });
      await told();
      await flow.end(disk);
      await flow.pass(5 * minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new', '−1 resolved, all clear']);
      expect(flow.mails('zhang.san')).toEqual(['+1 new']);
      await flow.pass(hour);
      expect(flow.mails('zhang.san')).toEqual(['+1 new', '−1 resolved, all clear']);
      expect(flow.mails('wang.wu')).toEqual(['+1 new']);
    });

    it('when an alert group is deleted its alerts go where they match now, and who knew hears of the end', async () => {
      await flow.configure(twoGroups('team="database"'));
      await told();
      await flow.configure({ alert_groups: twoGroups('').alert_groups.slice(1) });
      await flow.pass(minute);
      await flow.end(disk);
      await flow.pass(5 * minute);
      const both = ['+1 new', '−1 resolved, all clear'];
      expect([flow.mails('li.wei'), flow.mails('zhang.san')]).toEqual([both, both]);
    });
  });

  describe('rule 9: what is suppressed makes no difference', () => {
    const silence = (matchers: string[], minutes: number) => ({
      silences: [
        {
          name: 'planned work',
          matchers,
          starts_at: flow.s.clock.now().toISOString(),
          ends_at: new Date(flow.s.clock.now().getTime() + minutes * minute).toISOString(),
          created_by: 'li.wei',
          // What its end is told of is another matter.
          notify: [],
          comment: 'disk is replaced',
        },
      ],
    });

    it('a silenced alert is told when the silence ends, if it still fires', async () => {
      await flow.configure(silence(['alertname="DiskFull"', 'instance=~"a|b"'], 60));
      await flow.report(
        'az-a',
        [disk, disk2, disk3].map((labels) => ({ labels, startsAt: flow.s.clock.now() })),
      );
      await flow.pass(minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
      expect(await flow.reasons('DiskFull')).toContain('new_alert');
      await flow.end(disk2);
      await flow.pass(hour - minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new', '+1 new, 1 still firing']);
      await flow.pass(5 * hour);
      expect(flow.mails('li.wei').slice(2)).toEqual(['Reminder: 2 still firing']);
    });

    it('what begins and ends within a silence is told to nobody', async () => {
      await flow.configure(silence(['team="database"'], 60));
      await told();
      expect(await flow.reasons('DiskFull')).toContain('silenced');
      await flow.end(disk);
      await flow.pass(2 * hour);
      expect(flow.mails('li.wei')).toEqual([]);
      expect(await incidents()).toMatchObject([{ state: 'closed' }]);
    });

    it('a silence holds back repeats and the end of what was told before it', async () => {
      await told();
      await flow.configure(silence(['team="database"'], 5 * 60));
      await flow.pass(4 * hour + 30 * minute);
      await flow.end(disk);
      await flow.pass(10 * minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
      await flow.pass(hour);
      expect(flow.mails('li.wei')).toEqual(['+1 new', '−1 resolved, all clear']);
    });

    it('a silence that is lifted early lets everything through at once', async () => {
      await flow.configure(silence(['team="database"'], 600));
      await told();
      await flow.pass(10 * minute);
      await flow.configure({ silences: [] });
      await flow.pass(second);
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
    });

    it('a silence made by the API works like one in the file', async () => {
      await flow.s.api('POST', '/api/v1/silences', {
        matchers: [{ name: 'alertname', value: 'DiskFull', isRegex: false, isEqual: true }],
        duration: '1h',
        comment: 'known',
      });
      await flow.rest();
      await told();
      expect(flow.mails('li.wei')).toEqual([]);
      await flow.pass(hour);
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
    });
  });
});
