import { eachDeployment } from '../support/deployments.ts';
import { payload } from '../support/payload.ts';
import { eventually } from '../support/wait.ts';
import { group, startFlow, tokenOf } from './flow.ts';

eachDeployment((deployment) => {
  it('a stop finishes the messages under way and begins no other, however many are due', async () => {
    await using flow = await startFlow(deployment);
    await flow.configure({
      alert_groups: [group('database', { members: ['li.wei'], policy: { group_wait: '0s' } })],
    });
    flow.smtp.delay(500);
    const startsAt = flow.s.clock.now();
    const alerts = Array.from({ length: 60 }, (_, i) => ({
      labels: { alertname: `A${i}`, team: 'database' },
      startsAt,
    }));
    expect((await flow.s.post(tokenOf('az-a'), payload(alerts))).status).toBe(200);
    await flow.s.service.pipeline.look();
    await eventually(() => flow.smtp.mails.length > 0);
    const begun = flow.smtp.mails.length;
    await flow.stopService();
    // The queue may hand over a job that it took before it was stopped.
    flow.s.service.pipeline.begin(1);
    await flow.s.service.pipeline.drain();
    expect(flow.s.logLines.filter((line) => JSON.parse(line).level === 'error')).toEqual([]);
    // Five are sent side by side, and the next five may have been claimed already.
    expect(flow.smtp.mails.length).toBeLessThanOrEqual(begun + 10);
    const again = await startFlow(deployment, { store: flow.store, servers: flow, service: { clock: flow.s.clock } });
    await again.rest();
    const doubtful = await again.s.service.db.query('select 1 from attempt where outcome is null');
    expect(doubtful.rows).toEqual([]);
    await again.stopService();
  });
});
