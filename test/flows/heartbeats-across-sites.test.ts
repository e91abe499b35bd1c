/** A heartbeat that several sites get: before its alarm goes out, the others are asked whether they still see it. */
import { eachDeployment } from '../support/deployments.ts';
import { payload } from '../support/payload.ts';
import { type Sites, startSites } from '../support/sites.ts';
import { minute, second } from './flow.ts';

const names = ['site-a', 'site-b'];
const watchdog = { labels: { alertname: 'Watchdog', prometheus: 'mon/a', severity: 'none' }, startsAt: new Date(0) };

eachDeployment(
  ({ name: deployment }) => {
    let sites: Sites;
    const tokens = new Map<string, string>();
    beforeEach(async () => {
      sites = await startSites(deployment, names);
      for (const name of names) {
        // Each site calls the same Alertmanager its own way.
        const source = { name: `am of ${name}`, labels: {} };
        const { token } = await sites.of(name).s.api<{ token: string }>('POST', '/api/v1/sources', source);
        tokens.set(name, token);
      }
    });
    afterEach(() => sites[Symbol.asyncDispose]());

    /** The beats reach these sites, one a minute. */
    const beatFor = async (minutes: number, at: readonly string[]) => {
      for (let i = 0; i < minutes; i++) {
        for (const name of at) {
          const { s } = sites.of(name);
          await s.service.settle();
          expect((await s.post(tokens.get(name) ?? '', payload([watchdog]))).status).toBe(200);
        }
        await sites.live(minute, 10 * second);
      }
    };
    /** That a source posts nothing at all is told beside. */
    const told = (name: string) =>
      sites
        .of(name)
        .told()
        .filter((subject) => !subject.includes('SourceQuiet'));

    it('that another site still sees is no silence: the road to this site is broken', async () => {
      await beatFor(4, names);
      await beatFor(5, ['site-b']);
      expect(told('site-a')).toEqual([expect.stringMatching(/^\[ROAD BROKEN\] Watchdog.*\(am of site-a\)$/)]);
      expect(sites.of('site-a').smtp.mails[0]?.text).toContain('still seen by site-b');
      expect(told('site-b')).toEqual([]);
      const { items } = await sites
        .of('site-a')
        .s.api<{ items: { lane: string; severities: Record<string, number> }[] }>('GET', '/api/v1/incidents');
      const alarms = items.filter(({ lane }) => lane === 'watchdog');
      expect(alarms.map(({ severities }) => Object.keys(severities))).toEqual([['warning']]);
      await beatFor(3, names);
      expect(told('site-a').slice(1)).toEqual([expect.stringMatching(/^\[MONITORING BACK\]/)]);
    });

    it('that another site sees, where sources add labels, may be another one: no road is blamed', async () => {
      const source = { name: 'am of site-a', labels: { seen_at: 'site-a' } };
      await sites.of('site-a').s.api('PUT', '/api/v1/sources/am%20of%20site-a', source);
      await beatFor(4, names);
      await beatFor(5, ['site-b']);
      const ofBeats = sites.of('site-a').smtp.mails.filter(({ subject }) => /MONITORING|ROAD/.test(subject));
      expect(ofBeats.map(({ subject }) => subject)).toEqual([expect.stringMatching(/^\[MONITORING SILENT\]/)]);
      expect(ofBeats[0]?.text).not.toContain('nobody sees anything');
      type Told = { items: { labels: Record<string, string>; annotations: Record<string, string> }[] };
      const { items } = await sites.of('site-a').s.api<Told>('GET', '/api/v1/alerts');
      const lost = items.find(({ labels }) => labels['alertname'] === 'HeartbeatLost');
      expect(lost?.labels['severity']).toBe('critical');
      expect(lost?.annotations['description']).toContain('site-b sees a heartbeat of the same labels');
    });

    it('that no site sees any more is a silence, told by each', async () => {
      await beatFor(4, names);
      await beatFor(5, []);
      for (const name of names) {
        expect(told(name)).toEqual([expect.stringMatching(/^\[MONITORING SILENT\]/)]);
        expect(sites.of(name).smtp.mails[0]?.text).toContain('nobody sees anything of source');
      }
    });

    it('is told without a guess when the other site does not answer', async () => {
      await beatFor(4, names);
      sites.cutOff('site-b');
      await beatFor(5, ['site-b']);
      const [silent] = sites.of('site-a').smtp.mails.filter(({ subject }) => subject.startsWith('[MONITORING SILENT]'));
      expect(silent?.text).not.toContain('nobody sees anything');
      expect(told('site-a').filter((subject) => subject.startsWith('[ROAD BROKEN]'))).toEqual([]);
    });
  },
  ['embedded', 'PostgreSQL only'],
);
