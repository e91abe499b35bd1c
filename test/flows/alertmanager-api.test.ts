/** Alertmanager's API v2, asked by the amtool that people have, and by hand where amtool cannot ask. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { handClock } from '../support/clock.ts';
import { eachDeployment } from '../support/deployments.ts';
import { needs } from '../support/needs.ts';
import { programPath } from '../support/programs.ts';
import { adminToken } from '../support/service.ts';
import { type Flow, group, startFlow } from './flow.ts';

const run = promisify(execFile);
type Json = Record<string, unknown>;

eachDeployment(
  (deployment) => {
    let flow: Flow;
    let folder: string;
    beforeEach(async () => {
      // amtool looks at the clock on the wall.
      flow = await startFlow(deployment, { service: { clock: handClock(new Date()) } });
      await flow.configure({
        alert_groups: [
          group('database', { members: ['li.wei'], policy: { group_wait: '0s' } }),
          group('storage', { members: ['zhang.san'], continue: true }),
          group('everything', { matchers: [], members: ['wang.wu'], policy: { group_by: ['team'] } }),
        ],
      });
      folder = mkdtempSync(join(tmpdir(), 'mm-amtool-'));
    });
    afterEach(async () => {
      rmSync(folder, { recursive: true });
      await flow.stopService();
      await flow[Symbol.asyncDispose]();
    });

    const call = (method: string, path: string, body?: unknown, authorization = `Bearer ${adminToken}`) =>
      fetch(`${flow.s.url}/api/v2/${path}`, {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const get = async <T = Json[]>(path: string): Promise<T> => (await call('GET', path)).json() as Promise<T>;
    const namesOf = async (path: string) =>
      (await get<{ labels: Record<string, string> }[]>(path)).map(({ labels }) => labels['alertname']).sort();

    async function someFire(): Promise<void> {
      await flow.fire({ alertname: 'DiskFull', team: 'storage', severity: 'critical', instance: 'a' });
      await flow.fire({ alertname: 'DiskFull', team: 'storage', severity: 'critical', instance: 'b' });
      await flow.fire({ alertname: 'SlowQuery', team: 'database', severity: 'warning' });
    }

    needs('amtool')('amtool', () => {
      async function amtool(...args: string[]): Promise<string> {
        const config = join(folder, 'http.yml');
        writeFileSync(config, `basic_auth: { username: amtool, password: ${adminToken} }\n`);
        const common = [`--alertmanager.url=${flow.s.url}`, `--http.config.file=${config}`];
        return (await run(programPath('amtool'), [...common, ...args])).stdout;
      }
      const by = ['--author=li.wei'];
      const queried = async (...args: string[]) =>
        (JSON.parse(await amtool('-o', 'json', 'alert', 'query', ...args)) as { labels: Json }[]).map(
          ({ labels }) => labels['instance'] ?? labels['alertname'],
        );

      it('lists and filters alerts, by matchers and by receiver', async () => {
        await someFire();
        expect((await queried()).sort()).toEqual(['SlowQuery', 'a', 'b']);
        expect(await queried('severity=~"crit.*"', 'instance!="b"')).toEqual(['a']);
        expect(await queried('SlowQuery')).toEqual(['SlowQuery']);
        expect((await queried('--receiver=storage')).sort()).toEqual(['a', 'b']);
        expect(await queried('--receiver=data.*')).toEqual(['SlowQuery']);
      });

      it('adds a silence that holds back what matches, shows it, and expires it', async () => {
        await flow.fire({ alertname: 'DiskFull', team: 'storage', instance: 'a' });
        const id = (
          await amtool(
            'silence',
            'add',
            ...by,
            'alertname=DiskFull',
            'instance=~"a|b"',
            '--comment=new disks',
            '--duration=2h',
          )
        ).trim();
        // Its start is by the clock of amtool, which has gone on.
        const { starts_at } = await flow.s.api<{ starts_at: string }>('GET', `/api/v1/silences/${id}`);
        await flow.pass(Math.max(0, Date.parse(starts_at) - flow.s.clock.now().getTime()) + 1_000);
        expect(await queried()).toEqual([]);
        expect(await queried('--silenced')).toEqual(['a']);
        await flow.pass(60_000);
        expect(flow.mails('zhang.san')).toEqual([]);
        const [shown] = JSON.parse(await amtool('-o', 'json', 'silence', 'query', 'alertname=DiskFull')) as Json[];
        expect(shown).toMatchObject({ id, createdBy: 'li.wei', comment: 'new disks', status: { state: 'active' } });
        expect(await amtool('silence', 'query', '-q', 'alertname=SlowQuery')).toBe('');
        await amtool('silence', 'expire', id);
        expect((await get('silences')).map((s) => s['status'])).toEqual([{ state: 'expired' }]);
        await flow.pass(60_000);
        expect(flow.mails('zhang.san')).toHaveLength(1);
        expect(await queried()).toEqual(['a']);
      });

      it('lengthens a silence, which stays the same one', async () => {
        const id = (await amtool('silence', 'add', ...by, 'team=storage', '--comment=move', '--duration=1h')).trim();
        await amtool('silence', 'update', '--duration=5h', id);
        const own = await flow.s.api<{ ends_at: string; version: number }>('GET', `/api/v1/silences/${id}`);
        expect((Date.parse(own.ends_at) - flow.s.clock.now().getTime()) / 3_600_000).toBeGreaterThan(4.5);
        expect(own.version).toBe(2);
      });

      it('imports silences, from another Alertmanager or of its own export', async () => {
        await amtool('silence', 'add', ...by, 'team=storage', '--comment=one', '--duration=1h');
        await amtool('silence', 'add', ...by, 'team=database', 'severity!=critical', '--comment=two', '--duration=2h');
        const file = join(folder, 'silences.json');
        writeFileSync(file, await amtool('-o', 'json', 'silence', 'query'));
        await amtool('silence', 'expire', ...(await amtool('silence', 'query', '-q')).trim().split('\n'));
        await amtool('silence', 'import', '--force', file);
        const comments = JSON.parse(await amtool('-o', 'json', 'silence', 'query')) as Json[];
        expect(comments.map((s) => s['comment']).sort()).toEqual(['one', 'two']);
      });

      it('says what is wrong with a silence', async () => {
        const refused = amtool('silence', 'add', ...by, 'a=~.*', '--comment=all', '--duration=1h');
        await expect(refused).rejects.toThrow('it would match every alert: one matcher must not match an absent label');
      });

      it('says what it cannot do', async () => {
        await expect(amtool('alert', 'add', 'foo=bar')).rejects.toThrow('status 401');
        expect(await (await call('GET', 'nothing')).json()).toBe('There is nothing here.');
      });

      it('shows the alert groups as a configuration, and which of them take an alert', async () => {
        const test = (...labels: string[]) => amtool('config', 'routes', 'test', ...labels);
        expect((await test('team=storage')).trim()).toBe('storage,everything');
        expect((await test('team=database')).trim()).toBe('database');
        expect(await amtool('config', 'show')).toContain('repeat_interval: 4h');
        expect(await amtool('cluster', 'show')).toContain('disabled');
      });
    });

    describe('the API v2', () => {
      it('has the open incidents as groups and the alert groups as receivers', async () => {
        await someFire();
        const groups = await get<{ labels: Json; receiver: Json; alerts: { receivers: Json[] }[] }[]>('alerts/groups');
        expect(groups.map((g) => [g.receiver['name'], g.labels, g.alerts.length])).toEqual([
          ['database', { alertname: 'SlowQuery' }, 1],
          ['everything', { team: 'storage' }, 2],
          ['storage', { alertname: 'DiskFull' }, 2],
        ]);
        expect(groups[1]?.alerts[0]?.receivers).toEqual([{ name: 'everything' }, { name: 'storage' }]);
        expect((await get('receivers')).map((r) => r['name'])).toEqual(
          expect.arrayContaining(['database', 'storage', 'everything', 'unrouted', 'watchdog', 'self']),
        );
      });

      it('has an alert from its first report until it ends, each once', async () => {
        await flow.report('az-a', {
          labels: { alertname: 'DiskFull', team: 'storage' },
          startsAt: flow.s.clock.now(),
          annotations: { summary: 'full' },
        });
        expect(await get('alerts')).toEqual([
          expect.objectContaining({
            labels: { alertname: 'DiskFull', team: 'storage' },
            annotations: { summary: 'full' },
            status: { state: 'active', silencedBy: [], inhibitedBy: [] },
            receivers: [{ name: 'everything' }, { name: 'storage' }],
          }),
        ]);
        await flow.pass(60_000);
        await flow.end({ alertname: 'DiskFull', team: 'storage' });
        await flow.pass(600_000);
        expect(await get('alerts')).toEqual([]);
      });

      it('has no alert that ended before anybody decided it, though its incident goes on', async () => {
        await flow.fire({ alertname: 'DiskFull', team: 'storage', instance: 'a' });
        await flow.pass(60_000);
        await flow.fire({ alertname: 'DiskFull', team: 'storage', instance: 'b' });
        await flow.end({ alertname: 'DiskFull', team: 'storage', instance: 'b' });
        await flow.pass(600_000);
        expect(await get('alerts')).toEqual([
          expect.objectContaining({ labels: { alertname: 'DiskFull', team: 'storage', instance: 'a' } }),
        ]);
      });

      it('says by which silences an alert is suppressed, and leaves out what is not asked for', async () => {
        await someFire();
        await flow.fire({ alertname: 'Down', team: 'database', severity: 'critical' });
        const silence = {
          matchers: [{ name: 'team', value: 'storage', isRegex: false }],
          startsAt: flow.s.clock.now().toISOString(),
          endsAt: new Date(flow.s.clock.now().getTime() + 3_600_000).toISOString(),
          createdBy: 'li.wei',
          comment: ' new\n disks ',
        };
        const made = (await (await call('POST', 'silences', silence)).json()) as { silenceID: string };
        const { silenceID } = made;
        const statuses = async (path: string) => (await get<{ status: Json }[]>(path)).map(({ status }) => status);
        expect(await statuses('alerts?filter=instance="a"')).toEqual([
          { state: 'suppressed', silencedBy: [silenceID], inhibitedBy: [] },
        ]);
        expect(await namesOf('alerts?silenced=false')).toEqual(['Down', 'SlowQuery']);
        expect(await namesOf('alerts?active=false')).toEqual(['DiskFull', 'DiskFull']);
        expect(await namesOf('alerts?filter=team%3D~"s.*"&filter=severity!="warning"')).toEqual([
          'DiskFull',
          'DiskFull',
        ]);
      });

      it('hides everything critical only when an admin has said so twice', async () => {
        await someFire();
        const silence = {
          matchers: [{ name: 'severity', value: 'critical', isRegex: false }],
          startsAt: new Date().toISOString(),
          endsAt: new Date(Date.now() + 3_600_000).toISOString(),
          createdBy: 'li.wei',
          comment: 'quiet',
        };
        const refused = await call('POST', 'silences', silence);
        expect([refused.status, await refused.json()]).toEqual([
          400,
          'This silence would hide every critical alert that can fire. An admin can confirm it in the page, or with ?confirm=hides-all-critical.',
        ]);
        expect((await call('POST', 'silences?confirm=hides-all-critical', silence)).status).toBe(200);
      });

      it('shows a silence with several sets of matchers as several, and one that pauses as pending', async () => {
        const made = await flow.s.api<{ id: number }>('POST', '/api/v1/silences', {
          matchers: [['team="storage"'], ['team="database"', 'severity="info"']],
          duration: '1h',
          comment: 'two',
        });
        const ids = (await get('silences')).map((s) => s['id']);
        expect(ids.sort()).toEqual([`${made.id}`, `${made.id}.2`]);
        const second = await get<Json>(`silence/${made.id}.2`);
        expect(second['matchers']).toHaveLength(2);
        const change = await call('POST', 'silences', { ...second, endsAt: new Date(Date.now() + 7_200_000) });
        expect([change.status, await change.json()]).toEqual([
          400,
          `silence ${made.id} has several sets of matchers: change it in Monitor Manager`,
        ]);
        for (const method of ['GET', 'DELETE'])
          expect((await call(method, `silence/${made.id}.3`)).status, method).toBe(404);
        expect((await call('DELETE', `silence/${made.id}.2`)).status).toBe(200);
        expect((await get('silences')).map((s) => s['status'])).toEqual([{ state: 'expired' }, { state: 'expired' }]);
        flow.s.clock.advance(121 * 3_600_000);
        expect(await get('silences')).toEqual([]);
      });

      it.each([
        ['GET', 'silence/404', undefined, 404],
        ['DELETE', 'silence/404', undefined, 404],
        ['GET', 'alerts?filter=a%3D~"("', undefined, 400],
        ['GET', 'alerts?receiver=(', undefined, 400],
        ['GET', 'silences?filter==', undefined, 400],
        ['POST', 'silences', { matchers: [] }, 400],
      ])('answers %s %s with a sentence', async (method, path, body, status) => {
        const answer = await call(method, path, body);
        expect(answer.status).toBe(status);
        expect(await answer.json()).toMatch(/\w+ \w+/);
      });

      it('lets in by name and password, where the password is a token with the role', async () => {
        const { token } = await flow.s.api<{ token: string }>('POST', '/api/v1/tokens', {
          name: 'karma',
          role: 'viewer',
        });
        const basic = (password: string) => `Basic ${Buffer.from(`karma:${password}`).toString('base64')}`;
        expect((await call('GET', 'alerts', undefined, basic(token))).status).toBe(200);
        expect((await call('DELETE', 'silence/1', undefined, basic(token))).status).toBe(403);
        expect((await call('GET', 'alerts', undefined, basic('wrong'))).status).toBe(401);
        // Elsewhere a name and a password are for a proxy.
        const elsewhere = await fetch(`${flow.s.url}/api/v1/alerts`, { headers: { authorization: basic(token) } });
        expect(elsewhere.status).toBe(401);
      });
    });
  },
  ['embedded'],
);
