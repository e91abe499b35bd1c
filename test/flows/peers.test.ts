/** Sites that watch each other. */
import { eachDeployment } from '../support/deployments.ts';
import { pairSecret, type Sites, startSites } from '../support/sites.ts';
import { hour, minute, second } from './flow.ts';

/** What each has told of sites; that mails failed meanwhile is told too. */
function allTold(sites: Sites, names: readonly string[]): Record<string, string[]> {
  const ofSites = (subjects: string[]) => subjects.filter((subject) => subject.startsWith('[SITE '));
  return Object.fromEntries(names.map((name) => [name, ofSites(sites.of(name).told())]));
}

/** For an alarm: three rounds are missed, one of higher rank is waited for, and a message waits five seconds. For its end less. */
const enough = 45 * second;

const two = ['site-a', 'site-b'];
const three = ['site-a', 'site-b', 'site-c'];

eachDeployment(
  ({ name: deployment }) => {
    describe('two sites', () => {
      it('see each other as up, with what each says of itself', async () => {
        await using sites = await startSites(deployment, two);
        await sites.live(10 * second);
        const seen = await sites.of('site-a').sees('site-b');
        expect(seen).toMatchObject({
          ...{ name: 'site-b', secret: '<secret>', state: 'up', verdict: null, told: [] },
          ...{ config_match: true, clock_offset_ms: 0 },
          evidence: { misses: 0, last_error: null, last_ok_at: expect.any(String) },
          status: { site: 'site-b', ready: true, peers: [{ name: 'site-a', state: 'up' }] },
        });
        expect(allTold(sites, two)).toEqual({ 'site-a': [], 'site-b': [] });
      });

      it('tell of the one that falls silent, once, and of its return', async () => {
        await using sites = await startSites(deployment, two);
        await sites.live(10 * second);
        await sites.stop('site-b', 'silent');
        await sites.live(10 * second);
        expect(await sites.of('site-a').sees('site-b')).toMatchObject({ state: 'suspect', verdict: null });
        await sites.live(enough);
        expect(await sites.of('site-a').sees('site-b')).toMatchObject({
          ...{ state: 'down', verdict: 'down', told: ['PeerDown'] },
          evidence: { third: [], self: { database: true, way_out: 'open' }, last_error: 'no connection (ECONNRESET)' },
        });
        const [mail] = sites.of('site-a').smtp.mails;
        expect(mail?.text).toContain('Site site-b does not answer: it is down, or the road to it');
        await sites.start('site-b');
        await sites.live(enough);
        expect(allTold(sites, two)).toEqual({
          'site-a': ['[SITE TROUBLE] site-b does not answer', '[SITE WELL AGAIN] site-b'],
          'site-b': [],
        });
      });

      it('tell once each when the road between them breaks, and of its return', async () => {
        await using sites = await startSites(deployment, two);
        await sites.live(10 * second);
        sites.cutOff('site-b');
        await sites.live(enough);
        sites.heal('site-b');
        await sites.live(enough);
        expect(allTold(sites, two)).toEqual({
          'site-a': ['[SITE TROUBLE] site-b does not answer', '[SITE WELL AGAIN] site-b'],
          'site-b': ['[SITE TROUBLE] site-a does not answer', '[SITE WELL AGAIN] site-a'],
        });
      });

      it('accuse nobody while their own way out is broken, and say so themselves when it is back', async () => {
        await using sites = await startSites(deployment, two);
        await sites.live(10 * second);
        sites.cutOff('site-a');
        await sites.of('site-a').smtp.stopListening();
        await sites.live(minute);
        expect(await sites.of('site-a').sees('site-b')).toMatchObject({ state: 'suspect', verdict: 'cut_off' });
        await sites.of('site-a').smtp.listenAgain();
        sites.heal('site-a');
        await sites.live(5 * minute);
        expect(allTold(sites, two)).toEqual({
          'site-a': ['[SITE TROUBLE] site-a is cut off from the other sites', '[SITE WELL AGAIN] site-a'],
          'site-b': ['[SITE TROUBLE] site-a does not answer', '[SITE WELL AGAIN] site-a'],
        });
      });

      it('tell nobody of restarts that are announced, however many', async () => {
        await using sites = await startSites(deployment, two);
        await sites.live(10 * second);
        for (let restart = 0; restart < 10; restart++) {
          await sites.stop('site-b', 'announced');
          await sites.live(minute);
          expect(await sites.of('site-a').sees('site-b')).toMatchObject({ state: 'leaving', verdict: null });
          await sites.start('site-b');
          await sites.live(10 * second);
          expect(await sites.of('site-a').sees('site-b')).toMatchObject({ state: 'up' });
        }
        expect(allTold(sites, two)).toEqual({ 'site-a': [], 'site-b': [] });
      });

      it('tell of an announced restart that does not return', async () => {
        await using sites = await startSites(deployment, two);
        await sites.live(10 * second);
        await sites.stop('site-b', 'announced');
        await sites.live(9 * minute);
        expect(sites.of('site-a').told()).toEqual([]);
        await sites.live(1.5 * minute);
        expect(sites.of('site-a').told()).toEqual(['[SITE TROUBLE] site-b does not answer']);
        expect(sites.of('site-a').smtp.mails[0]?.text).toContain('has not returned from an announced restart');
      });

      it('accuse nobody after an absence or a restart of their own, and tell nothing twice', async () => {
        await using sites = await startSites(deployment, two);
        await sites.live(10 * second);
        await sites.stop('site-b', 'silent');
        await sites.live(5 * second);
        for (const name of two) sites.of(name).clock.advance(hour);
        await sites.live(10 * second);
        expect(sites.of('site-a').told()).toEqual([]);
        await sites.live(minute);
        expect(sites.of('site-a').told()).toHaveLength(1);
        await sites.stop('site-a', 'silent');
        await sites.start('site-a');
        await sites.live(enough);
        expect(sites.of('site-a').told()).toHaveLength(1);
        await sites.start('site-b');
        await sites.live(enough);
        expect(sites.of('site-a').told()).toEqual([
          '[SITE TROUBLE] site-b does not answer',
          '[SITE WELL AGAIN] site-b',
        ]);
      });

      it.each([
        ['ahead', hour, 1],
        ['back', -hour, 1],
      ])('take a clock that is set %s by an hour for what it is, and never for a silence', async (_, ms) => {
        await using sites = await startSites(deployment, two);
        await sites.live(10 * second);
        sites.of('site-b').clock.step(ms);
        await sites.live(enough);
        expect(await sites.of('site-a').sees('site-b')).toMatchObject({ state: 'up', clock_offset_ms: ms });
        sites.of('site-b').clock.step(-ms);
        await sites.live(enough);
        expect(allTold(sites, two)).toEqual({
          'site-a': ['[SITE TROUBLE] the clocks of site-a and site-b differ', '[SITE WELL AGAIN] site-b'],
          'site-b': [],
        });
      });
    });

    describe('three sites', () => {
      it('tell of the one that is down by one of the others', async () => {
        await using sites = await startSites(deployment, three);
        await sites.live(10 * second);
        await sites.stop('site-b', 'silent');
        await sites.live(enough);
        expect(await sites.of('site-c').sees('site-b')).toMatchObject({
          ...{ state: 'down', verdict: 'down', told: [] },
          evidence: { third: [{ peer: 'site-a', says: 'does_not' }] },
        });
        await sites.start('site-b');
        await sites.live(enough);
        expect(allTold(sites, three)).toEqual({
          'site-a': ['[SITE TROUBLE] site-b does not answer', '[SITE WELL AGAIN] site-b'],
          ...{ 'site-b': [], 'site-c': [] },
        });
        expect(sites.of('site-a').smtp.mails[0]?.text).toContain('Site site-b is down');
      });

      it('tell by the next one when the first can tell nobody', async () => {
        await using sites = await startSites(deployment, three);
        await sites.live(10 * second);
        await sites.stop('site-a', 'silent');
        await sites.live(enough);
        await sites.stop('site-b', 'silent');
        await sites.live(enough);
        expect(allTold(sites, three)).toEqual({
          'site-a': [],
          'site-b': ['[SITE TROUBLE] site-a does not answer'],
          // The one that had told is gone: in doubt it is told again.
          'site-c': ['[SITE TROUBLE] site-a does not answer; site-b does not answer'],
        });
      });

      it('find that only the road between two is broken, and say so once', async () => {
        await using sites = await startSites(deployment, three);
        await sites.live(10 * second);
        sites.road('site-a', 'site-b').cut();
        sites.road('site-b', 'site-a').cut();
        await sites.live(enough);
        expect(await sites.of('site-b').sees('site-a')).toMatchObject({
          ...{ state: 'down', verdict: 'road', told: [] },
          evidence: { third: [{ peer: 'site-c', says: 'reaches' }] },
        });
        sites.road('site-a', 'site-b').heal();
        sites.road('site-b', 'site-a').heal();
        await sites.live(enough);
        expect(allTold(sites, three)).toEqual({
          'site-a': ['[SITE TROUBLE] the road between site-a and site-b is broken', '[SITE WELL AGAIN] site-b'],
          ...{ 'site-b': [], 'site-c': [] },
        });
      });

      it('find a road that is broken one way only', async () => {
        await using sites = await startSites(deployment, three);
        await sites.live(10 * second);
        sites.road('site-b', 'site-a').cut();
        await sites.live(enough);
        expect(allTold(sites, three)).toEqual({
          ...{ 'site-a': [], 'site-c': [] },
          'site-b': ['[SITE TROUBLE] the road between site-b and site-a is broken'],
        });
      });

      it('have one that loses all others blame itself, although its way out works', async () => {
        await using sites = await startSites(deployment, three);
        await sites.live(10 * second);
        sites.cutOff('site-c');
        await sites.live(enough);
        sites.heal('site-c');
        await sites.live(enough);
        expect(allTold(sites, three)).toEqual({
          'site-a': ['[SITE TROUBLE] site-c does not answer', '[SITE WELL AGAIN] site-c'],
          'site-b': [],
          'site-c': ['[SITE TROUBLE] site-c is cut off from the other sites', '[SITE WELL AGAIN] site-c'],
        });
      });

      it('know whose clock is wrong', async () => {
        await using sites = await startSites(deployment, three);
        await sites.live(10 * second);
        sites.of('site-a').clock.step(hour);
        await sites.live(enough);
        expect(allTold(sites, three)).toEqual({
          ...{ 'site-a': [], 'site-c': [] },
          'site-b': ['[SITE TROUBLE] the clocks of site-b and site-a differ'],
        });
      });
    });

    it('a site that answers and cannot work is told of, with why', async () => {
      await using sites = await startSites(deployment, two);
      await sites.live(10 * second);
      const b = sites.of('site-b').s.service.db;
      await b.query('alter table proof rename to proof_away');
      await sites.live(1.5 * minute);
      expect(await sites.of('site-a').sees('site-b')).toMatchObject({
        ...{ state: 'up', told: ['PeerNotReady'] },
        status: { ready: false, not_ready: ['database'] },
      });
      expect(sites.of('site-a').smtp.mails[0]?.text).toContain('its database takes no write');
      await b.query('alter table proof_away rename to proof');
      await sites.live(enough);
      expect(sites.of('site-a').told()).toEqual([
        '[SITE TROUBLE] site-b cannot do its work',
        '[SITE WELL AGAIN] site-b',
      ]);
    });

    it('peers are objects like others, whose secret is never answered', async () => {
      await using sites = await startSites(deployment, ['site-a']);
      const { s } = sites.of('site-a');
      const secret = 'another-secret-0123456789';
      await s.api('POST', '/api/v1/peers', { name: 'site-z', url: 'https://mm-z.example.org/', secret });
      await expect(s.api('POST', '/api/v1/peers', { name: 'site-y', url: 'https://y.example.org' })).rejects.toThrow(
        /400.*a new peer needs the secret/,
      );
      await expect(
        s.api('POST', '/api/v1/peers', { name: 'site-y', url: 'https://user:word@y.example.org', secret }),
      ).rejects.toThrow(/400.*without user, password and query/);
      await s.api('PUT', '/api/v1/peers/site-z', { name: 'site-z', url: 'https://z.example.org' });
      const shown = await s.api('GET', '/api/v1/peers/site-z');
      expect(shown).toMatchObject({ url: 'https://z.example.org', secret: '<secret>', state: 'unknown', version: 2 });
      await s.api('PUT', '/api/v1/peers/site-z', shown);
      const everything = await Promise.all(
        ['peers', 'peers/site-z/versions', 'audit', 'export', 'status'].map((path) => s.api('GET', `/api/v1/${path}`)),
      );
      expect(JSON.stringify(everything)).not.toMatch(new RegExp(`${secret}|${pairSecret}`));
      const { rows } = await s.service.db.query('select secret from peer');
      expect(rows).toEqual([{ secret }]);
      await s.api('DELETE', '/api/v1/peers/site-z');
      await expect(s.api('POST', '/api/v1/peers/site-z/versions/3/restore', {})).rejects.toThrow(/secret of a peer/);
    });

    it('whoever deletes a peer ends its alarm', async () => {
      await using sites = await startSites(deployment, two);
      await sites.live(10 * second);
      await sites.stop('site-b', 'silent');
      await sites.live(minute);
      await sites.of('site-a').s.apply({ peers: [] });
      await sites.live(minute);
      expect(sites.of('site-a').told()).toEqual(['[SITE TROUBLE] site-b does not answer', '[SITE WELL AGAIN] site-b']);
    });
  },
  ['embedded', 'PostgreSQL only'],
);

describe('replicas of one site', () => {
  it('probe by one of them, show the same, and tell once for all', async () => {
    await using sites = await startSites('PostgreSQL only', two);
    await using other = await sites.replicaOf('site-a');
    const live = async (steps: number) => {
      for (let step = 0; step < steps; step++) {
        await sites.live(5 * second);
        await other.service.tick();
        await other.service.settle();
      }
    };
    await live(2);
    await sites.stop('site-b', 'silent');
    await live(9);
    expect(await other.api('GET', '/api/v1/peers/site-b')).toMatchObject({ state: 'down', told: ['PeerDown'] });
    // The one that probes is gone, so the other goes on where it was.
    await sites.stop('site-a', 'announced');
    await sites.start('site-b');
    for (let step = 0; step < 9; step++) {
      await sites.live(5 * second);
      await other.service.tick();
      await other.service.settle();
    }
    expect(await other.api('GET', '/api/v1/peers/site-b')).toMatchObject({ state: 'up', told: [] });
    expect(sites.of('site-a').told()).toEqual(['[SITE TROUBLE] site-b does not answer', '[SITE WELL AGAIN] site-b']);
  });
});
