import { handClock } from '../support/clock.ts';
import { eachDeployment } from '../support/deployments.ts';
import { hour, minute, second, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };

eachDeployment((deployment) => {
  it('rule 2: our own absence expires nothing, not even what is decided before the first tick after it', async () => {
    const clock = handClock();
    const before = await startFlow(deployment, { service: { clock } });
    await before.configure({});
    await before.fire(disk);
    await before.pass(minute, 10 * second);
    await before.stopService();
    clock.advance(25 * hour);
    await using after = await startFlow(deployment, { service: { clock }, store: before.store, servers: before });
    await after.rest();
    await after.pass(10 * second);
    expect(after.mails('li.wei')).toEqual(['+1 new', 'Reminder: 1 still firing']);
  });

  it('rule 2: nor does a time without ticks while the process lives, when something is decided before the next', async () => {
    await using flow = await startFlow(deployment);
    await flow.configure({});
    await flow.fire(disk);
    await flow.pass(minute, 10 * second);
    flow.s.clock.advance(25 * hour);
    await flow.rest();
    await flow.pass(10 * second);
    expect(flow.mails('li.wei')).toEqual(['+1 new', 'Reminder: 1 still firing']);
  });
});
