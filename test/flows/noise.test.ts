/** What made most messages, and what would make it quieter: proposals that a backtest takes as they are. */
import { eachDeployment } from '../support/deployments.ts';
import { eventually } from '../support/wait.ts';
import { type Flow, group, hour, minute, second, startFlow } from './flow.ts';

interface Row {
  alert_group: string;
  alertname: string;
  managed: boolean;
  messages: number;
  incidents: number;
  acknowledged: number;
  episodes: number;
  ended: number;
  median_seconds: number | null;
  short: number;
  proposals: { kind: string; policy: Record<string, unknown>; alert_group: unknown; criticals?: unknown }[];
}

const database = group('database', { members: ['li.wei'], policy: { group_by: ['alertname', 'instance'] } });
const alert = (alertname: string, more: Record<string, string> = {}) => ({ alertname, team: 'database', ...more });

/** Fires for so long, and is then quiet for so long. */
async function blip(flow: Flow, labels: Record<string, string>, forMs: number, quietMs = 6 * minute): Promise<void> {
  await flow.fire(labels);
  await flow.pass(forMs, forMs / 2);
  await flow.end(labels);
  await flow.pass(quietMs);
}

/** Something two days before; then a link that flaps, alerts that are over soon, a failure that takes twelve instances with it, and two critical alerts. */
async function history(flow: Flow): Promise<void> {
  await flow.configure({ alert_groups: [database] });
  await blip(flow, alert('Old'), 10 * minute, 2 * 24 * hour);
  for (let n = 0; n < 8; n++) await blip(flow, alert('LinkDown', { instance: 'sw1' }), 6 * minute);
  for (let n = 0; n < 6; n++) await blip(flow, alert('Slow', { instance: `db${n}` }), 90 * second);
  await blip(flow, alert('Lost', { severity: 'critical' }), 80 * second);
  await blip(flow, alert('Lost', { severity: 'critical' }), 10 * minute);
  const nodes = Array.from({ length: 12 }, (_, n) => alert('NodeDown', { instance: `node-${n}` }));
  await flow.report(
    'az-a',
    nodes.map((labels) => ({ labels, startsAt: flow.s.clock.now() })),
  );
  await flow.pass(20 * minute, 10 * minute);
  const { items } = await flow.s.api<{ items: { id: string }[] }>('GET', '/api/v1/incidents?state=open&limit=3');
  for (const { id } of items) await flow.s.api('POST', `/api/v1/incidents/${id}/acknowledge`);
  await flow.report(
    'az-a',
    nodes.map((labels) => ({ labels, status: 'resolved' as const, endsAt: flow.s.clock.now() })),
  );
  await flow.pass(10 * minute, 2 * minute);
}

eachDeployment((deployment) => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow(deployment, { channels: ['email'] });
    await history(flow);
  });
  afterAll(() => flow[Symbol.asyncDispose]());

  const rows = async (since = '1d') => (await flow.s.api<{ rows: Row[] }>('GET', `/api/v1/noise?since=${since}`)).rows;
  const row = async (alertname: string) => (await rows()).find((one) => one.alertname === alertname) as Row;
  const mailsAbout = (alertname: string) => flow.mailsTo('li.wei').filter((m) => m.subject.includes(alertname)).length;

  it('counts the messages that were really sent, most first', async () => {
    const found = await rows();
    expect(found.map((r) => r.alertname).sort()).toEqual(['LinkDown', 'Lost', 'NodeDown', 'Slow']);
    expect(found.map((r) => r.messages)).toEqual(found.map((r) => r.messages).sort((a, b) => b - a));
    for (const { alertname, messages } of found)
      expect([alertname, messages]).toEqual([alertname, mailsAbout(alertname)]);
    expect(found.every((r) => r.alert_group === 'database' && r.managed)).toBe(true);
  });

  it('says how often, how short, and how often somebody acknowledged it', async () => {
    expect(await row('Slow')).toMatchObject({ episodes: 6, ended: 6, short: 6, median_seconds: 90, incidents: 6 });
    expect(await row('LinkDown')).toMatchObject({ episodes: 8, ended: 8, short: 0, median_seconds: 360 });
    expect(await row('NodeDown')).toMatchObject({ episodes: 12, incidents: 12, acknowledged: 3 });
  });

  it('proposes to let the short ones pass, and says what that does to critical alerts', async () => {
    const { proposals } = await row('Slow');
    expect(proposals).toMatchObject([
      { kind: 'for', for: '2m', shorter: 6, told: 6, policy: { for: '2m' }, criticals: { later: 1, never: 1 } },
    ]);
  });

  it('proposes to tell of the one that flaps only once', async () => {
    const { proposals } = await row('LinkDown');
    // Six changes are allowed within an hour; of sixteen, one each six minutes, the others come too soon.
    expect(proposals).toMatchObject([
      { kind: 'flapping', changes: 6, within: '1h', alerts: 1, quick_changes: 10, criticals: { never: 0 } },
      { kind: 'for', for: '10m' },
    ]);
  });

  it('proposes to tell in one incident what begins at one moment', async () => {
    const { proposals } = await row('NodeDown');
    expect(proposals).toMatchObject([
      { kind: 'group_by', group_by: ['alertname'], drops: ['instance'], incidents: 12, after: 1 },
    ]);
  });

  it('makes proposals that a backtest takes, and that help', async () => {
    const { proposals } = await row('NodeDown');
    const asked = { since: '1d', alert_group: proposals[0]?.alert_group };
    interface Backtest {
      id: string;
      state: string;
      result: { messages: { before: number; after: number } } | null;
    }
    let backtest = await flow.s.api<Backtest>('POST', '/api/v1/backtests', asked);
    await eventually(
      async () => {
        backtest = await flow.s.api('GET', `/api/v1/backtests/${backtest.id}`);
        return backtest.state === 'done';
      },
      { describe: () => `the backtest to end: ${JSON.stringify(backtest)}` },
    );
    const { before = 0, after = 0 } = backtest.result?.messages ?? {};
    expect(before).toBe(flow.mails('li.wei').length - mailsAbout('Old'));
    expect(before - after).toBeGreaterThan(10);
  });

  it('looks back a day, a week or two, and no further', async () => {
    await expect(rows('3d')).rejects.toThrow(/400/);
    const names = async (since: string) => (await rows(since)).map((r) => r.alertname);
    expect(await names('1d')).not.toContain('Old');
    expect(await names('7d')).toContain('Old');
    expect(await names('14d')).toContain('Old');
  });
});

eachDeployment((deployment) => {
  it('leaves out what began before that time, and only went on or ended in it', async () => {
    await using flow = await startFlow(deployment, { channels: ['email'] });
    await flow.configure({ alert_groups: [database] });
    await blip(flow, alert('Long'), 26 * hour);
    expect(flow.mails('li.wei').at(-1)).toContain('resolved');
    expect((await flow.s.api<{ rows: Row[] }>('GET', '/api/v1/noise?since=1d')).rows).toEqual([]);
  });
});
