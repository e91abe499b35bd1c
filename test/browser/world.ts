/** A service with a few incidents, for whoever looks at its page. */
import { handClock } from '../support/clock.ts';
import { type AlertSpec, payload } from '../support/payload.ts';
import { startService, type TestService } from '../support/service.ts';

export const evil = `"><script>window.hit=1</script><img src="x" onerror="window.hit=1">`;
const token = 'token-of-az-a-0123456789';

export interface World extends AsyncDisposable {
  s: TestService;
  /** Reports an alert that fires since now, and lets happen what is due. */
  fire(labels: Record<string, string>, more?: Partial<AlertSpec>): Promise<void>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
}

/** The clock stands at the present, as that of the browser does, or where a story begins; it moves when a test moves it. */
export async function startWorld(start = new Date()): Promise<World> {
  const s = await startService({ clock: handClock(start) });
  await s.apply({
    sources: [{ name: 'az-a', site: 'shanghai', token }],
    contacts: [{ name: 'li.wei', email: 'li.wei@example.org', locale: 'zh-CN', timezone: 'Asia/Shanghai' }],
    alert_groups: [
      { name: 'database', matchers: ['team="db"'], members: ['li.wei'], channels: ['email'] },
      { name: 'platform', matchers: ['team="platform"'], members: ['li.wei'], channels: ['email'] },
    ],
  });
  return {
    s,
    async fire(labels, more = {}) {
      const answer = await s.post(token, payload([{ labels, startsAt: s.clock.now(), ...more }]));
      expect(answer.status).toBe(200);
      await s.service.settle();
    },
    pass: (ms) => s.advance(ms, Math.min(ms, 10_000)),
    [Symbol.asyncDispose]: () => s.stop(),
  };
}

/** Something on every page: what fires, what was told, a heartbeat, and what a hostile sender would send. */
export async function fill({ s, fire, pass }: World): Promise<void> {
  await s.api('POST', '/api/v1/contacts', { name: evil, email: 'odd@example.org', wecom: 'Odd' });
  await s.api('POST', '/api/v1/sources', {
    name: evil,
    site: evil,
    members: [evil, { name: evil, api_url: 'http://127.0.0.1:9' }],
    labels: { [evil]: evil },
  });
  await s.api('POST', '/api/v1/robots', { name: 'ops', key: 'key-of-the-robot' });
  const replication = { alertname: 'ReplicationStopped', team: 'db', severity: 'critical' };
  await fire(replication, {
    annotations: {
      summary: 'Replication on db-1 has stopped',
      runbook_url: 'https://runbooks.example.org/replication',
    },
  });
  await fire({ alertname: 'DiskFills', team: 'platform', severity: 'warning', instance: 'node-17' });
  await fire(
    { alertname: evil, team: 'platform', severity: '<b>odd</b>', rtl: 'abc\u202edef', big: 'y'.repeat(64_000) },
    {
      annotations: {
        summary: `${evil}\u202e`,
        description: 'z'.repeat(64_000),
        runbook_url: 'javascript:window.hit=1',
      },
      generatorURL: 'javascript:window.hit=1',
    },
  );
  await fire({ alertname: evil, odd: 'z'.repeat(64_000) }, { startsAt: evil });
  await s.api('POST', '/api/v1/users', { name: 'li.wei', role: 'responder', display_name: evil, oidc_subject: evil });
  await s.api('POST', '/api/v1/tokens', { name: evil, role: 'viewer', scopes: ['read', 'incidents'] });
  for (let beat = 0; beat < 4; beat++) {
    await fire({ alertname: 'Watchdog', prometheus: 'mon/a', severity: 'none' });
    await pass(30_000);
  }
}
