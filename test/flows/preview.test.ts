import { hashToken } from '../../src/http/auth.ts';
import { eachDeployment } from '../support/deployments.ts';
import { company, type Flow, group, hour, minute, startFlow } from './flow.ts';

interface Preview {
  position: number;
  reach: { examined: number; capped: boolean; from: string; reaches_back_to: string };
  counts: Record<string, { open: number; ended: number }>;
  groups: { name: string; today: { open: number }; after: { open: number } }[];
  alerts: { labels: Record<string, string>; change: string; today: string[]; after: string[]; silenced: boolean }[];
  sample: string;
  incidents: number;
  channels: {
    channel: string;
    locale: string;
    reaches: string[];
    configured: boolean;
    messages: number;
    shown: {
      parts: number;
      content: { subject: string | null; text: string; html: string | null };
      bytes: Record<string, number>;
    }[];
  }[];
}

const critical = { team: 'database', severity: 'critical' };
const draftOf = (more: Record<string, unknown> = {}) => ({
  name: 'night',
  matchers: ['severity="critical"'],
  members: ['li.wei'],
  robots: ['ops'],
  channels: ['email', 'wecom-app'],
  ...more,
});

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    await flow.configure(company);
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  const preview = (body: unknown) => flow.s.api<Preview>('POST', '/api/v1/alert-groups/preview', body);
  const names = (found: Preview, change: string) =>
    found.alerts.filter((a) => a.change === change).map((a) => a.labels['alertname']);

  describe('the preview of an alert group', () => {
    it('says what it would take from whom, of now and of the last days', async () => {
      await flow.fire({ alertname: 'DiskFull', ...critical });
      await flow.fire({ alertname: 'Slow', team: 'database', severity: 'warning' });
      await flow.fire({ alertname: 'Flapped', ...critical });
      await flow.pass(minute);
      await flow.end({ alertname: 'Flapped', ...critical });
      await flow.pass(hour);
      // The groups of files come first: at the place 0 it would still stand behind them.
      const behind = await preview({ draft: draftOf(), position: 0 });
      expect(behind.position).toBe(1);
      expect(names(behind, 'shadowed').sort()).toEqual(['DiskFull', 'Flapped']);
      expect(behind.counts).toMatchObject({ gains: { open: 0, ended: 0 }, shadowed: { open: 1, ended: 1 } });
      expect(behind.reach).toMatchObject({ examined: 3, capped: false });

      const instead = await preview({ draft: draftOf({ name: 'database' }), key: 'database' });
      expect(names(instead, 'keeps').sort()).toEqual(['DiskFull', 'Flapped']);
      expect(names(instead, 'loses')).toEqual(['Slow']);
      expect(instead.alerts.find((a) => a.change === 'loses')).toMatchObject({
        today: ['database'],
        after: ['unrouted'],
      });
      expect(instead.groups.find((g) => g.name === 'unrouted')).toMatchObject({
        today: { open: 0 },
        after: { open: 1 },
      });
    });

    it('shows the very message that is sent, in each channel and language, with its bytes', async () => {
      await flow.configure({
        alert_groups: [group('database', { members: ['li.wei'], robots: ['ops'], channels: ['email', 'wecom-app'] })],
      });
      await flow.fire({ alertname: 'DiskFull', ...critical });
      const found = await preview({
        draft: group('database', { members: ['li.wei', 'wang.wu'], robots: ['ops'], channels: ['email', 'wecom-app'] }),
        key: 'database',
      });
      expect(found.sample).toBe('open');
      expect(found.channels.map((c) => [c.channel, c.reaches, c.messages])).toEqual([
        ['email', ['li.wei', 'wang.wu'], 1],
        ['wecom-app', ['li.wei', 'wang.wu'], 1],
        ['wecom-robot', ['ops'], 1],
      ]);
      await flow.pass(minute);
      const sent = flow.mailsTo('li.wei')[0];
      const mail = found.channels[0]?.shown[0];
      expect(mail?.content.subject).toBe(sent?.subject);
      expect(mail?.content.html).toContain('DiskFull');
      expect(mail?.bytes['html']).toBe(Buffer.byteLength(mail?.content.html ?? ''));
      const lead = (text: string | undefined) => text?.split('\n')[0];
      const room = found.channels[2]?.shown[0];
      expect(lead(room?.content.text)).toBe(lead(flow.wecomsTo('robot-key')[0]?.content));
    });

    it('invents an alert when nothing matches, and shows channels that are not configured yet', async () => {
      const found = await preview({ draft: draftOf({ matchers: ['team="nobody"'] }) });
      expect(found.sample).toBe('example');
      expect(found.channels[1]?.shown[0]?.content.text).toContain('Example');
      expect(found.channels.every((c) => c.configured)).toBe(true);
    });

    it('refuses members that are not there, and changes nothing', async () => {
      const before = await flow.s.api<{ items: unknown[] }>('GET', '/api/v1/alert-groups');
      await expect(preview({ draft: draftOf({ members: ['nobody'] }) })).rejects.toThrow(/409.*nobody/s);
      await expect(preview({ draft: draftOf(), key: 'gone' })).rejects.toThrow(/404/);
      await preview({ draft: draftOf() });
      expect(await flow.s.api('GET', '/api/v1/alert-groups')).toEqual(before);
    });
  });

  describe('a silence', () => {
    interface Hidden {
      alerts: { total: number; critical: number; already_silenced: number };
      incidents: { total: number; wholly: number };
      critical_firing: number;
      watchdog_untouched: number;
      hides_all_critical: boolean;
      why: string | null;
    }
    const hides = (matchers: string[]) => flow.s.api<Hidden>('POST', '/api/v1/silences/preview', { matchers });
    const draft = (matchers: string[]) => ({ matchers, duration: '2h', comment: 'work' });
    const asResponder = async (method: string, path: string, body?: unknown) => {
      await flow.s.service.db.query(
        `insert into api_token (name, hash, role, created_at) values ('night', $1, 'responder', $2) on conflict do nothing`,
        [hashToken('responder-token'), flow.s.clock.now()],
      );
      return fetch(`${flow.s.url}${path}`, {
        method,
        headers: { authorization: 'Bearer responder-token', 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    };

    it('is previewed with the alerts and incidents that it would hide', async () => {
      await flow.fire({ alertname: 'DiskFull', instance: 'a', ...critical });
      await flow.fire({ alertname: 'DiskFull', instance: 'b', team: 'database', severity: 'warning' });
      await flow.fire({ alertname: 'Slow', instance: 'a', ...critical });
      expect(await hides(['alertname="DiskFull"'])).toMatchObject({
        alerts: { total: 2, critical: 1, already_silenced: 0 },
        incidents: { total: 1, wholly: 1 },
        critical_firing: 2,
        hides_all_critical: false,
      });
      expect(await hides(['instance="a"'])).toMatchObject({
        alerts: { total: 2, critical: 2 },
        incidents: { total: 2, wholly: 1 },
        why: 'every_critical_now',
      });
      await flow.s.api('POST', '/api/v1/silences', draft(['alertname="Slow"']));
      expect(await hides(['alertname="DiskFull"'])).toMatchObject({ why: 'every_critical_now' });
    });

    it('that would hide everything critical is refused until an admin confirms it', async () => {
      const path = '/api/v1/silences';
      const all = draft(['severity=~"critical|warning"']);
      const refused = await asResponder('POST', path, all);
      const detail = expect.stringContaining('every critical alert');
      expect(await refused.json()).toMatchObject({ status: 409, reason: 'hides-all-critical', detail });
      expect((await asResponder('POST', `${path}?confirm=hides-all-critical`, all)).status).toBe(403);
      await expect(flow.s.api('POST', path, all)).rejects.toThrow(/409/);
      const made = await flow.s.api<{ id: string }>('POST', `${path}?confirm=hides-all-critical`, all);
      const longer = { ...all, duration: '4h' };
      expect((await asResponder('PUT', `${path}/${made.id}`, longer)).status).toBe(409);
      const fewer = await asResponder('PUT', `${path}/${made.id}`, { ...longer, matchers: ['instance="a"'] });
      expect(fewer.status).toBe(200);
      expect((await asResponder('POST', `${path}/${made.id}/versions/1/restore`)).status).toBe(409);
      const restored = `${path}/${made.id}/versions/1/restore?confirm=hides-all-critical`;
      await flow.s.api('POST', restored);
    });

    it('that recurs is judged as though it hid now, and those that pause are counted both ways', async () => {
      const path = '/api/v1/silences';
      const night = { name: 'night', time_intervals: [{ times: [{ start_time: '22:00', end_time: '24:00' }] }] };
      await flow.s.api('POST', '/api/v1/time-intervals', night);
      const nightly = (matchers: string[]) => ({ ...draft(matchers), duration: '7d', time_intervals: ['night'] });
      await flow.fire({ alertname: 'DiskFull', instance: 'a', ...critical });
      await flow.fire({ alertname: 'Slow', instance: 'a', ...critical });
      expect((await asResponder('POST', path, nightly(['severity="critical"']))).status).toBe(409);
      expect((await asResponder('POST', path, nightly(['instance="a"']))).status).toBe(409);
      expect((await asResponder('POST', path, nightly(['alertname="Slow"']))).status).toBe(201);
      // It does not hide Slow now, and will tonight: then nothing critical would be heard.
      const disk = ['alertname="DiskFull"'];
      expect(await hides(disk)).toMatchObject({ alerts: { already_silenced: 0 }, why: 'every_critical_now' });
      await flow.s.api('POST', `${path}?confirm=hides-all-critical`, nightly(disk));
      // Tonight all of these are hidden anyway; but this one would hide them by day.
      expect(await hides(['instance="a"'])).toMatchObject({ why: 'every_critical_now' });
    });

    it('is made, extended and ended by a responder', async () => {
      const made = await asResponder('POST', '/api/v1/silences', draft(['instance="a"']));
      expect(made.status).toBe(201);
      const silence = (await made.json()) as { id: string; ends_at: string };
      const { id: _, ...body } = silence;
      const ends_at = new Date(flow.s.clock.now().getTime() + 5 * hour).toISOString();
      const extended = await asResponder('PUT', `/api/v1/silences/${silence.id}`, { ...body, ends_at });
      expect([extended.status, await extended.json()]).toMatchObject([200, { ends_at, state: 'active' }]);
      const ended = await asResponder('POST', `/api/v1/silences/${silence.id}/expire`);
      expect([ended.status, await ended.json()]).toMatchObject([200, { state: 'expired' }]);
      expect((await asResponder('POST', '/api/v1/silences/none/expire')).status).toBe(404);
    });

    it('does not touch a watchdog alarm, and the preview says so', async () => {
      await flow.configure({
        heartbeats: [{ name: 'prom-a', source: 'az-a', matchers: ['alertname="Watchdog"'], timeout: '3m' }],
      });
      await flow.fire({ alertname: 'Watchdog', prometheus: 'a' });
      await flow.pass(10 * minute, 5_000);
      expect(await hides(['alertname=~".+"', 'heartbeat="prom-a"'])).toMatchObject({
        alerts: { total: 0 },
        watchdog_untouched: 1,
        hides_all_critical: false,
      });
    });
  });
});
