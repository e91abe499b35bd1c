import { eachDeployment } from '../support/deployments.ts';
import { type Flow, group, hour, minute, second, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };
const send = '/cgi-bin/message/send';

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    await flow.configure({ alert_groups: [group('database', { members: ['li.wei'], channels: ['wecom-app'] })] });
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  const rows = () => flow.notifications('channel=wecom-app');
  const outcomes = async () =>
    (await flow.attempts((await rows())[0]?.id ?? '')).map(({ outcome, reason }) => [outcome, reason]);
  const fireAndFlush = async () => {
    await flow.fire(disk);
    await flow.pass(30 * second);
  };
  const adminTexts = () =>
    flow
      .mailsTo('admin')
      .map((mail) => mail.text)
      .join('\n');

  it('-1 (system busy) is tried again', async () => {
    flow.wecom.faults.next(send, { errcode: -1, times: 2 });
    await fireAndFlush();
    expect(await rows()).toMatchObject([{ state: 'pending', reason: 'retry', answer: expect.stringContaining('-1') }]);
    await flow.pass(30 * second, 5 * second);
    expect(flow.wecoms('liwei')).toEqual(['+1 new']);
    expect(await outcomes()).toEqual([
      ['transient', 'provider_busy'],
      ['transient', 'provider_busy'],
      ['accepted', 'accepted'],
    ]);
  });

  it.each([40014, 42001] as const)(
    '%i (the token is refused) renews it and sends in the same attempt',
    async (errcode) => {
      await flow.fire({ ...disk, alertname: 'First' });
      await flow.pass(30 * second);
      flow.wecom.invalidateTokens(errcode);
      await fireAndFlush();
      expect(flow.wecoms('liwei')).toEqual(['+1 new', '+1 new']);
      expect((await rows()).map((n) => [n.state, n.attempts])).toEqual([
        ['accepted', 1],
        ['accepted', 1],
      ]);
      expect(flow.wecom.calls('/cgi-bin/gettoken')).toBe(2);
    },
  );

  it('45009 (too many calls) waits for a minute at least, and does not ask a person for anything', async () => {
    flow.wecom.faults.next(send, { errcode: 45009 });
    await fireAndFlush();
    expect(await outcomes()).toEqual([['limited', 'rate_limited_by_provider']]);
    await flow.pass(55 * second, 5 * second);
    expect(flow.wecoms('liwei')).toEqual([]);
    await flow.pass(10 * second, 5 * second);
    expect(flow.wecoms('liwei')).toEqual(['+1 new']);
  });

  it('60020 (address not trusted) names our address and the remedy, alarms, and is tried on', async () => {
    flow.wecom.trustIps([]);
    await fireAndFlush();
    const [row] = await rows();
    expect(row).toMatchObject({ state: 'pending', reason: 'retry', answer: expect.stringContaining('60020') });
    expect(row?.remedy).toContain('trusted IP list');
    expect(row?.remedy).toContain('127.0.0.1');
    const { items } = await flow.s.api<{
      items: { last_reason: string; last_remedies: Record<string, string> | null }[];
    }>('GET', '/api/v1/destinations?channel=wecom-app');
    expect(items[0]?.last_reason).toBe('not_allowed');
    expect(items[0]?.last_remedies?.['zh-CN']).toMatch(/127\.0\.0\.1 加入应用（AgentId \d+）/);
    expect(await outcomes()).toEqual([['config', 'not_allowed']]);
    await flow.pass(40 * second);
    expect(adminTexts()).toContain('NotificationsFailing');
    expect(adminTexts()).toContain('trusted IP list');
    flow.wecom.trustIps(null);
    await flow.pass(10 * minute, 30 * second);
    expect(flow.wecoms('liwei')).toEqual(['+1 new']);
    expect((await rows())[0]?.attempts).toBeLessThanOrEqual(4);
  });

  it('81013 (nobody of that name) is given up after one attempt, with an alarm', async () => {
    flow.wecom.faults.next(send, { errcode: 81013 });
    await fireAndFlush();
    await flow.pass(5 * hour);
    expect(await rows()).toMatchObject([
      { state: 'undeliverable', reason: 'bad_recipient', attempts: 1, remedy: expect.stringContaining('userid') },
    ]);
    expect(adminTexts()).toContain('NotificationUndeliverable');
  });

  it('errcode 0 that lists the recipient as invalid is no success', async () => {
    await flow.configure({
      contacts: [{ name: 'ghost', wecom: 'NoSuchUser', locale: 'en', timezone: 'UTC' }],
      alert_groups: [group('database', { members: ['ghost'], channels: ['wecom-app'] })],
    });
    flow.wecom.addMember({ userid: 'unlicensed', licensed: false });
    await fireAndFlush();
    expect(await rows()).toMatchObject([{ state: 'undeliverable', reason: 'bad_recipient', attempts: 1 }]);
    await flow.configure({
      contacts: [{ name: 'unpaid', wecom: 'unlicensed', locale: 'en', timezone: 'UTC' }],
      alert_groups: [group('database', { members: ['unpaid'], channels: ['wecom-app'] })],
    });
    await flow.fire({ ...disk, alertname: 'Slow' });
    await flow.pass(minute);
    const unpaid = (await rows()).filter((n) => n.destination.address === 'unlicensed');
    expect(unpaid.length).toBeGreaterThan(0);
    for (const row of unpaid) {
      expect(row).toMatchObject({ state: 'undeliverable', remedy: expect.stringContaining('licence') });
    }
  });

  it("a gateway's page is not success, whatever its status: 502 with HTML is tried again", async () => {
    flow.wecom.faults.next(send, { status: 502 });
    flow.wecom.faults.next(send, { status: 200 });
    await fireAndFlush();
    expect(await rows()).toMatchObject([{ state: 'pending', answer: expect.stringContaining('HTTP 502') }]);
    await flow.pass(30 * second, 5 * second);
    expect(flow.wecoms('liwei')).toEqual(['+1 new']);
    expect(await outcomes()).toEqual([
      ['transient', 'provider_error'],
      ['transient', 'provider_error'],
      ['accepted', 'accepted'],
    ]);
  });

  it('an answer that is cut off is in doubt: the same bytes again, and WeCom swallows what it knows', async () => {
    flow.wecom.faults.next(send, { truncated: true });
    await fireAndFlush();
    expect(await outcomes()).toEqual([['in_doubt', 'provider_error']]);
    flow.lease.offsetMs = minute;
    await flow.rest();
    expect(flow.wecoms('liwei')).toEqual(['+1 new']);
    expect(flow.wecom.discarded).toHaveLength(1);
    expect(await rows()).toMatchObject([{ state: 'accepted', attempts: 2 }]);
  });

  it('one token is fetched for many messages at once, and for none of the later ones', async () => {
    const people = Array.from({ length: 20 }, (_, i) => `p${i}`);
    for (const userid of people) flow.wecom.addMember({ userid });
    await flow.configure({
      contacts: people.map((name) => ({ name, wecom: name, locale: 'en', timezone: 'UTC' })),
      alert_groups: [group('database', { members: people, channels: ['wecom-app'] })],
    });
    await fireAndFlush();
    expect(flow.wecom.messages).toHaveLength(20);
    expect(flow.wecom.calls('/cgi-bin/gettoken')).toBe(1);
    flow.wecom.invalidateTokens(40014);
    await flow.pass(5 * minute);
    await flow.end(disk);
    expect(flow.wecom.messages).toHaveLength(40);
    expect(flow.wecom.calls('/cgi-bin/gettoken')).toBe(2);
  });

  it('a wrong secret is not tried in a loop, which would have our address blocked', async () => {
    flow.wecom.faults.next('/cgi-bin/gettoken', { errcode: 40001, times: 100 });
    await fireAndFlush();
    expect(await outcomes()).toEqual([['config', 'bad_credentials']]);
    await flow.pass(10 * minute, 10 * second);
    expect(flow.wecom.calls('/cgi-bin/gettoken')).toBeLessThanOrEqual(5);
    expect((await rows())[0]).toMatchObject({ state: 'pending', remedy: expect.stringContaining('secret') });
  });

  describe('a room', () => {
    beforeEach(() => flow.configure({ alert_groups: [group('database', { channels: [], robots: ['ops'] })] }));
    const roomRows = () => flow.notifications('channel=wecom-robot');

    it('whose robot was removed (93000) alarms with the remedy and no key, and goes on when it is back', async () => {
      flow.wecom.removeRobot('robot-key');
      await fireAndFlush();
      const [row] = await roomRows();
      expect(row).toMatchObject({ state: 'pending', reason: 'retry', answer: expect.stringContaining('93000') });
      expect(row?.remedy).toContain('robot');
      expect(JSON.stringify(row)).not.toContain('robot-key');
      await flow.pass(minute);
      expect(adminTexts()).toContain('NotificationsFailing');
      expect(adminTexts()).not.toContain('robot-key');
      flow.wecom.addRobot('robot-key');
      await flow.pass(10 * minute, 30 * second);
      expect(flow.wecoms('robot-key')).toEqual(['+1 new']);
    });

    it('is never sent more than it may get: sixty incidents in a minute lose nothing and are refused nothing', async () => {
      await flow.configure({
        alert_groups: [
          group('database', { channels: [], robots: ['ops'], policy: { group_by: ['instance'], group_wait: '0s' } }),
        ],
      });
      for (let i = 0; i < 60; i++) {
        await flow.fire({ ...disk, instance: `i${i}` });
        await flow.pass(second);
      }
      await flow.pass(5 * minute, 10 * second);
      const refused = flow.wecom.requests.filter((r) => r.errcode !== 0 && r.path === '/cgi-bin/webhook/send');
      expect(refused).toEqual([]);
      expect(flow.wecom.messages.length).toBeLessThanOrEqual(20);
      expect((await roomRows()).filter((n) => n.state === 'accepted')).toHaveLength(60);
    });
  });

  describe('a room', () => {
    const critical = { ...disk, alertname: 'DataLost', severity: 'critical' };
    const mentions = () => flow.wecomsTo('robot-key').map((message) => message.mentions);
    const configure = (mention: object) =>
      flow.configure({
        robots: [{ name: 'ops', key: 'robot-key', locale: 'en', timezone: 'UTC', mention }],
        alert_groups: [group('database', { members: [], robots: ['ops'] })],
      });

    it('has people mentioned for what is critical, or for all that fires, and nobody for what has ended', async () => {
      await configure({ critical: ['LiWei', '@all'], firing: ['ZhangSan'] });
      await fireAndFlush();
      await flow.fire(critical);
      await flow.pass(30 * second);
      await flow.end(disk);
      await flow.end(critical);
      await flow.pass(5 * minute, minute);
      expect(mentions()).toEqual([['ZhangSan'], ['LiWei', 'all', 'ZhangSan'], [], []]);
    });

    it('mentions nobody whom only a label names', async () => {
      await configure({ critical: ['LiWei'] });
      await flow.fire({ ...disk, alertname: '<@ZhangSan>', path: '@all' });
      await flow.pass(30 * second);
      expect(mentions()).toEqual([[]]);
    });
  });
});
