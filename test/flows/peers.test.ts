/** Sites that watch each other. */
import { eachDeployment } from '../support/deployments.ts';
import { startSites } from '../support/sites.ts';
import { minute, second } from './flow.ts';

eachDeployment(
  ({ name: deployment }) => {
    it('see each other as up, with what each says of itself', async () => {
      await using sites = await startSites(deployment, ['site-a', 'site-b']);
      await sites.live(20 * second);
      const seen = await sites.of('site-a').sees('site-b');
      expect(seen).toMatchObject({
        ...{ name: 'site-b', secret: '<secret>', state: 'up', verdict: null, told: [] },
        ...{ config_match: true, clock_offset_ms: 0 },
        evidence: { misses: 0, last_error: null, last_ok_at: expect.any(String) },
        status: { site: 'site-b', ready: true, peers: [{ name: 'site-a', state: 'up' }] },
      });
      expect([...sites.of('site-a').told(), ...sites.of('site-b').told()]).toEqual([]);
    });

    it('tell of the one of two that falls silent, once, and of its return', async () => {
      await using sites = await startSites(deployment, ['site-a', 'site-b']);
      await sites.live(20 * second);
      await sites.stop('site-b', 'silent');
      await sites.live(2 * minute);
      expect(sites.of('site-a').told()).toEqual(['[SITE TROUBLE] site-b does not answer']);
      await sites.start('site-b');
      await sites.live(2 * minute);
      const words = ['[SITE TROUBLE] site-b does not answer', '[SITE WELL AGAIN] site-b'];
      expect(sites.of('site-a').told()).toEqual(words);
    });
  },
  ['embedded', 'PostgreSQL only'],
);
