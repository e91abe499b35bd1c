import { handClock } from '../support/clock.ts';
import { eachDeployment } from '../support/deployments.ts';
import { company, type Flow, group, minute, second, startFlow } from './flow.ts';

const fireMany = (flow: Flow, count: number) =>
  flow.report(
    'az-a',
    Array.from({ length: count }, (_, i) => ({
      labels: { alertname: `A${i}`, team: 'database' },
      startsAt: flow.s.clock.now(),
    })),
  );

eachDeployment((deployment) => {
  it('mail that is configured later tells what is open in one summary, however many incidents that are', async () => {
    const clock = handClock();
    const before = await startFlow(deployment, { channels: [], service: { clock } });
    await before.configure({});
    await fireMany(before, 20);
    await before.pass(minute, 10 * second);
    await before.stopService();
    await using after = await startFlow(deployment, {
      channels: ['email'],
      service: { clock },
      store: before.store,
      servers: before,
    });
    await after.pass(second);
    expect(after.mails('li.wei')).toEqual(['20 incidents open, 20 alerts firing']);
  });

  it('mail that is configured in quiet hours tells its summary at once, and once', async () => {
    const clock = handClock();
    const night = { time_intervals: [{ times: [{ start_time: '08:01', end_time: '10:00' }] }] };
    const before = await startFlow(deployment, { channels: [], service: { clock } });
    await before.configure({
      time_intervals: [{ name: 'night', ...night }],
      alert_groups: [group('database', { members: ['li.wei'], policy: { quiet_time_intervals: ['night'] } })],
    });
    await fireMany(before, 20);
    await before.pass(2 * minute, 10 * second);
    await before.stopService();
    await using after = await startFlow(deployment, {
      channels: ['email'],
      service: { clock },
      store: before.store,
      servers: before,
    });
    await after.pass(5 * minute, 10 * second);
    expect(after.mails('li.wei')).toEqual(['20 incidents open, 20 alerts firing']);
  });

  it('an address that is corrected is told what the wrong one missed, in a few messages at most', async () => {
    await using flow = await startFlow(deployment);
    await flow.configure({});
    flow.smtp.rejectRecipient('li.wei@example.org');
    await fireMany(flow, 120);
    await flow.pass(minute, 10 * second);
    const contacts = company.contacts.map((c) => (c.name === 'li.wei' ? { ...c, email: 'right@example.org' } : c));
    await flow.configure({ contacts });
    await flow.pass(10 * minute, 10 * second);
    const told = flow.mails('right').map((delta) => Number(/(\d+) alerts? firing/.exec(delta)?.[1] ?? Number.NaN));
    expect(told.reduce((sum, n) => sum + n, 0)).toBe(120);
    expect(told.length).toBeLessThanOrEqual(5);
  });
});
