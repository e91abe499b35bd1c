import { eachDeployment } from '../support/deployments.ts';
import { type Flow, group, hour, minute, second, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    await flow.configure({});
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  const rows = async (name = 'li.wei') =>
    (await flow.notifications('channel=email')).filter((n) => n.destination.address === `${name}@example.org`);
  const outcomes = async (name?: string) =>
    (await flow.attempts((await rows(name))[0]?.id ?? '')).map(({ outcome, reason }) => [outcome, reason]);
  const fireAndFlush = async () => {
    await flow.fire(disk);
    await flow.pass(30 * second);
  };

  it('a mail server that is down costs attempts, and nothing else', async () => {
    await flow.smtp.stopListening();
    await fireAndFlush();
    expect(await rows()).toMatchObject([
      { state: 'pending', reason: 'retry', attempts: 1, answer: expect.stringContaining('ECONNREFUSED') },
    ]);
    await flow.pass(minute, 5 * second);
    expect((await rows())[0]).toMatchObject({ state: 'pending', attempts: 4 });
    await flow.smtp.listenAgain();
    await flow.pass(minute, 5 * second);
    expect(flow.mails('li.wei')).toEqual(['+1 new']);
    expect(await rows()).toMatchObject([{ state: 'accepted', answer: expect.stringMatching(/^250/), remedy: null }]);
    expect(await outcomes()).toEqual([...Array(4).fill(['transient', 'network']), ['accepted', 'accepted']]);
  });

  it.each(['connect', 'mail', 'rcpt', 'data'] as const)(
    '451 at %s is tried again later, with the same Message-ID',
    async (at) => {
      flow.smtp.failNext(1, { at, code: 451, text: '4.7.1 greylisted' });
      await fireAndFlush();
      expect(flow.mails('li.wei')).toEqual([]);
      expect(await rows()).toMatchObject([{ state: 'pending', reason: 'retry', attempts: 1 }]);
      expect((await rows())[0]?.answer).toContain('451');
      await flow.pass(10 * second);
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
      expect(await outcomes()).toEqual([
        ['transient', 'provider_error'],
        ['accepted', 'accepted'],
      ]);
    },
  );

  it('a server that greylists for five minutes gets few and patient attempts', async () => {
    flow.smtp.rejectRecipient('li.wei@example.org', 451, '4.7.1 greylisted, come back in 5 minutes');
    await fireAndFlush();
    await flow.pass(5 * minute, 5 * second);
    flow.smtp.acceptRecipient('li.wei@example.org');
    await flow.pass(6 * minute, 5 * second);
    expect(flow.mails('li.wei')).toEqual(['+1 new']);
    expect((await rows())[0]?.attempts).toBeLessThanOrEqual(8);
  });

  it('550 for one of three recipients is final for that one, alarms, and costs the others nothing', async () => {
    await flow.configure({ alert_groups: [group('database', { members: ['li.wei', 'zhang.san', 'wang.wu'] })] });
    flow.smtp.rejectRecipient('zhang.san@example.org');
    await fireAndFlush();
    expect([flow.mails('li.wei'), flow.mails('zhang.san'), flow.mails('wang.wu')]).toEqual([
      ['+1 new'],
      [],
      ['+1 new'],
    ]);
    await flow.pass(5 * hour);
    expect(await rows('zhang.san')).toMatchObject([
      {
        state: 'undeliverable',
        reason: 'bad_recipient',
        attempts: 1,
        answer: expect.stringContaining('550 5.1.1 no such user'),
        remedy: expect.stringContaining('e-mail address'),
      },
    ]);
    const alarm = flow.mailsTo('admin').find((mail) => mail.text.includes('NotificationUndeliverable'));
    expect(alarm?.text).toContain('zhang.san@example.org');
  });

  it('a mail that is refused for its content is given up for it, not for its address', async () => {
    flow.smtp.failNext(1, { at: 'data', code: 554, text: '5.7.1 looks like spam' });
    await fireAndFlush();
    expect(await rows()).toMatchObject([{ state: 'undeliverable', reason: 'bad_content', attempts: 1 }]);
    await flow.fire({ ...disk, alertname: 'Slow' });
    await flow.pass(minute);
    expect(flow.mails('li.wei')).toEqual(['+1 new']);
  });

  it('a refused login is a matter of settings: slow retries, a remedy, and an alarm at the first time', async () => {
    flow.smtp.failNext(1, { at: 'mail', code: 535, text: '5.7.8 authentication failed' });
    await fireAndFlush();
    expect(await rows()).toMatchObject([
      { state: 'pending', reason: 'retry', remedy: expect.stringContaining('SMTP settings') },
    ]);
    expect(await outcomes()).toEqual([['config', 'bad_credentials']]);
    await flow.pass(59 * second);
    expect(flow.mails('li.wei')).toEqual([]);
    await flow.pass(second);
    expect(flow.mails('li.wei')).toEqual(['+1 new']);
    await flow.pass(minute);
    expect(
      flow
        .mailsTo('admin')
        .map((m) => m.text)
        .join(),
    ).toContain('NotificationsFailing');
  });

  it('a reset after the final dot is in doubt: the same bytes once more, marked as a possible repeat', async () => {
    flow.smtp.resetAfterDot(1);
    await fireAndFlush();
    expect(await rows()).toMatchObject([{ state: 'sending', attempts: 1 }]);
    expect(await outcomes()).toEqual([['in_doubt', 'network']]);
    flow.lease.offsetMs = minute;
    await flow.rest();
    const [first, repeat, ...more] = flow.mailsTo('li.wei');
    expect(more).toEqual([]);
    expect([repeat?.messageId, repeat?.subject, repeat?.text]).toEqual([first?.messageId, first?.subject, first?.text]);
    expect(repeat?.headers['x-monitor-manager-possible-repeat']).toBe('yes');
    expect(first?.headers['x-monitor-manager-possible-repeat']).toBeUndefined();
    expect(await rows()).toMatchObject([{ state: 'accepted', attempts: 2 }]);
    await flow.pass(hour);
    expect(flow.mailsTo('li.wei')).toHaveLength(2);
  });

  it('a fresh critical passes the back-off of a dead channel, and takes along what waited', async () => {
    flow.smtp.failNext(1_000, { at: 'connect', code: 421, text: 'try later' });
    await fireAndFlush();
    await flow.pass(2 * minute, 5 * second);
    expect((await rows())[0]).toMatchObject({ state: 'pending' });
    flow.smtp.clear();
    const waiting = Date.parse((await rows())[0]?.next_at ?? '') - flow.s.clock.now().getTime();
    expect(waiting).toBeGreaterThan(40 * second);
    await flow.fire({ ...disk, alertname: 'NodeDown', severity: 'critical' });
    await flow.pass(30 * second);
    expect(flow.mailsTo('li.wei').map((m) => m.subject)).toEqual([
      expect.stringContaining('NodeDown'),
      expect.stringContaining('DiskFull'),
    ]);
  });

  it('every mail says what it is to machines too', async () => {
    await fireAndFlush();
    const [mail] = flow.mailsTo('li.wei');
    expect(mail?.headers['auto-submitted']).toBe('auto-generated');
    expect(mail?.headers['in-reply-to']).toBe(mail?.headers['references']);
    expect(mail?.headers['list-id']).toBeDefined();
    expect(mail?.from).toBe('mm@example.org');
    expect(mail?.html).toContain('DiskFull');
  });
});
