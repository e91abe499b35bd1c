import { eachDeployment } from '../support/deployments.ts';
import { company, type Flow, group, hour, minute, second, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };
const disk2 = { ...disk, instance: 'b' };

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    await flow.configure({});
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  const open = async () => (await flow.notifications()).filter((n) => n.state === 'pending' || n.state === 'sending');
  const toLiWei = async () =>
    (await flow.notifications()).filter((n) => n.destination.address === 'li.wei@example.org');

  describe('rule 4: receipts are per destination and alert', () => {
    it('a person in two alert groups is told once per channel, of the end too', async () => {
      await flow.configure({
        alert_groups: [
          group('database', { members: ['li.wei'], channels: ['email', 'wecom-app'], continue: true }),
          group('everything', { matchers: [], members: ['li.wei', 'zhang.san'], channels: ['email', 'wecom-app'] }),
        ],
      });
      await flow.fire(disk);
      await flow.pass(minute);
      await flow.pass(10 * minute);
      expect([flow.mails('li.wei'), flow.wecoms('liwei')]).toEqual([['+1 new'], ['+1 new']]);
      expect([flow.mails('zhang.san'), flow.wecoms('zhangsan')]).toEqual([['+1 new'], ['+1 new']]);
      expect(await flow.reasons('DiskFull')).toContain('already_told');
      await flow.end(disk);
      await flow.pass(10 * minute);
      expect([flow.mails('li.wei').length, flow.wecoms('liwei').length]).toEqual([2, 2]);
      expect(flow.mails('li.wei')[1]).toBe('−1 resolved, all clear');
    });

    it('channels are independent: a dead mail server holds up no WeChat message, and is caught up with later', async () => {
      await flow.configure({
        alert_groups: [group('database', { members: ['li.wei'], channels: ['email', 'wecom-app'] })],
      });
      await flow.smtp.stopListening();
      await flow.fire(disk);
      await flow.pass(30 * second);
      expect([flow.mails('li.wei'), flow.wecoms('liwei')]).toEqual([[], ['+1 new']]);
      await flow.smtp.listenAgain();
      await flow.pass(minute);
      expect([flow.mails('li.wei'), flow.wecoms('liwei')]).toEqual([['+1 new'], ['+1 new']]);
    });
  });

  describe('rule 5: one open notification per incident and destination', () => {
    it('what is refused is decided again: what has come meanwhile is in the one message that arrives', async () => {
      flow.smtp.failNext(3, { at: 'data', code: 451 });
      await flow.fire(disk);
      await flow.pass(30 * second);
      await flow.fire(disk2);
      await flow.pass(40 * second, 5 * second);
      expect(await open()).toMatchObject([{ state: 'pending', reason: 'retry', sequence: 1, attempts: 3 }]);
      await flow.pass(20 * second, 5 * second);
      expect(flow.mails('li.wei')).toEqual(['+2 new']);
      expect(await toLiWei()).toMatchObject([{ state: 'accepted', reason: 'retry', sequence: 1, attempts: 4 }]);
    });

    it('what has ended while it was refused is told to nobody', async () => {
      flow.smtp.failNext(1, { at: 'rcpt', code: 451 });
      await flow.fire(disk);
      await flow.pass(30 * second);
      await flow.end(disk);
      await flow.pass(10 * minute);
      expect(flow.mails('li.wei')).toEqual([]);
      expect(await toLiWei()).toMatchObject([{ state: 'cancelled', reason: 'resolved_before_told' }]);
    });

    it('in doubt the same bytes go again, whatever has come meanwhile; that is told afterwards', async () => {
      flow.smtp.resetAfterDot(1);
      await flow.fire(disk);
      await flow.pass(30 * second);
      await flow.fire(disk2);
      await flow.pass(6 * minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
      flow.lease.offsetMs = minute;
      await flow.rest();
      const [first, second_] = flow.mailsTo('li.wei');
      expect(second_?.messageId).toBe(first?.messageId);
      expect([second_?.subject, second_?.text, second_?.html]).toEqual([first?.subject, first?.text, first?.html]);
      await flow.pass(6 * minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new', '+1 new', '+1 new, 1 still firing']);
      expect(await toLiWei()).toMatchObject([
        { state: 'accepted', attempts: 2 },
        { state: 'accepted', attempts: 1 },
      ]);
    });

    describe('what can never arrive', () => {
      beforeEach(async () => {
        flow.smtp.rejectRecipient('li.wei@example.org');
        await flow.fire(disk);
        await flow.pass(minute);
      });
      const address = (email: string) => ({
        contacts: company.contacts.map((c) => (c.name === 'li.wei' ? { ...c, email } : c)),
      });

      it('is given up after one attempt, and the admins are told', async () => {
        await flow.pass(5 * hour);
        expect(await toLiWei()).toMatchObject([
          { state: 'undeliverable', reason: 'bad_recipient', attempts: 1, answer: expect.stringContaining('550') },
        ]);
        expect(
          flow
            .mailsTo('admin')
            .map((m) => m.text)
            .join(),
        ).toContain('NotificationUndeliverable');
      });

      it('is told after all when somebody arms its destination again', async () => {
        flow.smtp.acceptRecipient('li.wei@example.org');
        const [told] = await toLiWei();
        await flow.s.api('POST', `/api/v1/destinations/${told?.destination.id}/rearm`);
        await flow.pass(5 * minute);
        expect(flow.mails('li.wei')).toEqual(['+1 new']);
      });

      it('is told after all when somebody tries the notification again', async () => {
        flow.smtp.acceptRecipient('li.wei@example.org');
        await flow.s.api('POST', `/api/v1/notifications/${(await toLiWei())[0]?.id}/retry`);
        await flow.pass(5 * minute);
        expect(flow.mails('li.wei')).toEqual(['+1 new']);
      });

      it('is told to the new address at once when the contact is corrected', async () => {
        await flow.configure(address('wei.li@example.org'));
        expect(flow.mails('wei.li')).toEqual(['1 incident open, 1 alert firing']);
      });
    });
  });

  describe('rule 6: timers belong to the incident', () => {
    it('the first flush comes group_wait after the earliest start, and not in the past', async () => {
      const now = flow.s.clock.now().getTime();
      await flow.fire(disk, { startsAt: new Date(now - 20 * second) });
      await flow.fire(disk2, { startsAt: new Date(now) });
      await flow.pass(9 * second);
      expect(flow.mails('li.wei')).toEqual([]);
      await flow.pass(second);
      expect(flow.mails('li.wei')).toEqual(['+2 new']);
      await flow.fire({ ...disk, alertname: 'Old' }, { startsAt: new Date(now - hour) });
      expect(flow.mails('li.wei')).toEqual(['+2 new', '+1 new']);
    });

    it('later changes wait until group_interval after the last flush, and share one message', async () => {
      await flow.fire(disk);
      await flow.pass(30 * second);
      await flow.pass(minute);
      await flow.fire(disk2);
      await flow.end(disk);
      await flow.pass(4 * minute - second);
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
      await flow.pass(second);
      expect(flow.mails('li.wei')).toEqual(['+1 new', '+1 new, −1 resolved']);
    });

    it('repeat_interval counts from what the destination accepted last', async () => {
      flow.smtp.failNext(1, { at: 'data', code: 451 });
      await flow.fire(disk);
      await flow.pass(30 * second);
      await flow.pass(5 * minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
      await flow.pass(4 * hour - second);
      expect(flow.mails('li.wei')).toHaveLength(1);
      await flow.pass(second);
      expect(flow.mails('li.wei')).toEqual(['+1 new', 'Reminder: 1 still firing']);
    });

    it('what has resolved before it was told is told to nobody', async () => {
      await flow.fire(disk);
      await flow.pass(20 * second);
      await flow.end(disk);
      await flow.pass(hour);
      expect(flow.mails('li.wei')).toEqual([]);
    });

    it('what ended and fired again between two flushes is told once, as fired again', async () => {
      await flow.fire(disk);
      await flow.pass(30 * second);
      await flow.pass(minute);
      await flow.end(disk);
      await flow.pass(minute);
      await flow.fire(disk);
      await flow.pass(hour);
      expect(flow.mails('li.wei')).toEqual(['+1 new', '+1 fired again']);
    });

    it('without send_resolved nobody is told of an end', async () => {
      await flow.configure({
        alert_groups: [group('database', { members: ['li.wei'], policy: { send_resolved: false } })],
      });
      await flow.fire(disk);
      await flow.pass(minute);
      await flow.end(disk);
      await flow.pass(hour);
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
    });
  });
});
