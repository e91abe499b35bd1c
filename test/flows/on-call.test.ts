/** Who is told is who is on call: at that moment, after a hand-over, by an override; and the end goes to who was told. */
import { eachDeployment } from '../support/deployments.ts';
import { company, type Flow, group, hour, minute, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };

/** By turns of a day, handed over at 09:00 UTC: li.wei from the 5th on, zhang.san from the 6th, and so on. */
const rota = {
  name: 'dba',
  timezone: 'UTC',
  hand_over_card: false,
  layers: [{ contacts: ['li.wei', 'zhang.san'], unit: 'day', hand_over: '09:00', starts: '2026-01-05' }],
};
const database = group('database', { members: [], schedules: ['dba'] });

/** Lets it become this time, all at once. */
const become = (flow: Flow, time: string) =>
  flow.pass(Date.parse(`2026-01-${time}:00Z`) - flow.s.clock.now().getTime());

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    await flow.configure({ schedules: [rota], alert_groups: [database] });
  });
  afterEach(() => flow[Symbol.asyncDispose]());
  const told = () => ({ li: flow.mails('li.wei'), zhang: flow.mails('zhang.san'), wang: flow.mails('wang.wu') });

  describe('an alert', () => {
    it('is told to who is on call, and the next one to who is on call then', async () => {
      await become(flow, '05T10:00');
      await flow.fire(disk);
      await flow.pass(minute);
      await flow.end(disk);
      await flow.pass(6 * minute);
      await become(flow, '06T10:00');
      await flow.fire(disk);
      await flow.pass(minute);
      expect(told()).toEqual({ li: ['+1 new', '−1 resolved, all clear'], zhang: ['+1 new'], wang: [] });
    });

    it('that goes on is repeated to who has come on call since, and its end goes to both', async () => {
      await become(flow, '06T06:00');
      await flow.fire(disk);
      await flow.pass(minute);
      await become(flow, '06T09:30');
      expect(told()).toEqual({ li: ['+1 new'], zhang: [], wang: [] });
      await become(flow, '06T10:02');
      expect(told()).toEqual({ li: ['+1 new'], zhang: ['+1 new'], wang: [] });
      expect(await flow.reasons('DiskFull')).toContain('new_member');
      await flow.end(disk);
      await flow.pass(6 * minute);
      expect(told()).toEqual({
        ...{ li: ['+1 new', '−1 resolved, all clear'], zhang: ['+1 new', '−1 resolved, all clear'], wang: [] },
      });
    });

    it('that changes after the hand-over is told to who has come on call, and not to who has gone', async () => {
      await become(flow, '06T08:00');
      await flow.fire(disk);
      await flow.pass(minute);
      await become(flow, '06T09:00');
      await flow.fire({ ...disk, instance: 'b' });
      await flow.pass(6 * minute);
      expect(told()).toEqual({ li: ['+1 new'], zhang: ['+2 new'], wang: [] });
    });

    it('that was reminded of shortly before waits for the next reminder, not for one that is over', async () => {
      await become(flow, '06T01:00');
      await flow.fire(disk);
      await flow.pass(8 * hour, 10 * minute);
      // Reminded at about 05:00 and not yet at 09:00; zhang.san is told with the next, and from then on.
      expect(told()).toEqual({ li: ['+1 new', 'Reminder: 1 still firing'], zhang: [], wang: [] });
      await flow.pass(20 * minute, 10 * minute);
      expect(told().zhang).toEqual(['+1 new']);
      await flow.pass(4 * hour, 10 * minute);
      expect(told()).toEqual({
        li: ['+1 new', 'Reminder: 1 still firing'],
        zhang: ['+1 new', 'Reminder: 1 still firing'],
        wang: [],
      });
    });

    it('is told to who stands in by an override, and to nobody whose turn it would be', async () => {
      const overrides = [{ contact: 'wang.wu', starts_at: '2026-01-05T12:00:00Z', ends_at: '2026-01-05T14:00:00Z' }];
      await flow.configure({ schedules: [{ ...rota, overrides }] });
      await become(flow, '05T13:00');
      await flow.fire(disk);
      await flow.pass(minute);
      expect(told()).toEqual({ li: [], zhang: [], wang: ['+1 new'] });
      await become(flow, '05T14:00');
      await flow.fire({ ...disk, instance: 'b' });
      await flow.pass(6 * minute);
      expect(told()).toEqual({ li: ['+2 new'], zhang: [], wang: ['+1 new'] });
    });

    it('is told to the other members too, each once', async () => {
      await flow.configure({ alert_groups: [{ ...database, members: ['li.wei', 'wang.wu'] }] });
      await become(flow, '05T10:00');
      await flow.fire(disk);
      await flow.pass(minute);
      expect(told()).toEqual({ li: ['+1 new'], zhang: [], wang: ['+1 new'] });
    });
  });

  describe('while nobody is on call', () => {
    const off = [{ contact: null, starts_at: '2026-01-05T10:00:00Z', ends_at: '2026-01-05T12:00:00Z' }];

    it('an alert is told as soon as somebody is, though nothing is reported then', async () => {
      await flow.configure({ schedules: [{ ...rota, overrides: off }] });
      await become(flow, '05T10:30');
      await flow.fire(disk);
      await flow.pass(minute);
      expect(told()).toEqual({ li: [], zhang: [], wang: [] });
      expect(await flow.reasons('DiskFull')).toContain('nobody');
      await become(flow, '05T12:00');
      expect(told()).toEqual({ li: ['+1 new'], zhang: [], wang: [] });
    });

    it('the other members are told', async () => {
      await flow.configure({
        schedules: [{ ...rota, overrides: off }],
        alert_groups: [{ ...database, members: ['wang.wu'] }],
      });
      await become(flow, '05T10:30');
      await flow.fire(disk);
      await flow.pass(minute);
      expect(told()).toEqual({ li: [], zhang: [], wang: ['+1 new'] });
    });

    it('the emergency contacts are told of our own trouble, and only then', async () => {
      await flow.configure({
        schedules: [{ ...rota, overrides: off }],
        alert_groups: [database, { name: 'self', schedules: ['dba'], policy: { group_wait: '0s' } }],
      });
      const refused = () => flow.s.post('token-of-az-a-0123456789', 'no JSON');
      await become(flow, '05T10:30');
      await refused();
      await flow.pass(2 * minute, minute);
      expect([flow.mails('admin').length > 0, told().li]).toEqual([true, []]);
    });
  });

  describe('a message that was decided before the hand-over and is sent after it', () => {
    it('still goes to who was on call, so that somebody is told', async () => {
      await become(flow, '06T08:58');
      await flow.smtp.stopListening();
      await flow.fire(disk);
      await flow.pass(minute);
      await become(flow, '06T09:20');
      await flow.smtp.listenAgain();
      await become(flow, '06T09:59');
      expect(told()).toEqual({ li: ['+1 new'], zhang: [], wang: [] });
      await become(flow, '06T13:00');
      expect(told()).toEqual({ li: ['+1 new'], zhang: ['+1 new'], wang: [] });
    });
  });

  describe('schedules', () => {
    it('are kept and exported as they were applied, and a contact in one cannot be removed', async () => {
      const exported = await flow.s.api<{ schedules: unknown[]; alert_groups: unknown[] }>('GET', '/api/v1/export');
      expect(exported.schedules).toEqual([{ ...rota, layers: [{ ...rota.layers[0], every: 1 }], overrides: [] }]);
      expect(exported.alert_groups).toMatchObject([{ name: 'database', schedules: ['dba'] }]);
      await expect(flow.configure({ schedules: [] })).rejects.toThrow('is not in schedules');
      const contacts = company.contacts.filter(({ name }) => name !== 'zhang.san');
      await expect(flow.configure({ schedules: [rota], contacts })).rejects.toThrow('schedules[dba].layers');
      const overrides = [{ contact: 'nobody', starts_at: '2026-01-05T12:00:00Z', ends_at: '2026-01-05T14:00:00Z' }];
      await expect(flow.configure({ schedules: [{ ...rota, overrides }] })).rejects.toThrow('is not in contacts');
    });

    it('say who is on call and when the next hand-over is', async () => {
      await become(flow, '05T10:00');
      expect(await flow.s.api('GET', '/api/v1/schedules/dba')).toMatchObject({
        ...{ on_call: ['li.wei'], next_hand_over_at: '2026-01-06T09:00:00.000Z', managed: true, version: 1 },
      });
    });
  });
});
