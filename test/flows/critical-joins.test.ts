import { eachDeployment } from '../support/deployments.ts';
import { group, minute, second, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };

eachDeployment((deployment) => {
  it('rule 5: a critical alert does not wait behind the notification of its own incident that backs off', async () => {
    await using flow = await startFlow(deployment);
    const policy = { group_interval: '1m' };
    await flow.configure({ alert_groups: [group('database', { members: ['li.wei'], policy })] });
    flow.smtp.rejectRecipient('li.wei@example.org', 451);
    await flow.fire({ ...disk, severity: 'warning' });
    await flow.pass(10 * minute, 10 * second);
    flow.smtp.clear();
    await flow.fire({ ...disk, instance: 'b', severity: 'critical' });
    await flow.pass(35 * second, 10 * second);
    expect(flow.mails('li.wei')).toEqual(['+2 new']);
  });
});
