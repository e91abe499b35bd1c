/** Inhibition rules: what fires keeps others from being told, as in Alertmanager, and everybody can see it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eachDeployment } from '../support/deployments.ts';
import { needs } from '../support/needs.ts';
import { programPath } from '../support/programs.ts';
import { adminToken } from '../support/service.ts';
import { type Flow, group, hour, minute, startFlow } from './flow.ts';

const run = promisify(execFile);

const node = { alertname: 'NodeDown', team: 'nodes', severity: 'critical', cluster: 'x' };
const disk = { alertname: 'DiskFull', team: 'database', severity: 'warning', cluster: 'x' };
const elsewhere = { ...disk, cluster: 'y' };

const rule = {
  name: 'node-down',
  source_matchers: ['alertname="NodeDown"'],
  target_matchers: ['severity="warning"'],
  equal: ['cluster'],
};

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    await flow.configure({
      alert_groups: [group('database', { members: ['li.wei'] }), group('nodes', { members: ['zhang.san'] })],
      inhibition_rules: [rule],
    });
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  interface Incident {
    id: string;
    group: string;
    inhibited: { alerts: number; by: { rule: string; name: string | null }[] };
  }
  const incidents = async () => (await flow.s.api<{ items: Incident[] }>('GET', '/api/v1/incidents')).items;
  const inhibitedIn = async (name: string) => (await incidents()).find((i) => i.group === name)?.inhibited;

  it('keep the target from being told while a source fires that is equal to it; then it is told', async () => {
    await flow.fire(node);
    await flow.fire(disk);
    await flow.fire(elsewhere);
    await flow.pass(minute);
    expect([flow.mails('li.wei'), flow.mails('zhang.san')]).toEqual([['+1 new'], ['+1 new']]);
    expect(flow.mailsTo('li.wei')[0]?.text).toMatch(/cluster\W+y/);
    expect(await inhibitedIn('database')).toMatchObject({ alerts: 1, by: [{ rule: 'node-down', name: 'NodeDown' }] });
    await flow.end(node);
    await flow.pass(5 * minute);
    expect(flow.mails('li.wei')).toEqual(['+1 new', '+1 new, 1 still firing']);
    expect(await inhibitedIn('database')).toEqual({ alerts: 0, by: [] });
  });

  it('look at the source at once, however long its own group waits and whichever comes first', async () => {
    const slow = group('nodes', { members: ['zhang.san'], policy: { group_wait: '10m' } });
    await flow.configure({ alert_groups: [group('database', { members: ['li.wei'] }), slow] });
    await flow.fire(disk);
    await flow.fire(node);
    await flow.pass(minute);
    expect([flow.mails('li.wei'), flow.mails('zhang.san')]).toEqual([[], []]);
  });

  it('hold back reminders and the end of what was told before, until the source ends', async () => {
    await flow.fire(disk);
    await flow.pass(minute);
    await flow.fire(node);
    await flow.pass(minute);
    await flow.pass(5 * hour, hour);
    await flow.end(disk);
    await flow.pass(6 * minute);
    expect(flow.mails('li.wei')).toEqual(['+1 new']);
    await flow.end(node);
    await flow.pass(6 * minute);
    expect(flow.mails('li.wei')).toEqual(['+1 new', '−1 resolved, all clear']);
  });

  it('do not let alerts that match both sides inhibit each other, nor themselves; a source alone inhibits them', async () => {
    const both = {
      ...rule,
      source_matchers: ['severity=~"critical|warning"'],
      target_matchers: ['severity=~"warning|info"'],
    };
    await flow.configure({ inhibition_rules: [both] });
    await flow.fire(disk);
    await flow.fire({ ...disk, instance: 'b' });
    await flow.pass(minute);
    expect(flow.mails('li.wei')).toEqual(['+2 new']);
    await flow.fire({ ...node, cluster: 'z' });
    await flow.fire({ ...disk, cluster: 'z' });
    await flow.pass(6 * minute);
    expect(flow.mails('li.wei')).toEqual(['+2 new']);
  });

  it('take a label that is missing for equal to one that is empty', async () => {
    const { cluster: _, ...nodeAnywhere } = node;
    const { cluster: __, ...diskAnywhere } = disk;
    await flow.fire(nodeAnywhere);
    await flow.fire(diskAnywhere);
    await flow.pass(minute);
    expect(flow.mails('li.wei')).toEqual([]);
  });

  it('inhibit by nothing of which nobody knows whether it still fires', async () => {
    const startsAt = flow.s.clock.now();
    await flow.fire(node, { source: 'az-b', startsAt });
    await flow.fire(disk, { startsAt });
    await flow.pass(minute, 10_000);
    await flow.fire(node, { source: 'az-b', startsAt });
    expect(flow.mails('li.wei')).toEqual([]);
    // The source of the one goes on to post, that of the other is quiet.
    for (let passed = 0; passed < 8; passed += 2) {
      await flow.fire(disk, { startsAt });
      await flow.pass(2 * minute, 10_000);
    }
    const alerts = '/api/v1/alerts?filter=alertname="NodeDown"';
    expect((await flow.s.api<{ items: unknown[] }>('GET', alerts)).items).toMatchObject([{ state: 'stale' }]);
    expect(flow.mails('li.wei')).toEqual(['+1 new']);
  });

  it('follow an edit at once: what no rule holds back any more is told, and what one does is not', async () => {
    await flow.fire(node);
    await flow.fire(disk);
    await flow.pass(minute);
    await flow.configure({
      inhibition_rules: [{ ...rule, equal: ['nothing'], source_matchers: ['alertname="Other"'] }],
    });
    await flow.pass(minute);
    expect(flow.mails('li.wei')).toEqual(['+1 new']);
    await flow.configure({ inhibition_rules: [rule] });
    await flow.fire({ ...disk, instance: 'b' });
    await flow.pass(6 * minute);
    expect(flow.mails('li.wei')).toEqual(['+1 new']);
    await flow.configure({ inhibition_rules: [] });
    await flow.pass(6 * minute);
    expect(flow.mails('li.wei')).toEqual(['+1 new', '+1 new, 1 still firing']);
  });

  it('never touch an alarm of the watchdog', async () => {
    const everything = { ...rule, target_matchers: ['alertname=~".+"'], equal: [] };
    await flow.configure({
      inhibition_rules: [everything],
      heartbeats: [{ name: 'beat', matchers: ['alertname="Beat"'], timeout: '3m' }],
    });
    await flow.fire(node);
    await flow.pass(minute);
    await flow.fire({ alertname: 'Beat' });
    await flow.pass(20 * minute, 10_000);
    expect(flow.mails('admin').length).toBeGreaterThan(0);
  });

  it('say in the explanation which rule holds it back, and by which alert', async () => {
    await flow.fire(node);
    await flow.fire(disk);
    await flow.pass(minute);
    const { items } = await flow.s.api<{ items: { fingerprint: string }[] }>(
      'GET',
      '/api/v1/alerts?filter=alertname="DiskFull"',
    );
    const { steps } = await flow.s.api<{ steps: { reason: string; text: string; text_zh: string }[] }>(
      'GET',
      `/api/v1/alerts/${items[0]?.fingerprint}/explain`,
    );
    const step = steps.find(({ reason }) => reason === 'inhibited');
    expect(step?.text).toContain('inhibited by NodeDown (inhibition rule node-down)');
    expect(step?.text_zh).toContain('告警 NodeDown（抑制规则 node-down）');
  });

  it('are versioned, and exported as they were applied', async () => {
    const key = '/api/v1/inhibition-rules/node-down';
    const exported = await flow.s.api<{ inhibition_rules: unknown[] }>('GET', '/api/v1/export');
    expect(exported.inhibition_rules).toEqual([rule]);
    await flow.configure({ inhibition_rules: [{ ...rule, equal: [] }] });
    const { items } = await flow.s.api<{ items: { version: number }[] }>('GET', `${key}/versions`);
    expect(items.map(({ version }) => version)).toEqual([2, 1]);
    await expect(flow.configure({ inhibition_rules: [{ ...rule, target_matchers: [] }] })).rejects.toThrow(
      'at least one matcher',
    );
  });

  needs('amtool')('in amtool', () => {
    it('an inhibited alert names the alert that inhibits it, and is shown when it is asked for', async () => {
      await flow.fire(node);
      await flow.fire(disk);
      await flow.pass(minute);
      const folder = mkdtempSync(join(tmpdir(), 'mm-amtool-'));
      try {
        const config = join(folder, 'http.yml');
        writeFileSync(config, `basic_auth: { username: amtool, password: ${adminToken} }\n`);
        const query = async (...args: string[]) => {
          const all = [
            `--alertmanager.url=${flow.s.url}`,
            `--http.config.file=${config}`,
            '-o',
            'json',
            'alert',
            'query',
          ];
          const { stdout } = await run(programPath('amtool'), [...all, ...args]);
          return JSON.parse(stdout) as { labels: { alertname: string }; fingerprint: string; status: object }[];
        };
        const [source] = await query();
        expect((await query()).map((a) => a.labels.alertname)).toEqual(['NodeDown']);
        expect(await query('--inhibited')).toMatchObject([
          { labels: { alertname: 'DiskFull' }, status: { state: 'suppressed', inhibitedBy: [source?.fingerprint] } },
        ]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
});
