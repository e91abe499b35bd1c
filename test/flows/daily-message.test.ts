/** Once a day people are told that all is well, or what is not; its absence is the alarm. */
import type { Unwell } from '../../src/alert/unwell.ts';
import { createSnapshots } from '../../src/groups/snapshot.ts';
import { createDestinations } from '../../src/pipeline/converge/destinations.ts';
import type { DailyParts } from '../../src/pipeline/notice/daily-facts.ts';
import { makeNotices } from '../../src/pipeline/notice/make.ts';
import { handClock } from '../support/clock.ts';
import { eachDeployment } from '../support/deployments.ts';
import { company, type Flow, type FlowOptions, group, hour, minute, second, startFlow } from './flow.ts';

const unwell =
  (...reasons: Unwell[]): DailyParts['unwell'] =>
  async () => ({ reasons, failingChannels: [] });

const [li, zhang, wang] = company.contacts;
const contacts = [li!, { ...zhang!, locale: 'zh-CN', timezone: 'Asia/Shanghai' }, wang!];
const daily = {
  name: 'morning',
  contacts: ['li.wei', 'zhang.san'],
  robots: ['ops'],
  channels: ['email'],
  time: '09:00',
  timezone: 'UTC',
};
const rota = {
  name: 'dba',
  timezone: 'UTC',
  hand_over_card: false,
  layers: [{ contacts: ['wang.wu'], unit: 'day', hand_over: '09:00', starts: '2026-01-01' }],
};
const watchdog = { name: 'prom-a', source: 'az-a', matchers: ['alertname="Watchdog"'], timeout: '3m' };
const sections = {
  contacts,
  schedules: [rota],
  alert_groups: [group('database', { members: ['wang.wu'], schedules: ['dba'] })],
  heartbeats: [watchdog],
  daily_messages: [daily],
};

eachDeployment((deployment) => {
  async function started(options?: FlowOptions): Promise<Flow> {
    const flow = await startFlow(deployment, options);
    await flow.configure(sections);
    return flow;
  }
  const become = ({ s, pass }: Flow, time: string) => pass(Date.parse(`2026-01-${time}:00Z`) - s.clock.now().getTime());
  const mails = (flow: Flow, name: string) =>
    flow.mailsTo(name).filter(({ subject }) => /\[(DAILY|每日报平安)\]/.test(subject ?? ''));
  const beat = (flow: Flow) => flow.fire({ alertname: 'Watchdog', prometheus: 'a' });
  /** In steps that are no absence of ours. */
  async function live(flow: Flow, ms: number): Promise<void> {
    await flow.s.service.selfCheck();
    await flow.pass(ms, 10 * second);
  }

  /** Makes what is due from other parts than those of the service. Returns what could not be made. */
  async function make({ s, rest }: Flow, parts: Partial<DailyParts>): Promise<string[]> {
    const { clock, service } = s;
    const { db } = service;
    const channels = new Set(['email', 'wecom-app', 'wecom-robot', 'outbox']);
    const unmade: string[] = [];
    await makeNotices(
      {
        ...{ db, critical: [], snapshot: createSnapshots({ db, emergencyContacts: [], log: console }).fresh },
        members: createDestinations(db, channels, () => clock.now()),
        daily: { site: 'test', unwell: unwell(), sites: async () => [], ...parts },
        onUnmade: (error, name) => unmade.push(`${name}: ${(error as Error).message}`),
      },
      clock.now(),
    );
    await rest();
    return unmade;
  }

  it('says that all is well, what is watched, what happened yesterday and who is on call', async () => {
    await using flow = await started();
    await flow.fire({ alertname: 'DiskFull', team: 'database' });
    await flow.pass(minute);
    await become(flow, '06T08:59');
    await beat(flow);
    await live(flow, 50 * second);
    expect(mails(flow, 'li.wei')).toEqual([]);
    await live(flow, 10 * second);
    const [english, ...others] = mails(flow, 'li.wei');
    expect(others).toEqual([]);
    expect(english?.subject).toBe('[DAILY] All is well at test');
    const text = english?.text ?? '';
    expect(text).toContain('Heartbeats (1)\n• prom-a (az-a) — there · last beat 08:59:00');
    expect(text).toContain('Sources (3)\n• az-a (shanghai) — posting');
    expect(text).toContain('• az-b (shanghai) — has never posted');
    expect(text).toContain('Yesterday, 2026-01-05\n• 1 alert began, 1 incident opened\n• E-mail: 1 message sent');
    expect(text).toContain('On call now\n• dba — wang.wu');
    expect(text).toContain('If one day it does not');
    expect(mails(flow, 'zhang.san')[0]?.subject).toBe('[每日报平安] test 一切正常');
    expect(mails(flow, 'zhang.san')[0]?.text).toContain('昨天（2026-01-05）');
    expect(
      flow
        .wecomsTo('robot-key')
        .map(({ content }) => content)
        .join(),
    ).toContain('All is well at test');
    expect(mails(flow, 'wang.wu')).toEqual([]);
    const listed = await flow.notifications();
    const told = listed.filter(({ reason, state }) => reason === 'daily_message' && state === 'accepted');
    expect(told.map(({ destination }) => destination.channel).sort()).toEqual(['email', 'email', 'wecom-robot']);
  });

  it('says first what is not well', async () => {
    await using flow = await started();
    await become(flow, '06T08:50');
    await beat(flow);
    await flow.smtp.rejectRecipient('wang.wu@example.org');
    await live(flow, 10 * minute);
    const [mail] = mails(flow, 'li.wei');
    expect(mail?.subject).toBe(
      '[DAILY] Not all is well at test: Monitor Manager itself has trouble, 1 heartbeat missing',
    );
    const [heading, first, second_] = (mail?.text ?? '')
      .split('\n')
      .slice((mail?.text ?? '').split('\n').indexOf('Not well (2)'));
    expect([heading, first]).toEqual([
      'Not well (2)',
      '‼ Monitor Manager has not been able to look for trouble of its own',
    ]);
    expect(second_).toMatch(/^‼ prom-a \(az-a\) — lost · last beat 08:50:00/);
  });

  it('does not say that the database takes no write: it has just taken the message', async () => {
    await using flow = await started();
    await become(flow, '06T08:59');
    flow.s.clock.advance(minute);
    await make(flow, { unwell: unwell('database', 'backlog') });
    const text = mails(flow, 'li.wei')[0]?.text ?? '';
    expect(text).toContain('‼ Messages have been due for more than 5 minutes');
    expect(text).not.toContain('database');
  });

  it('is sent once a day, whoever restarts, and to each address once', async () => {
    const clock = handClock();
    const before = await started({ service: { clock } });
    await become(before, '06T09:00');
    await before.stopService();
    await using flow = await startFlow(deployment, { service: { clock }, store: before.store, servers: before });
    await flow.pass(3 * hour, 30 * minute);
    expect(mails(flow, 'li.wei')).toHaveLength(1);
    await become(flow, '07T09:00');
    expect(mails(flow, 'li.wei')).toHaveLength(2);
  });

  it.each([
    ['some hours', '06T12:00', ['[DAILY] All is well at test (sent late)']],
    ['more than half a day', '06T21:00', []],
  ])('is sent late, and says so, after an absence of %s', async (_, back, subjects) => {
    const clock = handClock();
    const before = await started({ service: { clock } });
    await become(before, '06T08:00');
    await before.stopService();
    clock.set(`2026-01-${back}:00Z`);
    await using flow = await startFlow(deployment, { service: { clock }, store: before.store, servers: before });
    await flow.pass(second);
    expect(mails(flow, 'li.wei').map(({ subject }) => subject)).toEqual(subjects);
    if (subjects.length > 0)
      expect(mails(flow, 'li.wei')[0]?.text).toContain(
        'Sent late: it was due at 09:00:00, and says how things were at 12:00:01',
      );
  });

  it('waits for a channel that is away, and is not sent any more when the next one is nearer', async () => {
    await using flow = await started();
    await become(flow, '06T08:59');
    await flow.smtp.stopListening();
    await flow.s.service.selfCheck();
    await become(flow, '06T09:00');
    await become(flow, '06T10:00');
    await flow.smtp.listenAgain();
    await flow.pass(hour, 5 * minute);
    expect(mails(flow, 'li.wei').map(({ subject }) => subject)).toEqual(['[DAILY] All is well at test (sent late)']);
    await flow.smtp.stopListening();
    await become(flow, '07T09:00');
    await become(flow, '07T22:00');
    await flow.smtp.listenAgain();
    await flow.pass(hour, 5 * minute);
    expect(mails(flow, 'li.wei')).toHaveLength(1);
  });

  it('does not go to whom it names no longer, when its channel is back', async () => {
    await using flow = await started();
    await become(flow, '06T08:59');
    await flow.smtp.stopListening();
    await flow.s.service.selfCheck();
    await become(flow, '06T09:00');
    await flow.configure({ daily_messages: [{ ...daily, contacts: ['zhang.san'] }] });
    await flow.smtp.listenAgain();
    await flow.pass(hour, 5 * minute);
    expect(mails(flow, 'li.wei')).toEqual([]);
    expect(mails(flow, 'zhang.san')).toHaveLength(1);
    const ended = (await flow.notifications()).filter(({ state }) => state === 'cancelled');
    expect(ended.map(({ destination, reason }) => [destination.address, reason])).toEqual([
      ['li.wei@example.org', 'not_a_member'],
    ]);
  });

  it('goes by an edit from then on', async () => {
    await using flow = await started();
    await become(flow, '06T08:30');
    await flow.configure({ daily_messages: [{ ...daily, time: '08:00' }] });
    await become(flow, '06T09:30');
    expect(mails(flow, 'li.wei')).toEqual([]);
    await become(flow, '07T08:00');
    expect(mails(flow, 'li.wei')).toHaveLength(1);
    await flow.configure({ daily_messages: [] });
    await become(flow, '08T08:00');
    expect(mails(flow, 'li.wei')).toHaveLength(1);
  });

  it('comes when the page says that it comes next, also where an edit moves it past one that was sent', async () => {
    await using flow = await started();
    const nextAt = async () =>
      (await flow.s.api<{ next_at: string }>('GET', '/api/v1/daily-messages/morning')).next_at.slice(8, 16);
    const sent = () => mails(flow, 'li.wei').length;
    await become(flow, '06T09:00');
    expect(sent()).toBe(1);
    await flow.configure({ daily_messages: [{ ...daily, time: '11:00' }] });
    expect(await nextAt()).toBe('06T11:00');
    await become(flow, '06T10:59');
    expect(sent()).toBe(1);
    await become(flow, '06T11:00');
    expect(sent()).toBe(2);
    await become(flow, '06T11:10');
    await flow.configure({ daily_messages: [{ ...daily, time: '11:00', timezone: 'Europe/London', robots: [] }] });
    expect(await nextAt()).toBe('07T11:00');
    await flow.configure({ daily_messages: [{ ...daily, time: '11:00', timezone: 'America/New_York' }] });
    expect(await nextAt()).toBe('06T16:00');
    await become(flow, '06T16:00');
    expect(sent()).toBe(3);
    await flow.configure({ daily_messages: [] });
    await flow.configure({ daily_messages: [{ ...daily, time: '18:00' }] });
    await become(flow, '06T18:00');
    await become(flow, '06T18:10');
    expect(sent()).toBe(4);
  });

  it('keeps no card of a hand-over waiting while what it says cannot be found out, and comes as soon as it can', async () => {
    await using flow = await started();
    const layers = [{ ...rota.layers[0], contacts: ['wang.wu', 'zhang.san'] }];
    await flow.configure({ schedules: [{ ...rota, hand_over_card: true, layers }] });
    await become(flow, '06T08:59');
    flow.s.clock.advance(minute);
    const sites = () => Promise.reject(new Error('the sites are gone'));
    expect(await make(flow, { sites })).toEqual(['morning: the sites are gone']);
    expect(flow.mailsTo('zhang.san').map(({ subject }) => subject)).toEqual([expect.stringMatching(/^\[值班\] dba/)]);
    expect(mails(flow, 'li.wei')).toEqual([]);
    await flow.pass(10 * second);
    expect(mails(flow, 'li.wei')).toHaveLength(1);
    expect(mails(flow, 'zhang.san')).toHaveLength(1);
  });

  it('is refused where it could not reach somebody, and so is an edit that cuts somebody off', async () => {
    await using flow = await started();
    const { api } = flow.s;
    await api('POST', '/api/v1/contacts', { name: 'sun', email: 'sun@example.org' });
    const evening = { name: 'evening', contacts: ['li.wei', 'sun'], time: '21:00' };
    const onlyApp = { ...evening, channels: ['wecom-app'] };
    await expect(api('POST', '/api/v1/daily-messages', onlyApp)).rejects.toThrow(
      /409.*"contacts".*sun has no address on wecom-app: give it one, choose another channel for the daily message evening/,
    );
    await api('POST', '/api/v1/daily-messages', evening);
    await expect(api('PUT', '/api/v1/daily-messages/evening', onlyApp)).rejects.toThrow(/sun has no address/);
    await expect(api('PUT', '/api/v1/contacts/sun', { name: 'sun' })).rejects.toThrow(
      /daily_messages\[evening\]\.contacts.*sun has no address on email or wecom-app/,
    );
    await api('PUT', '/api/v1/contacts/sun', { name: 'sun', wecom: 'Sun' });
    await api('PUT', '/api/v1/daily-messages/evening', onlyApp);
    const mute = contacts.map(({ email, ...rest }) => (rest.name === 'li.wei' ? rest : { ...rest, email }));
    await expect(flow.configure({ contacts: mute })).rejects.toThrow(
      /daily_messages\[morning\]\.contacts.*li\.wei has no address on email/,
    );
  });

  it('is edited by API, exported, and keeps whom it names from being deleted', async () => {
    await using flow = await started();
    const shown = await flow.s.api('GET', '/api/v1/daily-messages/morning');
    expect(shown).toMatchObject({ ...daily, managed: true, next_at: '2026-01-05T09:00:00.000Z' });
    const evening = { name: 'evening', contacts: ['wang.wu'], time: '21:00' };
    expect(await flow.s.api('POST', '/api/v1/daily-messages', evening)).toMatchObject({
      channels: ['email', 'wecom-app'],
      robots: [],
      timezone: 'Asia/Shanghai',
      next_at: '2026-01-05T13:00:00.000Z',
    });
    const { daily_messages } = await flow.s.api<{ daily_messages: unknown[] }>('GET', '/api/v1/export');
    expect(daily_messages).toEqual([
      { ...evening, channels: ['email', 'wecom-app'], robots: [], timezone: 'Asia/Shanghai' },
      daily,
    ]);
    await flow.s.api('POST', '/api/v1/contacts', { name: 'sun', email: 'sun@example.org' });
    await flow.s.api('PUT', '/api/v1/daily-messages/evening', { ...evening, contacts: ['sun'] });
    await expect(flow.s.api('DELETE', '/api/v1/contacts/sun')).rejects.toThrow(/still used by daily_messages\/evening/);
    await expect(flow.s.api('POST', '/api/v1/daily-messages', { name: 'x', time: '08:00' })).rejects.toThrow(
      /names nobody: at least one of contacts and robots/,
    );
    await expect(
      flow.s.api('POST', '/api/v1/daily-messages', { name: 'x', time: '08:00', robots: ['gone'] }),
    ).rejects.toThrow(/409/);
    await flow.s.api('DELETE', '/api/v1/daily-messages/evening');
  });
});
