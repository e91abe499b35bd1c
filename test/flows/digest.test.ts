/** People who are told what is not critical in a digest, at times of day. The clock of the flow starts on a Monday at eight, UTC. */
import { eachDeployment } from '../support/deployments.ts';
import { company, type Flow, group, hour, minute, second, startFlow } from './flow.ts';

const node = (n: number, more: Record<string, string> = {}) => ({
  ...{ alertname: 'NodeDown', team: 'database', severity: 'warning', instance: `host-${n}` },
  ...more,
});
const critical = { ...node(0), alertname: 'DataLost', severity: 'critical' };
const [li, zhang, wang] = company.contacts as [{ name: string }, { name: string }, { name: string }];
const policy = { group_by: ['instance'] };

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    await flow.configure({
      contacts: [li, { ...zhang, digest_at: ['17:00', '09:00'] }, wang],
      alert_groups: [group('database', { members: ['li.wei', 'zhang.san'], policy })],
    });
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  const sinceNow = (...labels: Record<string, string>[]) => {
    const startsAt = flow.s.clock.now();
    return flow.report(
      'az-a',
      labels.map((each) => ({ labels: each, startsAt })),
    );
  };
  const explained = async (alertname: string) => {
    const found = await flow.s.api<{ items: { fingerprint: string }[] }>(
      'GET',
      `/api/v1/alerts?filter=${encodeURIComponent(`alertname="${alertname}"`)}`,
    );
    type Steps = { steps: { reason: string; text: string; text_zh: string }[] };
    return (await flow.s.api<Steps>('GET', `/api/v1/alerts/${found.items[0]?.fingerprint}/explain`)).steps;
  };

  it('one of two is told at once, and the other at nine in one message; what is critical comes to both at once', async () => {
    await sinceNow(node(1), node(2), { ...node(3), alertname: 'Late' });
    await flow.pass(30 * second);
    expect(flow.mails('li.wei')).toEqual(['+1 new', '+1 new', '+1 new']);
    expect(flow.mails('zhang.san')).toEqual([]);
    await flow.end(node(2));
    await flow.fire(critical);
    await flow.pass(minute, 30 * second);
    expect(flow.mails('zhang.san')).toEqual(['+1 new']);
    const incidents = await flow.s.api<{ items: { id: string }[] }>(
      'GET',
      `/api/v1/incidents?filter=${encodeURIComponent('alertname="Late"')}`,
    );
    const incident = await flow.s.api('GET', `/api/v1/incidents/${incidents.items[0]?.id}`);
    expect(incident).toMatchObject({ next_due: { at: '2026-01-05T09:00:00.000Z', reason: 'digest' } });
    await flow.pass(hour - 2 * minute, 10 * minute);
    expect(flow.mails('zhang.san')).toHaveLength(1);
    await flow.pass(minute, 15 * second);
    expect(flow.mails('zhang.san').slice(1)).toEqual(['Digest: +2 new']);
    const [, mail] = flow.mailsTo('zhang.san');
    expect(mail?.subject).toMatch(/^\[FIRING:2\] digest · 2 incidents: /);
    expect(flow.mails('li.wei')).toHaveLength(5);
    const steps = (await explained('Late')).filter((step) => step.text.includes('zhang.san'));
    expect(steps.find(({ reason }) => reason === 'digest')).toMatchObject({
      text: expect.stringContaining('what is not critical comes in a digest at the times that this contact has chosen'),
      text_zh: expect.stringContaining('非严重告警在汇总时间合并通知'),
    });
    expect(steps.find(({ reason }) => reason === 'opened')?.text).toContain('with the rest of the digest');
  });

  it('the rest of the day comes at five, reminders too, and what has ended meanwhile without a word of it', async () => {
    await flow.fire(node(1));
    await flow.pass(hour + minute, 15 * second);
    expect(flow.mails('zhang.san')).toEqual(['Digest: +1 new']);
    await flow.fire(node(2));
    await flow.pass(hour, 5 * minute);
    await flow.end(node(2));
    await flow.pass(7 * hour - 2 * minute, 10 * minute);
    expect(flow.mails('zhang.san')).toHaveLength(1);
    await flow.pass(2 * minute, 15 * second);
    expect(flow.mails('zhang.san').slice(1)).toEqual(['Digest: Reminder: 1 still firing']);
  });

  it('comes when the service is back, if it was away at that time', async () => {
    await flow.fire(node(1));
    await flow.pass(30 * second);
    await flow.pass(2 * hour);
    await flow.pass(30 * second, 15 * second);
    expect(flow.mails('zhang.san')).toEqual(['Digest: +1 new']);
  });

  it('whom an escalation step calls in is told at once, and the end of it too', async () => {
    const escalation = [{ after: '15m', members: ['zhang.san'] }];
    await flow.configure({ alert_groups: [group('database', { members: ['li.wei'], policy, escalation })] });
    await flow.fire(node(1));
    await flow.pass(16 * minute, 30 * second);
    expect(flow.mails('zhang.san')).toEqual(['+1 new']);
    await flow.end(node(1));
    await flow.pass(6 * minute, 30 * second);
    expect(flow.mails('zhang.san').slice(1)).toEqual(['−1 resolved, all clear']);
  });

  it('whoever wants no digest any more is told what waited for it when the others would be', async () => {
    await flow.fire(node(1));
    await flow.pass(minute, 30 * second);
    await flow.configure({ contacts: [li, zhang, wang] });
    await flow.pass(5 * minute, 30 * second);
    expect(flow.mails('zhang.san')).toEqual(['+1 new']);
  });

  it('is read back in the order of the day, and a time that is none is refused', async () => {
    const { api } = flow.s;
    expect(await api('GET', '/api/v1/contacts/zhang.san')).toMatchObject({ digest_at: ['09:00', '17:00'] });
    const wrong = api('POST', '/api/v1/contacts', { name: 'zhao.liu', digest_at: ['24:00'] });
    await expect(wrong).rejects.toThrow('not a time of day such as 09:00');
  });
});
