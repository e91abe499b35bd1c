/** Sources whose Alertmanagers are asked: what posts lack is found. The Alertmanagers are real, the clock of the service is not. */
import { type AlertmanagerServer, startAlertmanager } from '../support/alertmanager.ts';
import { eachDeployment } from '../support/deployments.ts';
import { needs } from '../support/needs.ts';
import { type Flow, minute, second, startFlow, tokenOf } from './flow.ts';

const labels = { alertname: 'DiskFull', team: 'database', instance: 'db-1' };
const other = { alertname: 'Other', team: 'none' };
const alert = { labels, startsAt: new Date(Date.now() - 60 * minute).toISOString() };
const ended = { ...alert, endsAt: new Date(Date.now() - 1_000).toISOString() };

eachDeployment(
  (deployment) => {
    needs('alertmanager')('a source whose Alertmanager is asked', () => {
      let flow: Flow;
      let am: AlertmanagerServer;
      beforeEach(async () => {
        flow = await startFlow(deployment);
        // Its posts go nowhere: whatever this service knows of it comes by polls, or is posted by the test.
        am = await startAlertmanager();
      });
      afterEach(async () => {
        await am.stop();
        await flow[Symbol.asyncDispose]();
      });

      const ask = (members: unknown[] = [{ name: 'am-0', api_url: am.url }]) =>
        flow.configure({ sources: [{ name: 'az-a', site: 'shanghai', token: tokenOf('az-a'), members }] });
      /** Something else that came by the receiver, which is how the service learns of it. */
      const teachReceiver = () =>
        flow.report(
          'az-a',
          { labels: other, status: 'resolved', startsAt: new Date(0), endsAt: flow.s.clock.now() },
          { receiver: 'monitor-manager' },
        );
      const pass = (ms: number) => flow.pass(ms, 10 * second);

      it('an alert that it holds and nobody posts is told after the grace, with where it was found', async () => {
        await ask();
        await teachReceiver();
        await am.post([alert]);
        await pass(4 * minute);
        expect(flow.mails('li.wei')).toEqual([]);
        await pass(3 * minute);
        expect(flow.mails('li.wei')).toEqual(['+1 new']);
        expect(await flow.reasons('DiskFull')).toContain('found_by_poll');
        expect(await metric('reconciled_total{kind="missed_alert"}')).toBe(1);
      });

      it('an alert that a source holds which posts nothing any more is told, and goes on while it is held', async () => {
        await ask();
        await teachReceiver();
        // From then on its longest gap is known, and three times as long is quiet.
        await pass(2 * minute);
        await teachReceiver();
        await pass(8 * minute);
        const { activity } = await flow.s.api<{ activity: { state: string } }>('GET', '/api/v1/sources/az-a');
        expect(activity.state).toBe('quiet');
        await am.post([alert]);
        await pass(7 * minute);
        expect(flow.mails('li.wei')).toEqual(['+1 new']);
        await pass(15 * minute);
        expect(flow.mails('li.wei')).toEqual(['+1 new']);
        const { items } = await flow.s.api<{ items: { state: string }[] }>(
          'GET',
          `/api/v1/alerts?filter=${encodeURIComponent('alertname="DiskFull"')}`,
        );
        expect(items.map(({ state }) => state)).toEqual(['firing']);
      });

      it('one that goes to another receiver is not ours', async () => {
        await ask();
        await flow.report('az-a', { labels: other }, { receiver: 'another' });
        await am.post([alert]);
        await pass(15 * minute);
        expect(flow.mails('li.wei')).toEqual([]);
      });

      it('an alert that it no longer holds is resolved after the grace, since the first poll without it', async () => {
        await ask();
        await teachReceiver();
        await am.post([alert]);
        await flow.fire(labels);
        await pass(8 * minute);
        expect(flow.mails('li.wei')).toEqual(['+1 new']);
        await am.post([ended]);
        await pass(4 * minute);
        expect(flow.mails('li.wei')).toHaveLength(1);
        await pass(8 * minute);
        expect(flow.mails('li.wei')).toEqual(['+1 new', '−1 resolved, all clear']);
        expect(await flow.reasons('DiskFull')).toContain('absent_in_polls');
        expect(await metric('reconciled_total{kind="missed_resolve"}')).toBe(1);
        await pass(20 * minute);
        expect(flow.mails('li.wei')).toHaveLength(2);
      });

      it('one that is away resolves nothing, nor does one that has just come back', async () => {
        await ask();
        await flow.fire(labels);
        await pass(2 * minute);
        await am.kill();
        await pass(20 * minute);
        await am.restart();
        await pass(4 * minute);
        expect(flow.mails('li.wei')).toEqual(['+1 new']);
        const selfAlarms = await flow.s.api<{ items: unknown[] }>(
          'GET',
          '/api/v1/alerts?filter=alertname%3D%22PollFailing%22',
        );
        expect(selfAlarms.items).toHaveLength(0);
        expect(await metric('polls_total{result="failed"}')).toBeGreaterThan(20);
      });

      it('nothing is resolved while a member is not asked', async () => {
        await ask([{ name: 'am-0', api_url: am.url }, 'am-1:9093']);
        await flow.fire(labels);
        await pass(20 * minute);
        expect(flow.mails('li.wei')).toEqual(['+1 new']);
      });

      async function metric(name: string): Promise<number> {
        const text = await (await fetch(`${flow.s.url}/metrics`)).text();
        const line = text.split('\n').find((one) => one.startsWith(`monitor_manager_${name} `));
        return Number(line?.split(' ')[1]);
      }
    });
  },
  ['embedded'],
);
