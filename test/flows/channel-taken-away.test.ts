import { handClock } from '../support/clock.ts';
import { eachDeployment } from '../support/deployments.ts';
import { payload } from '../support/payload.ts';
import { minute, second, startFlow, tokenOf } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };

eachDeployment((deployment) => {
  it('a channel that is no longer configured keeps no incident open and no sweep busy', async () => {
    const clock = handClock();
    const before = await startFlow(deployment, { service: { clock } });
    await before.configure({});
    await before.fire(disk);
    await before.pass(minute, 10 * second);
    // This one waits at the mail server that is taken away.
    before.smtp.rejectRecipient('li.wei@example.org', 451);
    await before.fire({ ...disk, alertname: 'Waits' });
    await before.pass(minute, 10 * second);
    await before.stopService();
    await using after = await startFlow(deployment, {
      channels: ['wecom'],
      service: { clock },
      store: before.store,
      servers: before,
    });
    const ended = ['DiskFull', 'Waits'].map((alertname) => ({
      labels: { ...disk, alertname },
      status: 'resolved' as const,
      startsAt: new Date(0),
      endsAt: clock.now(),
    }));
    expect((await after.s.post(tokenOf('az-a'), payload(ended))).status).toBe(200);
    const { pipeline, db } = after.s.service;
    for (let i = 0; i < 10; i++) {
      clock.advance(2 * minute);
      await after.s.service.tick();
      await pipeline.sweep();
    }
    expect(await pipeline.sweep()).toBe(false);
    const open = await db.query(`select 1 from incident i join alert_group g on g.id = i.group_id
      where i.closed_at is null and g.name = 'database'`);
    expect(open.rows).toEqual([]);
  });
});
