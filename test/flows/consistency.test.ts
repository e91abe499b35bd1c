/** Sources that report the same alerts, side by side. */
import type { ConsistencyAnswer } from '../../src/polls/answer.ts';
import { eachDeployment } from '../support/deployments.ts';
import { type Flow, hour, minute, second, startFlow } from './flow.ts';

eachDeployment(
  (deployment) => {
    let flow: Flow;
    beforeEach(async () => {
      flow = await startFlow(deployment);
      await flow.configure({});
    });
    afterEach(() => flow[Symbol.asyncDispose]());

    const board = async () => {
      const { sources } = await flow.s.api<ConsistencyAnswer>('GET', '/api/v1/consistency');
      return Object.fromEntries(sources.map((source) => [source.name, source]));
    };
    const fire = (alertname: string, source: string) => flow.fire({ alertname, team: 'database' }, { source });

    it('says what a source did not deliver and how late it was, beside those that report the same', async () => {
      for (const name of ['A', 'B', 'C']) {
        await fire(name, 'az-a');
        await flow.pass(20 * second);
        if (name !== 'C') await fire(name, 'az-b');
        await flow.pass(10 * second);
      }
      await fire('Elsewhere', 'az-c');
      expect((await board())['az-b']).toMatchObject({ lacking: 0 });
      await flow.pass(15 * minute, minute);
      const { 'az-a': a, 'az-b': b, 'az-c': c } = await board();
      expect(a).toMatchObject({ reported: 3, shared: 2, lacking: 0, median_delay_ms: 0, worst_delay_ms: 0 });
      expect(b).toMatchObject({ reported: 2, shared: 2, lacking: 1, median_delay_ms: 20_000, worst_delay_ms: 20_000 });
      expect(c).toMatchObject({ reported: 1, shared: 0, lacking: 0, median_delay_ms: null, worst_delay_ms: null });
      expect(b).toMatchObject({ missed_alerts: 0, missed_resolves: 0, findings: [], members: [] });
      await flow.pass(25 * hour, hour);
      expect((await board())['az-b']).toMatchObject({ reported: 0, lacking: 0, median_delay_ms: null });
    });

    it('shows whoever is asked, and since when they do not answer', async () => {
      const members = ['am-9', { name: 'am-0', api_url: 'http://127.0.0.1:9' }];
      await flow.configure({
        sources: [
          {
            name: 'az-a',
            site: 'hq',
            token: 'token-of-az-a-0123456789',
            members,
            prometheus_url: 'http://127.0.0.1:9/p/',
          },
        ],
      });
      const states = async () =>
        (await board())['az-a']?.members.map(({ kind, name, state, error }) => [kind, name, state, error]);
      const rest = (state: string, error: string | null) => [
        ['alertmanager', 'am-9', 'not_asked', null],
        ['alertmanager', 'am-0', state, error],
        ['prometheus', '', state, error],
      ];
      expect(await states()).toEqual(rest('pending', null));
      await flow.pass(30 * second);
      expect(await states()).toEqual(rest('missed', 'no connection (ECONNREFUSED)'));
      await flow.pass(minute, 30 * second);
      expect(await states()).toEqual(rest('away', 'no connection (ECONNREFUSED)'));
      await flow.s.service.selfCheck();
      await flow.pass(10 * minute, minute);
      const alarms = await flow.s.api<{ items: { labels: Record<string, string> }[] }>(
        'GET',
        `/api/v1/alerts?filter=${encodeURIComponent('alertname="PollFailing"')}`,
      );
      expect(alarms.items.map(({ labels }) => labels['member'] ?? labels['polled']).sort()).toEqual([
        'am-0',
        'prometheus',
      ]);
    });

    it('asks with a secret that nobody reads, and that goes to no new address', async () => {
      const source = {
        name: 'az-a',
        token: 'token-of-az-a-0123456789',
        members: [{ name: 'am-0', api_url: 'http://127.0.0.1:9' }],
      };
      await flow.configure({ sources: [{ ...source, api_user: 'mm', api_token: 'the-secret-of-polls' }] });
      const read = await flow.s.api('GET', '/api/v1/sources/az-a');
      expect(read).toMatchObject({ api_user: 'mm', api_token: '<secret>', prometheus_url: null });
      const everything = [read, await flow.s.api('GET', '/api/v1/export'), await board(), flow.s.logLines];
      expect(JSON.stringify(everything)).not.toContain('the-secret-of-polls');
      const elsewhere = { ...source, members: [{ name: 'am-0', api_url: 'http://127.0.0.1:10' }] };
      await expect(flow.configure({ sources: [{ ...elsewhere, api_user: 'mm' }] })).rejects.toThrow(
        'an address is new',
      );
      await flow.configure({ sources: [{ ...elsewhere, api_user: 'mm', api_token: 'another' }] });
      await flow.configure({ sources: [{ ...elsewhere, api_token: null }] });
      expect(await flow.s.api('GET', '/api/v1/sources/az-a')).not.toHaveProperty('api_token');
    });
  },
  ['embedded'],
);
