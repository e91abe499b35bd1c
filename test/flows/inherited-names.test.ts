/** Labels that come from a database are plain objects, which inherit `constructor`, `toString` and others: those are no labels. */
import { eachDeployment } from '../support/deployments.ts';
import { type Flow, group, minute, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database' };
const inherited = ['constructor', 'toString', 'hasOwnProperty', '__proto__'];

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    await flow.configure({});
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  const silence = (matchers: string[]) =>
    flow.s.api('POST', '/api/v1/silences', {
      matchers,
      starts_at: flow.s.clock.now(),
      ends_at: new Date(flow.s.clock.now().getTime() + 60 * minute),
      comment: 'maintenance',
    });
  const found = async (path: string, matcher: string) =>
    (await flow.s.api<{ items: unknown[] }>('GET', `/api/v1/${path}?filter=${encodeURIComponent(matcher)}`)).items
      .length;

  describe('a matcher of a name that every object has', () => {
    it('in a silence hides nothing and lets everything else be decided', async () => {
      for (const name of inherited) await silence([`${name}=~"[a-z].*"`]);
      await flow.fire(disk);
      await flow.pass(minute);
      expect(flow.mails('li.wei')).toEqual(['+1 new']);
    });

    it('in a silence says that the label is absent', async () => {
      await silence(['team="database"', ...inherited.map((name) => `${name}=""`)]);
      await flow.fire(disk);
      await flow.pass(minute);
      expect(flow.mails('li.wei')).toEqual([]);
    });

    it('in an alert group takes what has no such label, and not what has none', async () => {
      await flow.configure({
        alert_groups: [
          group('inherits', { matchers: ['constructor!=""'], members: ['zhang.san'] }),
          group('database', { matchers: ['toString=""', 'team="database"'], members: ['li.wei'] }),
        ],
      });
      await flow.fire(disk);
      await flow.pass(minute);
      expect([flow.mails('zhang.san'), flow.mails('li.wei')]).toEqual([[], ['+1 new']]);
    });

    it('in a filter finds what lacks the label, and a label of that name where there is one', async () => {
      await flow.fire(disk);
      await flow.fire({ ...disk, alertname: 'Named', constructor: 'acme' });
      await flow.pass(minute);
      for (const path of ['alerts', 'incidents']) {
        expect(await found(path, 'constructor=""')).toBe(1);
        expect(await found(path, 'constructor=~".+"')).toBe(1);
        expect(await found(path, 'constructor="acme"')).toBe(1);
        expect(await found(path, 'valueOf!=""')).toBe(0);
      }
    });

    it('in a label of an alert is told like any other', async () => {
      await flow.fire({ ...disk, constructor: 'acme', toString: 'text' });
      await flow.pass(minute);
      expect(flow.mailsTo('li.wei')[0]?.text).toContain('constructor=acme');
    });
  });
});
