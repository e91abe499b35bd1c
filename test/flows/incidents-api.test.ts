import { hashToken } from '../../src/http/auth.ts';
import { type AlertSpec, payload } from '../support/payload.ts';
import { startService, type TestService } from '../support/service.ts';

const token = 'token-of-az-a';
const disk = { alertname: 'DiskFull', team: 'db', instance: 'a' };

interface Step {
  stage: string;
  reason: string;
  text: string;
  notification_id: string | null;
}
interface Listed {
  items: { id: string; fingerprint: string; state: string; reason: string; content: { text: string } }[];
}

let svc: TestService;

/** A source, a contact and an alert group that reaches it by mail; nothing is configured, so it goes to the outbox. */
beforeEach(async () => {
  svc = await startService();
  const { db } = svc.service;
  const now = svc.clock.now();
  await db.query(`insert into source (name, updated_at) values ('az-a', $1)`, [now]);
  await db.query(
    `insert into source_token (source_id, hash, created_at) select id, $1, $2 from source where name = 'az-a'`,
    [hashToken(token), now],
  );
  await db.query(
    `insert into contact (name, email, locale, timezone, updated_at) values ('li.wei', 'li.wei@example.org', 'en', 'UTC', $1)`,
    [now],
  );
  await db.query(
    `insert into alert_group (name, position, matchers, members, channels, updated_at)
     values ('database', 1, '{team=db}', '{li.wei}', '{email}', $1)`,
    [now],
  );
  await db.query('update config_version set version = version + 1, changed_at = $1', [now]);
  // The webhook reads the snapshot that it has, and edits bring the new one.
  await svc.service.pipeline.applyEdit();
});
afterEach(() => svc.stop());

async function report(alert: Partial<AlertSpec> = {}): Promise<void> {
  const answer = await svc.post(token, payload([{ labels: disk, startsAt: svc.clock.now(), ...alert }]));
  expect(answer.status).toBe(200);
  await svc.service.settle();
}

const list = (path: string) => svc.api<Listed>('GET', path);
const stepsOf = async () => {
  const [alert] = (await list('/api/v1/alerts?filter=alertname=DiskFull')).items;
  return (await svc.api<{ steps: Step[] }>('GET', `/api/v1/alerts/${alert?.fingerprint}/explain`)).steps;
};

it('an alert is explained from its first report to the last answer, each step once', async () => {
  const startsAt = svc.clock.now();
  await report();
  await svc.advance(30_000);
  await svc.advance(600_000);
  await report({ status: 'resolved', startsAt, endsAt: svc.clock.now() });
  await svc.advance(60_000);
  const steps = await stepsOf();
  expect(steps.map((s) => `${s.stage} ${s.reason}`)).toEqual([
    'dedupe new_alert',
    'route matched',
    'dedupe firing',
    'converge opened',
    'deliver accepted',
    'dedupe resolved',
    'dedupe resolved',
    'converge resolved_all',
    'deliver accepted',
    'converge closed',
  ]);
  expect(steps[4]?.text).toContain('was not sent: kept in the outbox: SMTP is not configured');
  const told = await list('/api/v1/notifications?outbox=true');
  expect(told.items.map((n) => n.reason)).toEqual(['resolved_all', 'opened']);
  expect(told.items[1]?.content.text).toContain('DiskFull');
  expect((await list('/api/v1/incidents?state=closed')).items).toHaveLength(1);
});

it('an incident is explained too: what was decided and sent in it, and what became of its alerts', async () => {
  await report();
  await svc.advance(30_000);
  const [incident] = (await list('/api/v1/incidents')).items;
  const told = await svc.api<{ incident: { id: string; group: string }; steps: Step[]; truncated: boolean }>(
    'GET',
    `/api/v1/incidents/${incident?.id}/explain`,
  );
  expect(told).toMatchObject({ incident: { id: incident?.id, group: 'database' }, truncated: false });
  expect(told.steps.map((s) => `${s.stage} ${s.reason}`)).toEqual(['converge opened', 'deliver accepted']);
  await expect(svc.api('GET', '/api/v1/incidents/999/explain')).rejects.toThrow(/404.*no incident 999/);
});

it('an alert that nobody hears of says so, once', async () => {
  await report({ labels: { alertname: 'DiskFull', team: 'none' } });
  await svc.advance(30_000);
  await svc.advance(600_000);
  const steps = await stepsOf();
  expect(steps.map((s) => `${s.stage} ${s.reason}`)).toEqual([
    'dedupe new_alert',
    'route unrouted',
    'dedupe firing',
    'converge nobody',
  ]);
  expect(steps[3]?.text).toBe('Nobody is told: alert group unrouted has neither members nor rooms.');
});

it('an acknowledged incident reminds nobody, and says so', async () => {
  await report();
  await svc.advance(30_000);
  const [incident] = (await list('/api/v1/incidents')).items;
  await svc.api('POST', `/api/v1/incidents/${incident?.id}/acknowledge`, { comment: 'on it' });
  const repeat = async () => {
    for (let hour = 0; hour < 5; hour++) {
      await report({ startsAt: new Date('2026-01-05T08:00:00Z') });
      await svc.advance(3_600_000);
    }
  };
  await repeat();
  expect((await list('/api/v1/notifications')).items).toHaveLength(1);
  expect((await stepsOf()).map((s) => s.text).join('\n')).toMatch(/acknowledged incident \d+ \("on it"\)/);
  await svc.api('DELETE', `/api/v1/incidents/${incident?.id}/acknowledge`);
  await svc.service.settle();
  expect((await list('/api/v1/notifications')).items.map((n) => n.reason)).toEqual(['repeat', 'opened']);
  expect((await stepsOf()).at(-1)).toMatchObject({ stage: 'deliver', reason: 'accepted' });
});

it('the next due time is explained while it waits for group_wait, group_interval and repeat_interval', async () => {
  const due = async () => {
    const [incident] = (await list('/api/v1/incidents?state=open')).items;
    const { next_due } = await svc.api<{ next_due: { reason: string } }>('GET', `/api/v1/incidents/${incident?.id}`);
    return next_due.reason;
  };
  await report();
  expect(await due()).toBe('group_wait');
  await svc.advance(30_000);
  expect(await due()).toBe('repeat_interval');
  await report({ labels: { ...disk, instance: 'b' } });
  await svc.advance(30_000);
  expect(await due()).toBe('group_interval');
});

it('a destination that gave up is told after it was armed again', async () => {
  await report();
  await svc.advance(30_000);
  const { db } = svc.service;
  await db.query(`update receipt set state = 'undeliverable'`);
  await db.query(`update notification set state = 'undeliverable', reason = 'bad_recipient'`);
  const [given] = (await list('/api/v1/notifications')).items;
  await svc.api('POST', `/api/v1/notifications/${given?.id}/retry`);
  await svc.advance(600_000);
  expect((await list('/api/v1/notifications')).items.map((n) => n.state)).toEqual(['accepted', 'undeliverable']);
  const { items } = await list('/api/v1/destinations?channel=outbox');
  await db.query(`update receipt set state = 'undeliverable'`);
  await svc.api('POST', `/api/v1/destinations/${items[0]?.id}/rearm`);
  await svc.advance(600_000);
  expect((await list('/api/v1/notifications?state=accepted')).items).toHaveLength(2);
});

it('a test message goes to a contact at once', async () => {
  const { results } = await svc.api<{ results: object[] }>('POST', '/api/v1/notifications/test', { contact: 'li.wei' });
  expect(results).toMatchObject([{ ok: false, reason: 'misconfigured' }]);
});

it('the status counts what is there, and what fires as the incidents do: from the first report on', async () => {
  await report();
  const { counts } = await svc.api<{ counts: object }>('GET', '/api/v1/status');
  expect(counts).toMatchObject({ open_incidents: 1, firing_alerts: 1 });
  expect((await list('/api/v1/incidents')).items).toMatchObject([{ alerts: { total: 1, undecided: 1 } }]);
  await svc.advance(30_000);
  expect(await svc.api('GET', '/api/v1/status')).toMatchObject({
    site: 'test',
    engine: 'pglite',
    channels: [{ name: 'email', configured: false, in_outbox: 1 }, {}, {}],
    counts: { open_incidents: 1, firing_alerts: 1, due_notifications: 0, oldest_due_age_seconds: null },
  });
});

it('an alert that ended before anybody decided it burns no more, though its incident goes on', async () => {
  await report();
  await svc.advance(30_000);
  const seen = async () => {
    const [incident] = (await svc.api<{ items: { alerts: Record<string, number> }[] }>('GET', '/api/v1/incidents'))
      .items;
    const { counts } = await svc.api<{ counts: Record<string, number> }>('GET', '/api/v1/status');
    return { undecided: incident?.alerts['undecided'], firing: counts['firing_alerts'] };
  };
  const brief = { labels: { ...disk, instance: 'brief' }, startsAt: svc.clock.now() };
  await report(brief);
  expect(await seen()).toEqual({ undecided: 1, firing: 2 });
  await report({ ...brief, status: 'resolved', endsAt: svc.clock.now() });
  await svc.advance(600_000);
  expect(await seen()).toEqual({ undecided: 0, firing: 1 });
});
