/** When nobody acknowledges an incident, the next are told, step by step; acknowledging stops that. */
import { eachDeployment } from '../support/deployments.ts';
import { type Flow, group, hour, minute, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', severity: 'warning' };

const steps = [
  { after: '15m', members: ['zhang.san'] },
  { after: '30m', members: ['wang.wu'], robots: ['ops'] },
];
const database = group('database', { members: ['li.wei'], escalation: steps });

interface Shown {
  id: string;
  escalation: { steps: { reached: boolean; at: string | null }[] };
  next_due: { at: string | null; reason: string | null };
}

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    await flow.configure({ alert_groups: [database] });
  });
  afterEach(() => flow[Symbol.asyncDispose]());
  const told = () => ({ li: flow.mails('li.wei'), zhang: flow.mails('zhang.san'), wang: flow.mails('wang.wu') });
  const incident = async () => {
    const { items } = await flow.s.api<{ items: { id: string }[] }>('GET', '/api/v1/incidents');
    return flow.s.api<Shown>('GET', `/api/v1/incidents/${items[0]?.id}`);
  };
  const acknowledge = async (method: 'POST' | 'DELETE' = 'POST') => {
    await flow.s.api(method, `/api/v1/incidents/${(await incident()).id}/acknowledge`);
    await flow.rest();
  };
  /** Fires, and lets the first message go out. */
  const begin = async () => {
    await flow.fire(disk);
    await flow.pass(minute);
  };

  it('tells the steps one after the other, from the first message on, each once and with the reason', async () => {
    await begin();
    await flow.pass(14 * minute, minute);
    expect(told()).toEqual({ li: ['+1 new'], zhang: [], wang: [] });
    await flow.pass(minute);
    expect(told()).toEqual({ li: ['+1 new'], zhang: ['+1 new'], wang: [] });
    expect(flow.mailsTo('zhang.san')[0]?.text).toContain('Nobody has acknowledged this for 15 min');
    await flow.pass(15 * minute, minute);
    expect(told()).toEqual({ li: ['+1 new'], zhang: ['+1 new'], wang: ['+1 new'] });
    expect(flow.wecomsTo('robot-key')[0]?.content).toContain('Nobody has acknowledged this for 30 min');
    await flow.pass(2 * hour, 10 * minute);
    expect(told()).toEqual({ li: ['+1 new'], zhang: ['+1 new'], wang: ['+1 new'] });
  });

  it('whoever was called in is a member from then on: hears what is new, is reminded, and hears the end', async () => {
    await begin();
    await flow.pass(16 * minute, minute);
    await flow.fire({ ...disk, instance: 'b' });
    await flow.pass(6 * minute, minute);
    expect(told().zhang).toEqual(['+1 new', '+1 new, 1 still firing']);
    expect(flow.mailsTo('zhang.san')[1]?.text).not.toContain('Nobody has acknowledged');
    await flow.pass(4 * hour, 10 * minute);
    expect(told().zhang.at(-1)).toBe('Reminder: 2 still firing');
    const [startsAt, endsAt] = [new Date(0), flow.s.clock.now()];
    const ends = [disk, { ...disk, instance: 'b' }].map((labels) => ({
      labels,
      status: 'resolved' as const,
      startsAt,
      endsAt,
    }));
    await flow.report('az-a', ends);
    await flow.pass(6 * minute, minute);
    expect(told().zhang.at(-1)).toBe('−2 resolved, all clear');
  });

  it('acknowledging stops further steps, and taking that back lets them go on', async () => {
    await begin();
    await flow.pass(16 * minute, minute);
    await acknowledge();
    await flow.pass(hour, 10 * minute);
    expect(told().wang).toEqual([]);
    await acknowledge('DELETE');
    await flow.pass(29 * minute, minute);
    expect(told().wang).toEqual([]);
    await flow.pass(2 * minute, minute);
    expect(told()).toMatchObject({ zhang: ['+1 new'], wang: ['+1 new'] });
  });

  it('a higher severity lifts the acknowledgement, and the steps go on (rule 7)', async () => {
    await begin();
    await acknowledge();
    await flow.pass(hour, 10 * minute);
    await flow.fire({ ...disk, severity: 'critical' });
    await flow.pass(14 * minute, minute);
    expect(told().zhang).toEqual([]);
    await flow.pass(2 * minute, minute);
    expect(told().zhang).toEqual(['+2 new']);
  });

  it('what is silenced, or has not lasted yet, calls nobody; the time begins anew when it is told', async () => {
    await begin();
    const starts_at = flow.s.clock.now();
    const silence = {
      matchers: ['alertname="DiskFull"'],
      comment: 'known',
      starts_at: starts_at.toISOString(),
      ends_at: new Date(starts_at.getTime() + hour).toISOString(),
    };
    await flow.s.api('POST', '/api/v1/silences', silence);
    await flow.pass(hour, minute);
    expect(told().zhang).toEqual([]);
    await flow.pass(14 * minute, minute);
    expect(told().zhang).toEqual([]);
    await flow.pass(2 * minute, minute);
    expect(told().zhang).toEqual(['+1 new']);
  });

  it('what ended before calls nobody in', async () => {
    await begin();
    await flow.pass(10 * minute, minute);
    await flow.end(disk);
    await flow.pass(hour, minute);
    expect(told()).toEqual({ li: ['+1 new', '−1 resolved, all clear'], zhang: [], wang: [] });
  });

  it('counts from when somebody would have been told where nobody is on call', async () => {
    const off = [{ contact: null, starts_at: '2020-01-01T00:00:00Z', ends_at: '2030-01-01T00:00:00Z' }];
    const layers = [{ contacts: ['li.wei'], unit: 'day', hand_over: '09:00', starts: '2026-01-05' }];
    await flow.configure({
      schedules: [{ name: 'dba', timezone: 'UTC', layers, overrides: off }],
      alert_groups: [group('database', { schedules: ['dba'], escalation: steps })],
    });
    await begin();
    await flow.pass(16 * minute, minute);
    expect(told()).toEqual({ li: [], zhang: ['+1 new'], wang: [] });
  });

  it('a step may name a schedule: who comes on call by it is called in then', async () => {
    const layers = [{ contacts: ['zhang.san', 'wang.wu'], unit: 'day', hand_over: '09:00', starts: '2026-01-05' }];
    await flow.configure({
      schedules: [{ name: 'leads', timezone: 'UTC', hand_over_card: false, layers }],
      alert_groups: [group('database', { members: ['li.wei'], escalation: [{ after: '15m', schedules: ['leads'] }] })],
    });
    await flow.pass(Date.parse('2026-01-06T08:30:00Z') - flow.s.clock.now().getTime());
    await begin();
    await flow.pass(16 * minute, minute);
    expect(told()).toMatchObject({ zhang: ['+1 new'], wang: [] });
    await flow.pass(20 * minute, minute);
    expect(told()).toMatchObject({ zhang: ['+1 new'], wang: ['+1 new'] });
  });

  it('is explained, and the incident shows reached and coming steps', async () => {
    await begin();
    const first = await incident();
    expect(first.escalation.steps.map((s) => s.reached)).toEqual([false, false]);
    expect(first.next_due).toMatchObject({ reason: 'escalated', at: first.escalation.steps[0]?.at });
    await flow.pass(16 * minute, minute);
    expect((await incident()).escalation.steps).toMatchObject([{ reached: true, at: null }, { reached: false }]);
    expect((await flow.reasons('DiskFull')).filter((reason) => reason === 'escalated')).toHaveLength(2);
  });

  it('is exported as it was applied, and names only what is there', async () => {
    const exported = await flow.s.api<{ alert_groups: unknown[] }>('GET', '/api/v1/export');
    expect(exported.alert_groups).toMatchObject([{ name: 'database', escalation: steps }]);
    const naming = (step: object) => flow.configure({ alert_groups: [{ ...database, escalation: [step] }] });
    await expect(naming({ after: '5m', members: ['nobody'] })).rejects.toThrow('is not in contacts');
    await expect(naming({ after: '5m' })).rejects.toThrow('names nobody');
    await expect(flow.configure({ alert_groups: [{ ...database, escalation: [...steps].reverse() }] })).rejects.toThrow(
      'must be later than 30m',
    );
  });
});
