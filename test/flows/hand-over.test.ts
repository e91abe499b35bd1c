/** Whoever comes on call is sent a card of what is open then. */
import { eachDeployment } from '../support/deployments.ts';
import { company, type Flow, group, hour, minute, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', severity: 'critical', instance: 'db-1' };

/** By turns of a day, handed over at 09:00 UTC: li.wei from the 5th on, zhang.san from the 6th, and so on. */
const rota = {
  name: 'dba',
  timezone: 'UTC',
  layers: [{ contacts: ['li.wei', 'zhang.san'], unit: 'day', hand_over: '09:00', starts: '2026-01-05' }],
};
const database = group('database', {
  members: ['wang.wu'],
  schedules: ['dba'],
  policy: { flapping: { changes: 3, within: '6h' } },
});

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    const [li, zhang, ...others] = company.contacts;
    const contacts = [li!, { ...zhang!, locale: 'zh-CN', timezone: 'Asia/Shanghai' }, ...others];
    await flow.configure({ contacts, schedules: [rota], alert_groups: [database] });
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  /** Lets it become this time, all at once. */
  const become = (time: string) => flow.pass(Date.parse(`2026-01-${time}:00Z`) - flow.s.clock.now().getTime());
  const cards = (name: string) => flow.mailsTo(name).filter(({ subject }) => /\[(ON CALL|值班)\]/.test(subject ?? ''));

  it('names who goes off, and what is open, by mail and WeCom in the language of the reader', async () => {
    await become('06T08:00');
    await flow.fire(disk);
    await flow.pass(minute);
    const body = { matchers: ['alertname="Backup"'], comment: 'backups', ends_at: '2026-01-06T20:00:00Z' };
    await flow.s.api('POST', '/api/v1/silences', body);
    await become('06T08:59');
    expect(cards('zhang.san')).toEqual([]);
    await become('06T09:00');
    const [card, ...others] = cards('zhang.san');
    expect(others).toEqual([]);
    expect(card?.subject).toBe('[值班] dba，至 2026年1月7日 17:00:00：未关闭的事件 1 个，班内结束的静默 1 个');
    expect(card?.text).toContain('交班人：li.wei');
    expect(card?.text).toContain('DiskFull');
    expect(card?.text).toContain('backups');
    expect(
      flow
        .wecomsTo('zhangsan')
        .map(({ content }) => content)
        .join(),
    ).toContain('您已开始值班：dba');
    await flow.pass(2 * hour, 10 * minute);
    expect(cards('zhang.san')).toHaveLength(1);
    await become('07T09:00');
    expect(cards('li.wei').at(-1)?.subject).toContain('[ON CALL] dba until 8 Jan 2026 09:00:00: 1 open incident');
    expect(cards('wang.wu')).toEqual([]);
  });

  it('names what flaps, who could not be reached, and heartbeats that are missing', async () => {
    const heartbeat = {
      name: 'prom-a',
      source: 'az-a',
      matchers: ['alertname="Watchdog"'],
      timeout: '3m',
      alert_group: 'database',
    };
    await flow.configure({ heartbeats: [heartbeat] });
    await become('06T07:00');
    await flow.fire({ alertname: 'Watchdog', prometheus: 'a' });
    // In steps that are no absence of ours.
    await flow.pass(4 * minute, 10_000);
    flow.smtp.rejectRecipient('wang.wu@example.org');
    for (let turn = 0; turn < 3; turn++) {
      await flow.fire(disk);
      await flow.pass(6 * minute, minute);
      await flow.end(disk);
      await flow.pass(6 * minute, minute);
    }
    await become('06T09:00');
    const text = cards('zhang.san')[0]?.text ?? '';
    expect(text).toContain('抖动，平稳前不再通知（1）');
    expect(text).toContain('最近一天未能送达（1）');
    expect(text).toContain('wang.wu (email)');
    expect(text).toContain('异常的心跳（1）');
    expect(text).toContain('prom-a (az-a)');
  });

  it('says so when nothing is open', async () => {
    await become('06T09:00');
    expect(cards('zhang.san')[0]?.text).toContain('目前一切正常');
  });

  it('goes to who stands in by an override, and to who comes after', async () => {
    await become('06T09:00');
    const overrides = [{ contact: 'wang.wu', starts_at: '2026-01-06T12:00:00Z', ends_at: '2026-01-06T14:00:00Z' }];
    await flow.configure({ schedules: [{ ...rota, overrides }] });
    await become('06T12:00');
    expect(cards('wang.wu')[0]?.text).toContain('You take over from zhang.san');
    await become('06T14:00');
    expect(cards('zhang.san')).toHaveLength(2);
  });

  it.each([
    ['where it is off', { schedules: [{ ...rota, hand_over_card: false }] }],
    ['where no alert group names the schedule', { alert_groups: [group('database', { members: ['wang.wu'] })] }],
    [
      'where the same person stays on call',
      { schedules: [{ ...rota, layers: [{ ...rota.layers[0], contacts: ['li.wei'] }] }] },
    ],
  ])('is not sent %s', async (_, sections) => {
    await flow.configure(sections);
    await become('06T09:00');
    await flow.pass(10 * minute, minute);
    expect(['li.wei', 'zhang.san', 'wang.wu'].flatMap(cards)).toEqual([]);
  });

  it('is sent for a schedule that only an escalation step names', async () => {
    const escalation = [{ after: '15m', schedules: ['dba'] }];
    await flow.configure({ alert_groups: [group('database', { members: ['wang.wu'], escalation })] });
    await become('06T09:00');
    expect(cards('zhang.san')).toHaveLength(1);
    const exported = await flow.s.api<{ schedules: unknown[] }>('GET', '/api/v1/export');
    expect(exported.schedules).toMatchObject([{ name: 'dba', hand_over_card: true }]);
  });
});
