import { runCli } from '../../src/cli/cli.ts';
import { eachDeployment } from '../support/deployments.ts';
import { adminToken } from '../support/service.ts';
import { eventually } from '../support/wait.ts';
import { company, type Flow, group, hour, minute, second, startFlow } from './flow.ts';

interface Answer {
  id: string;
  state: string;
  error: string | null;
  changes: number | null;
  known_since: string | null;
  result: {
    messages: { before: number; after: number };
    incidents: { before: number; after: number };
    timeline: { starts_at: string; step_ms: number; before: number[]; after: number[] };
    receivers: { name: string; channel: string; messages: { before: number; after: number }; stops: boolean }[];
    criticals: { never: number; later: number; examples: { labels: Record<string, string> }[] };
  } | null;
}

async function backtest(flow: Flow, body: Record<string, unknown>): Promise<Answer> {
  let answer = await flow.s.api<Answer>('POST', '/api/v1/backtests', body);
  await eventually(
    async () => {
      answer = await flow.s.api<Answer>('GET', `/api/v1/backtests/${answer.id}`);
      return answer.state === 'done' || answer.state === 'failed';
    },
    { describe: () => 'the backtest to end' },
  );
  return answer;
}

const database = group('database', { members: ['li.wei', 'zhang.san'], robots: ['ops'] });

/** A disk that fills twice, a critical failure, and an alert that is acknowledged and would be reminded of. */
async function history(flow: Flow): Promise<void> {
  await flow.configure({ alert_groups: [database] });
  await flow.fire({ alertname: 'DiskFull', team: 'database', instance: 'db1' });
  await flow.pass(30 * second);
  await flow.fire({ alertname: 'DiskFull', team: 'database', instance: 'db2' });
  await flow.fire({ alertname: 'Down', team: 'database', severity: 'critical' });
  await flow.pass(30 * second);
  await flow.pass(5 * minute, minute);
  await flow.end({ alertname: 'DiskFull', team: 'database', instance: 'db1' });
  await flow.pass(10 * minute, minute);
  const { items } = await flow.s.api<{ items: { id: string; group_labels: Record<string, string> }[] }>(
    'GET',
    '/api/v1/incidents',
  );
  const down = items.find((i) => i.group_labels['alertname'] === 'Down');
  await flow.s.api('POST', `/api/v1/incidents/${down?.id}/acknowledge`);
  await flow.rest();
  await flow.pass(4 * hour, 10 * minute);
  await flow.end({ alertname: 'Down', team: 'database', severity: 'critical' });
  await flow.end({ alertname: 'DiskFull', team: 'database', instance: 'db2' });
  await flow.pass(5 * minute, minute);
}

eachDeployment(
  (deployment) => {
    let flow: Flow;
    beforeAll(async () => {
      flow = await startFlow(deployment, { env: { MM_RETENTION: '30d' } });
      await history(flow);
    });
    afterAll(() => flow[Symbol.asyncDispose]());

    it('finds the messages that were really sent, for what is configured', async () => {
      const { result, error } = await backtest(flow, { since: '1d', document: { alert_groups: [database] } });
      expect(error).toBeNull();
      expect(result?.messages.after).toBe(result?.messages.before);
      const sent = new Map(result?.receivers.map((r) => [`${r.name} ${r.channel}`, r.messages.before]));
      expect(sent).toEqual(
        new Map([
          ['li.wei email', flow.mails('li.wei').length],
          ['zhang.san email', flow.mails('zhang.san').length],
          ['ops wecom-robot', flow.wecoms('robot-key').length],
        ]),
      );
      expect(result?.criticals).toMatchObject({ never: 0, later: 0, examples: [] });
    });

    it('says when messages went out and would, and since when anything is known', async () => {
      const { result, known_since } = await backtest(flow, { since: '1d', document: { alert_groups: [database] } });
      const times = await flow.s.service.db.query<{ at: Date }>(
        `select min(finished_at) as at from notification where state = 'accepted'`,
      );
      const { starts_at, step_ms, before, after } = result?.timeline ?? expect.fail('no timeline');
      expect(before).toEqual(after);
      expect(before.reduce((sum, n) => sum + n, 0)).toBe(result?.messages.before);
      const first = Date.parse(starts_at) + before.findIndex((n) => n > 0) * step_ms;
      const sentAt = times.rows[0]?.at.getTime() ?? 0;
      expect([first <= sentAt, sentAt < first + step_ms]).toEqual([true, true]);
      expect(Date.parse(known_since ?? '')).toBeLessThan(sentAt);
    });

    it('takes a document as the text of its file', async () => {
      const yaml = 'alert_groups:\n  - name: database\n    matchers: [team="nothing"]\n    members: [li.wei]\n';
      const { result } = await backtest(flow, { since: '1d', document: yaml });
      expect(result?.receivers.filter((r) => r.stops).map((r) => r.name)).toEqual(
        expect.arrayContaining(['li.wei', 'zhang.san', 'ops']),
      );
      const post = (document: string) => flow.s.api('POST', '/api/v1/backtests', { document });
      await expect(post('alert_groups: [')).rejects.toThrow(/not valid YAML at line 1/);
      await expect(post('just words')).rejects.toThrow(/400/);
      expect((await backtest(flow, { since: '1d', document: '' })).error).toBeNull();
    });

    it('says who would get nothing any more, and which critical alerts nobody would be told of', async () => {
      const draft = { ...database, matchers: ['team="database"', 'severity!="critical"'], members: ['li.wei'] };
      const { result } = await backtest(flow, { since: '1d', document: { alert_groups: [draft] } });
      expect(result?.receivers.filter((r) => r.stops).map((r) => r.name)).toEqual(['zhang.san']);
      expect(result?.criticals).toMatchObject({ never: 1, later: 0 });
      expect(result?.criticals.examples[0]?.labels['alertname']).toBe('Down');
    });

    it('tries a draft of one alert group, and stores nothing of it', async () => {
      const { policy, ...rest } = database;
      const draft = { ...rest, policy: { ...(policy as object), group_by: [] } };
      const { result } = await backtest(flow, { since: '1d', alert_group: { draft, key: 'database' } });
      expect(result?.incidents).toEqual({ before: 2, after: 1 });
      expect(result?.messages.after).toBeLessThan(result?.messages.before as number);
      const stored = await flow.s.api<{ policy: { group_by: string[] }; version: number }>(
        'GET',
        '/api/v1/alert-groups/database',
      );
      expect(stored.policy.group_by).toEqual(['alertname']);
    });

    it('refuses what does not fit, and leaves the configuration as it is', async () => {
      const version = async () => (await flow.s.service.db.query('select version from config_version')).rows;
      const before = await version();
      const post = (body: unknown) => flow.s.api('POST', '/api/v1/backtests', body);
      await expect(post({ document: { alert_groups: [{ ...database, members: ['nobody'] }] } })).rejects.toThrow(/409/);
      await expect(post({ document: { alert_group: [] } })).rejects.toThrow(/400/);
      await expect(post({ alert_group: { draft: { ...database, matchers: 'x' } } })).rejects.toThrow(
        /alert_group\.draft/,
      );
      await expect(post({})).rejects.toThrow(/either document or alert_group/);
      await expect(post({ since: 'yesterday', document: {} })).rejects.toThrow(/since/);
      await expect(flow.s.api('GET', '/api/v1/backtests/00000000-0000-4000-8000-000000000000')).rejects.toThrow(/404/);
      expect(await version()).toEqual(before);
    });

    it('is a command that prints a table', async () => {
      const out: string[] = [];
      const yaml = JSON.stringify({ alert_groups: [{ ...database, members: ['li.wei'] }], contacts: company.contacts });
      const code = await runCli(['backtest', '-f', 'draft.yaml', '--since', '1d', '--url', flow.s.url], {
        ...{ version: '', env: { MM_ADMIN_TOKEN: adminToken }, hostname: '', fetch },
        ...{ out: (text: string) => out.push(text), err: (text: string) => out.push(text) },
        ...{ readFile: () => yaml, writeFile: () => {}, listFiles: (path: string) => [path] },
        ...{ startService: async () => {}, migrate: async () => ({ applied: [] }), checkProvision: async () => [] },
      });
      expect([code, out.join('')]).toEqual([
        0,
        expect.stringMatching(/^zhang\.san +email +\d+ +0 +-\d+ +gets nothing any more$/m),
      ]);
    });
  },
  ['embedded'],
);
