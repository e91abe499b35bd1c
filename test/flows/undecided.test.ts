import { eachDeployment } from '../support/deployments.ts';
import { type Flow, group, minute, second, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };
const slow = { alertname: 'SlowQueries', team: 'database', instance: 'a' };

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    await flow.configure({ alert_groups: [group('database', { members: ['li.wei'] })] });
    await flow.fire(disk);
    await flow.pass(30 * second);
    expect(flow.mails('li.wei')).toEqual(['+1 new']);
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  const sql = (text: string) => flow.s.service.db.query(text);

  /** Both incidents are due in the same moment. */
  async function bothHaveNews(): Promise<void> {
    await flow.report('az-a', [
      { labels: { ...disk, instance: 'b' }, startsAt: flow.s.clock.now() },
      { labels: slow, startsAt: flow.s.clock.now() },
    ]);
    await flow.pass(5 * minute);
  }

  async function failures(): Promise<number> {
    const text = await (await fetch(`${flow.s.url}/metrics`)).text();
    return Number(/^monitor_manager_decisions_failed_total (\d+)$/m.exec(text)?.[1]);
  }

  it('an incident whose row makes the database refuse a decision keeps no other from being told', async () => {
    await sql('update thread set sequence = 2147483647');
    await bothHaveNews();
    expect(flow.mails('li.wei')).toEqual(['+1 new', '+1 new']);
    expect(flow.mailsTo('li.wei').at(-1)?.subject).toContain('SlowQueries');
  });

  it('so does one whose row makes our own code throw', async () => {
    const broken = `update alert set labels = 'null' where labels->>'alertname' = 'DiskFull'`;
    await sql(broken);
    await bothHaveNews();
    expect(flow.mails('li.wei')).toEqual(['+1 new', '+1 new']);
  });

  it('it is logged, counted, an alarm to the admins, tried less and less often, and told once it can be', async () => {
    await sql('update thread set sequence = 2147483647');
    await bothHaveNews();
    expect(await failures()).toBe(1);
    await flow.pass(5 * second);
    expect(await failures()).toBe(2);
    await flow.pass(10 * minute, 5 * second);
    expect(await failures()).toBeLessThan(10);
    expect(flow.s.logLines.filter((line) => line.includes('an incident could not be decided'))).not.toEqual([]);
    expect(flow.mailsTo('admin').at(-1)?.text).toContain('IncidentsUndecided');
    await sql('update thread set sequence = 1');
    await flow.pass(5 * minute);
    expect(flow.mails('li.wei')).toEqual(['+1 new', '+1 new', '+1 new, 1 still firing']);
    await flow.pass(20 * minute, 10 * second);
    expect(flow.mails('admin').at(-1)).toContain('all clear');
  });
});
