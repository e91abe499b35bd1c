import { eachDeployment } from '../support/deployments.ts';
import { group, second, startFlow } from './flow.ts';

eachDeployment(
  (deployment) => {
    it('a message and its explanation name the version of the alert group that made them, whatever it says now', async () => {
      await using flow = await startFlow(deployment);
      await flow.configure({});
      await flow.configure({ alert_groups: [group('database', { members: ['li.wei', 'wang.wu'] })] });
      await flow.fire({ alertname: 'Full', team: 'database' });
      await flow.pass(30 * second);
      await flow.configure({ alert_groups: [group('database', { members: ['zhang.san'] })] });
      const [told] = await flow.notifications('state=accepted');
      const { group: name, group_version } = await flow.s.api<{ group: string; group_version: number }>(
        'GET',
        `/api/v1/notifications/${told?.id}`,
      );
      expect([name, group_version]).toEqual(['database', 2]);
      const version = await flow.s.api('GET', `/api/v1/alert-groups/${name}/versions/${group_version}`);
      expect(version).toMatchObject({ body: { members: ['li.wei', 'wang.wu'] } });
      const { items } = await flow.s.api<{ items: { fingerprint: string }[] }>('GET', '/api/v1/alerts');
      const { steps } = await flow.s.api<{ steps: { group: string | null; group_version: number | null }[] }>(
        'GET',
        `/api/v1/alerts/${items[0]?.fingerprint}/explain`,
      );
      const named = steps.filter((step) => step.group_version !== null);
      expect(new Set(named.map((step) => `${step.group} ${step.group_version}`))).toContain('database 2');
    });
  },
  ['embedded'],
);
