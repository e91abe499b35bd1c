import { eachDeployment } from '../support/deployments.ts';
import { payload } from '../support/payload.ts';
import { eventually } from '../support/wait.ts';
import { type Flow, group, hour, minute, second, startFlow, tokenOf } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };
const disk2 = { ...disk, instance: 'b' };
const room = group('database', { channels: [], robots: ['ops'] });
const alarmed = { labels: { alertname: 'Watchdog', prometheus: 'mon/a' } };

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    await flow.configure({});
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  const silenceOf = (...matchers: string[]) => [
    {
      name: 'all of it',
      matchers,
      starts_at: flow.s.clock.now().toISOString(),
      ends_at: new Date(flow.s.clock.now().getTime() + 24 * hour).toISOString(),
      created_by: 'li.wei',
      comment: 'quiet please',
    },
  ];
  /** Three beats, and then silence until the alarm is out. */
  const loseHeartbeat = async (source = 'az-a') => {
    for (let beat = 0; beat < 3; beat++) {
      await flow.report(source, { ...alarmed, startsAt: new Date(0) });
      await flow.pass(minute, 10 * second);
    }
    await flow.pass(3 * minute, 10 * second);
  };

  describe('rule 10: the order of gates', () => {
    it('nothing passes a silence but a watchdog alarm, not even a critical alert', async () => {
      await flow.configure({ silences: silenceOf('alertname=~".+"') });
      await flow.fire({ ...disk, severity: 'critical' });
      await flow.pass(hour);
      expect(flow.mails('li.wei')).toEqual([]);
      await loseHeartbeat();
      expect(flow.mails('admin')).toHaveLength(1);
    });

    it('the group timers come before the rate limit: a storm in a room is packed, and criticals use what is reserved', async () => {
      await flow.configure({
        alert_groups: [{ ...room, policy: { group_by: ['instance'], group_wait: '30s', group_interval: '5m' } }],
      });
      const startsAt = flow.s.clock.now();
      const storm = Array.from({ length: 30 }, (_, i) => ({
        labels: { ...disk, instance: `i${i}`, severity: i === 7 ? 'critical' : 'warning' },
        startsAt,
      }));
      await flow.report('az-a', storm);
      await flow.pass(30 * second);
      const shown = flow.wecomsTo('robot-key').map((message) => message.content);
      expect(shown).toHaveLength(2);
      expect(flow.wecoms('robot-key').sort()).toEqual(['+1 new', '+29 new']);
      expect((await flow.notifications()).filter((n) => n.state === 'accepted')).toHaveLength(30);
      await flow.pass(10 * minute);
      expect(flow.wecoms('robot-key')).toHaveLength(2);
    });
  });

  describe('rule 11: watchdog alarms', () => {
    it('pass a silence and an exhausted rate limit', async () => {
      await flow.configure({
        alert_groups: [{ ...room, policy: { group_by: ['instance'], group_wait: '0s' } }],
        heartbeats: [{ name: 'prom-a', source: 'az-a', matchers: ['alertname="Watchdog"'], alert_group: 'database' }],
        silences: silenceOf('alertname=~"Watchdog|HeartbeatLost"'),
      });
      await loseHeartbeat();
      expect(flow.wecoms('robot-key')).toHaveLength(1);
      expect(flow.wecomsTo('robot-key')[0]?.content).toContain('MONITORING SILENT');
    });

    it('the same heartbeat lost from several sources is one incident and one message that names each', async () => {
      for (let beat = 0; beat < 3; beat++) {
        for (const source of ['az-a', 'az-b', 'az-c']) await flow.report(source, { ...alarmed, startsAt: new Date(0) });
        await flow.pass(minute, 10 * second);
      }
      await flow.pass(4 * minute, 10 * second);
      expect(flow.mailsTo('admin').filter((m) => m.subject.startsWith('[MONITORING SILENT]'))).toHaveLength(1);
      const subject = flow.mailsTo('admin')[0]?.subject;
      for (const source of ['az-a', 'az-b', 'az-c']) expect(subject).toContain(source);
      const { items } = await flow.s.api<{ items: unknown[] }>('GET', '/api/v1/incidents?group=watchdog');
      expect(items).toHaveLength(1);
    });

    it('a discovered heartbeat is armed after three beats, not before', async () => {
      await flow.report('az-a', alarmed);
      await flow.pass(minute, 10 * second);
      await flow.report('az-a', alarmed);
      await flow.pass(8 * minute, 10 * second);
      expect(flow.smtp.mails.filter((m) => m.subject.includes('MONITORING'))).toEqual([]);
      await flow.report('az-a', alarmed);
      await flow.pass(25 * minute, 10 * second);
      expect(flow.smtp.mails.filter((m) => m.subject.includes('MONITORING SILENT'))).toHaveLength(1);
    });

    it('a report that is a beat stops there, told apart by its full labels', async () => {
      await flow.report(
        'az-a',
        ['r0', 'r1'].map((replica) => ({ labels: { ...alarmed.labels, replica } })),
      );
      const { streams } = await flow.s.api<{ streams: { labels: object }[] }>('GET', '/api/v1/heartbeats');
      expect(streams.map((s) => s.labels)).toEqual(
        expect.arrayContaining([
          { ...alarmed.labels, replica: 'r0' },
          { ...alarmed.labels, replica: 'r1' },
        ]),
      );
      expect((await flow.s.api<{ items: unknown[] }>('GET', '/api/v1/alerts')).items).toEqual([]);
    });
  });

  describe('rule 12: leases use the database clock', () => {
    it('an acceptance that arrives after its lease was lost records the attempt and moves the receipts', async () => {
      const other = await startFlow(deployment, { store: flow.store, servers: flow, service: { clock: flow.s.clock } });
      try {
        const answerFirst = flow.smtp.hold();
        await flow.fire(disk);
        flow.s.clock.advance(30 * second);
        const first = flow.rest();
        await eventually(() => flow.mails('li.wei').length === 1);
        const answerSecond = flow.smtp.hold();
        flow.lease.offsetMs = other.lease.offsetMs = 2 * minute;
        const both = Promise.all([first, other.rest()]);
        await eventually(() => flow.mails('li.wei').length === 2);
        answerFirst();
        const [told] = await flow.notifications();
        const tries = async () => (await flow.attempts(told?.id ?? '')).map((t) => t.reason);
        await eventually(async () => (await tries())[0]);
        expect(await tries()).toEqual(['late_acceptance', null]);
        expect(await flow.notifications()).toMatchObject([{ state: 'sending' }]);
        expect((await flow.s.service.db.query('select state from receipt')).rows).toEqual([{ state: 'firing' }]);
        answerSecond();
        await both;
        expect(await tries()).toEqual(['late_acceptance', 'accepted']);
        expect(new Set(flow.mailsTo('li.wei').map((m) => m.messageId)).size).toBe(1);
        await flow.pass(10 * minute);
        expect(flow.mails('li.wei')).toEqual(['+1 new', '+1 new']);
      } finally {
        await other.stopService();
      }
    });

    it('the clock of this process ends no lease', async () => {
      flow.smtp.resetAfterDot(1);
      await flow.fire(disk);
      await flow.pass(30 * second);
      await flow.pass(hour);
      expect(flow.mails('li.wei')).toHaveLength(1);
      expect(await flow.notifications('channel=email')).toMatchObject([{ state: 'sending', attempts: 1 }]);
    });
  });

  describe('rule 13: the same message has the same identity', () => {
    it('a Message-ID belongs to one destination, incident and sequence, whatever is refused in between', async () => {
      await flow.configure({ alert_groups: [group('database', { members: ['li.wei', 'zhang.san'] })] });
      flow.smtp.failNext(2, { at: 'data', code: 451 });
      await flow.fire(disk);
      await flow.pass(30 * second);
      const ids = async () => {
        const rows = await flow.notifications('channel=email');
        const details = rows.map((n) => flow.s.api<{ message_id: string }>('GET', `/api/v1/notifications/${n.id}`));
        return (await Promise.all(details)).map((n) => n.message_id);
      };
      const before = await ids();
      await flow.pass(6 * minute);
      expect(await ids()).toEqual(before);
      expect(flow.smtp.mails.map((m) => m.messageId).sort()).toEqual([...before].sort());
      await flow.fire(disk2);
      await flow.pass(6 * minute);
      expect(new Set(flow.smtp.mails.map((m) => m.messageId)).size).toBe(4);
    });

    it('a WeChat body ends with its sequence and is byte-identical when repeated, so WeCom swallows the repeat', async () => {
      await flow.configure({ alert_groups: [group('database', { members: ['li.wei'], channels: ['wecom-app'] })] });
      flow.wecom.faults.next('/cgi-bin/message/send', { reset: 'after' });
      await flow.fire(disk);
      await flow.pass(30 * second);
      await flow.fire(disk2);
      flow.lease.offsetMs = minute;
      await flow.rest();
      const sent = flow.wecom.requests.filter((r) => r.path === '/cgi-bin/message/send').map((r) => r.body);
      expect(sent).toHaveLength(2);
      expect(sent[1]).toBe(sent[0]);
      expect(flow.wecom.discarded.map((d) => d.why)).toEqual(['duplicate']);
      expect(flow.wecoms('liwei')).toEqual(['+1 new']);
      expect(flow.wecomsTo('liwei')[0]?.content.trimEnd()).toMatch(/\n#1-[0-9a-f]+$/);
      expect(await flow.notifications('channel=wecom-app')).toMatchObject([{ state: 'accepted', attempts: 2 }]);
    });

    it('a reminder with equal facts is not taken for a repeat', async () => {
      await flow.configure({
        alert_groups: [
          group('database', { members: ['li.wei'], channels: ['wecom-app'], policy: { repeat_interval: '5m' } }),
        ],
      });
      await flow.fire(disk);
      await flow.pass(30 * second);
      await flow.pass(5 * minute);
      await flow.pass(5 * minute);
      expect(flow.wecoms('liwei')).toEqual(['+1 new', 'Reminder: 1 still firing', 'Reminder: 1 still firing']);
      expect(flow.wecom.discarded).toEqual([]);
    });

    it('a room cannot be protected so: a message in doubt may appear twice', async () => {
      await flow.configure({ alert_groups: [room] });
      flow.wecom.faults.next('/cgi-bin/webhook/send', { reset: 'after' });
      await flow.fire(disk);
      await flow.pass(30 * second);
      flow.lease.offsetMs = minute;
      await flow.rest();
      expect(flow.wecoms('robot-key')).toEqual(['+1 new', '+1 new']);
    });
  });

  describe('rule 14: our own trouble is an alert too', () => {
    /** Texts of the alarms that the admins got. */
    const alarms = () =>
      flow
        .mailsTo('admin')
        .map((mail) => mail.text)
        .join('\n');

    it('malformed alerts, refused bodies and truncated posts alarm, and the alarm ends when they stay away', async () => {
      await flow.report('az-a', [{ labels: disk }, { labels: { alertname: '' } }], { truncatedAlerts: 3 });
      const refused = await flow.s.post(tokenOf('az-b'), '{"version":"9"}');
      expect(refused.status).toBe(400);
      await flow.pass(second);
      await flow.pass(30 * second);
      for (const name of ['AlertsQuarantined', 'AlertsTruncated', 'WebhookRefused']) expect(alarms()).toContain(name);
      const { items } = await flow.s.api<{ items: { state: string }[] }>('GET', '/api/v1/incidents?group=self');
      expect(items.length).toBeGreaterThan(0);
      await flow.pass(20 * minute);
      await flow.pass(10 * minute);
      expect(flow.mails('admin').at(-1)).toContain('resolved');
      const open = await flow.s.api<{ items: unknown[] }>('GET', '/api/v1/incidents?group=self&state=open');
      expect(open.items).toEqual([]);
    });

    it('a source that goes quiet alarms', async () => {
      await flow.fire(disk);
      await flow.pass(minute, 10 * second);
      await flow.fire(disk);
      await flow.pass(7 * minute, 10 * second);
      expect(alarms()).toContain('SourceQuiet');
      await flow.fire(disk);
      await flow.pass(10 * minute);
      expect(flow.mails('admin').at(-1)).toContain('resolved');
    });

    it('a channel that fails again and again alarms by the others, and says when it works again', async () => {
      await flow[Symbol.asyncDispose]();
      flow = await startFlow(deployment, { env: { MM_EMERGENCY_CONTACTS: 'wecom:WangWu' } });
      await flow.configure({});
      await flow.smtp.stopListening();
      await flow.fire(disk);
      await flow.pass(30 * second);
      await flow.pass(2 * minute, 5 * second);
      expect(
        flow
          .wecomsTo('wangwu')
          .map((m) => m.content)
          .join(),
      ).toContain('NotificationsFailing');
      await flow.smtp.listenAgain();
      await flow.pass(10 * minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
      expect(flow.wecoms('wangwu').at(-1)).toContain('resolved');
    });

    it('messages that wait for long are a backlog, and two sites that report equal label sets are a warning', async () => {
      await flow.configure({
        sources: ['az-a', 'az-b'].map((name) => ({ name, site: `site of ${name}`, token: tokenOf(name) })),
      });
      for (const source of ['az-a', 'az-b']) {
        const answer = await flow.s.post(tokenOf(source), payload([{ labels: disk, startsAt: flow.s.clock.now() }]));
        expect(answer.status).toBe(200);
      }
      await flow.rest();
      flow.smtp.failNext(100, { at: 'connect', code: 451 });
      await flow.pass(10 * minute, 30 * second);
      flow.s.clock.advance(20 * minute);
      await flow.s.service.selfCheck();
      flow.smtp.clear();
      await flow.pass(10 * minute);
      await flow.pass(10 * minute);
      for (const name of ['DeliveryBacklog', 'SourcesShareLabels']) expect(alarms()).toContain(name);
    });
  });
});
