/** The database away while a heartbeat stops: the alarm goes out from memory, once, and the history knows of it afterwards. */
import { type Flow, type FlowOptions, group, minute, second, startFlow, tokenOf } from '../flows/flow.ts';
import { eachDeployment } from '../support/deployments.ts';
import { needs } from '../support/needs.ts';
import { payload } from '../support/payload.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { startProxy } from '../support/proxy.ts';
import { startRedis } from '../support/redis.ts';
import { startService } from '../support/service.ts';
import { migratedDatabase } from '../support/shared-postgres.ts';
import { pairSecret } from '../support/sites.ts';
import { startSmtp } from '../support/smtp.ts';
import { eventually } from '../support/wait.ts';
import { startWecom } from '../support/wecom.ts';

const watchdog = { labels: { alertname: 'Watchdog', prometheus: 'mon/a', severity: 'none' }, startsAt: new Date(0) };
const heartbeats = [{ name: 'prom-a', source: 'az-a', matchers: ['alertname="Watchdog"'], timeout: '3m' }];
const lost = '[LAST ROAD] Heartbeat prom-a from source az-a (site shanghai) is lost';
const away = '[LAST ROAD] The database of Monitor Manager (site test) is away';

/** A service that has heard a heartbeat for three minutes, and just now. */
async function startBeating(
  databaseUrl: string,
  { env = {}, servers }: Pick<FlowOptions, 'env' | 'servers'> = {},
): Promise<Flow> {
  const flow = await startFlow(
    { name: 'PostgreSQL only', emptyStore: async () => ({ env: { DATABASE_URL: databaseUrl } }) },
    {
      env: { MM_EMERGENCY_CONTACTS: 'mailto:admin@example.org,wecom:LiWei', ...env },
      ...(servers === undefined ? {} : { servers }),
    },
  );
  await flow.configure({ heartbeats });
  for (let i = 0; i < 3; i++) {
    await flow.report('az-a', watchdog);
    await flow.pass(minute, 10 * second);
  }
  await flow.report('az-a', watchdog);
  await flow.pass(2 * second);
  return flow;
}

/** Lets time pass without the database, in steps that are no absence of ours. */
async function passAway(flow: Flow, ms: number, stepMs = 10 * second): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) {
    flow.s.clock.advance(Math.min(stepMs, left));
    await flow.s.service.tick().catch(() => {});
  }
}

const post = async (flow: Flow) => (await flow.s.post(tokenOf('az-a'), payload([watchdog], {}))).status;
/** Its source says that it does not fire any more: then it is lost at once. */
const postEnd = async (flow: Flow) => {
  const ended = { ...watchdog, status: 'resolved' as const, endsAt: flow.s.clock.now() };
  return (await flow.s.post(tokenOf('az-a'), payload([ended], {}))).status;
};
/** Waits while the schedule does everything by itself; its clock goes on a little faster than ours. */
const untilMails = (flow: Flow, count: number) =>
  eventually(
    () => {
      flow.s.clock.advance(second);
      return flow.mailsTo('admin').length >= count;
    },
    { everyMs: 500, timeoutMs: 90_000, describe: `${count} mails to the emergency contact` },
  );
const subjects = (flow: Flow, name = 'admin') => flow.mailsTo(name).map((mail) => mail.subject);
const stateOf = async (flow: Flow) =>
  (await flow.s.api<{ streams: { state: string }[] }>('GET', '/api/v1/heartbeats')).streams.map((s) => s.state);
const sent = async (flow: Flow, channel: string, result: string) => {
  const text = await (await fetch(`${flow.s.url}/metrics`)).text();
  const line = `monitor_manager_last_road_messages_total{channel="${channel}",result="${result}"}`;
  return Number(
    text
      .split('\n')
      .find((one) => one.startsWith(line))
      ?.slice(line.length),
  );
};

needs('postgres')('while PostgreSQL is away', () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());
  afterEach(() => postgres.startServer());

  it('a lost heartbeat is told once by mail and by WeCom, not again afterwards, and the history knows', async () => {
    await using flow = await startBeating(await postgres.createDatabase());
    await postgres.stopServer('immediate');
    await passAway(flow, 50 * second);
    expect(flow.smtp.mails).toEqual([]);
    await passAway(flow, 10 * second);
    expect(subjects(flow)).toEqual([away]);
    await passAway(flow, minute + 50 * second);
    expect(subjects(flow)).toEqual([away]);
    await passAway(flow, 30 * second);
    expect(subjects(flow)).toEqual([away, lost]);
    const [, mail] = flow.mailsTo('admin');
    expect(mail?.text).toContain('Partial view: this is what this one instance has seen');
    expect(mail?.text).toContain('the database cannot be reached, and nothing has been stored since 08:03:02 UTC');
    expect(mail?.text).toContain('心跳 prom-a 失联（来源 az-a）（自 08:06:02 UTC 起）');
    expect(flow.wecomsTo('liwei').map(({ content }) => content.split('\n')[0])).toEqual([
      expect.stringContaining('The database of Monitor Manager (site test) is away'),
      expect.stringContaining('Heartbeat prom-a from source az-a (site shanghai) is lost'),
    ]);
    await passAway(flow, 5 * minute);
    expect([flow.smtp.mails.length, flow.wecom.messages.length]).toEqual([2, 2]);
    expect(await sent(flow, 'email', 'sent')).toBe(2);

    await postgres.startServer();
    await flow.pass(30 * second, 10 * second);
    expect(subjects(flow)).toEqual([away, lost, '[RESOLVED] DatabaseAway']);
    expect(flow.wecomsTo('liwei')).toHaveLength(3);
    expect(await stateOf(flow)).toEqual(['lost']);
    const told = (await flow.notifications()).filter(({ reason }) => reason === 'told_directly');
    expect(told.map(({ destination, state }) => [destination.channel, state]).sort()).toEqual([
      ...[
        ['email', 'accepted'],
        ['email', 'accepted'],
      ],
      ...[
        ['wecom-app', 'accepted'],
        ['wecom-app', 'accepted'],
      ],
    ]);
    expect(await flow.attempts(told.find((n) => n.summary?.includes('prom-a'))?.id ?? '')).toMatchObject([
      { number: 1, outcome: 'accepted', reason: 'told_directly' },
    ]);
    expect(await flow.reasons('HeartbeatLost')).toEqual(
      expect.arrayContaining(['told_directly', 'new_alert', 'firing', 'already_told']),
    );

    // It beats again: its end is told the ordinary way, to whoever was told directly.
    for (let i = 0; i < 3; i++) {
      expect(await post(flow)).toBe(200);
      await flow.pass(minute, 10 * second);
    }
    expect(subjects(flow).slice(3)).toEqual(['[MONITORING BACK] prom-a (az-a)']);
    expect(flow.wecomsTo('liwei')).toHaveLength(4);
    expect(await stateOf(flow)).toEqual(['ok']);
  });

  it('a site that falls silent is told of once, and of its return the ordinary way', async () => {
    await using flow = await startBeating(await postgres.createDatabase());
    await using other = await startService({ clock: flow.s.clock, env: { MM_SITE: 'site-b' } });
    await using road = await startProxy({ target: other.url });
    await other.apply({ peers: [{ name: 'test', url: flow.s.url, secret: pairSecret }] });
    const peers = [{ name: 'site-b', url: `http://127.0.0.1:${road.port}`, secret: pairSecret }];
    await flow.configure({ heartbeats, peers });
    await flow.pass(10 * second, 5 * second);
    const seen = async () => (await flow.s.api<{ state: string }>('GET', '/api/v1/peers/site-b')).state;
    expect(await seen()).toBe('up');
    await postgres.stopServer('immediate');
    await passAway(flow, 30 * second, 5 * second);
    road.cut();
    await passAway(flow, 25 * second, 5 * second);
    const silent = '[LAST ROAD] Site site-b does not answer: it is down, or the road to it';
    expect(subjects(flow)).toEqual([silent]);
    expect(flow.mailsTo('admin')[0]?.text).toContain('Partial view');
    await passAway(flow, 30 * second, 5 * second);
    expect(subjects(flow)).toEqual([silent, away]);

    /** The other site goes on too. */
    const passForBoth = async (ms: number) => {
      for (let left = ms; left > 0; left -= 5 * second) {
        await flow.pass(5 * second);
        await other.service.tick();
      }
    };
    await postgres.startServer();
    await passForBoth(minute);
    expect(await seen()).toBe('down');
    expect(subjects(flow)).toEqual([silent, away, '[RESOLVED] DatabaseAway']);
    road.heal();
    await passForBoth(minute);
    expect(await seen()).toBe('up');
    expect(subjects(flow).slice(3)).toEqual(['[SITE WELL AGAIN] site-b']);
  });

  it('members of the alert group that has not been told are told when the database is back', async () => {
    await using flow = await startBeating(await postgres.createDatabase());
    await flow.configure({
      alert_groups: [group('database', { members: ['li.wei'] })],
      heartbeats: heartbeats.map((one) => ({ ...one, alert_group: 'database' })),
    });
    await postgres.stopServer('immediate');
    await passAway(flow, 200 * second);
    expect(subjects(flow)).toContain(lost);
    await postgres.startServer();
    await flow.pass(30 * second, 10 * second);
    expect(subjects(flow, 'li.wei')).toEqual(['[MONITORING SILENT] prom-a (az-a)']);
    expect(subjects(flow).filter((subject) => subject.includes('prom-a'))).toEqual([lost]);
  });

  it('beats whose request is answered 503 count: no alarm then, and none afterwards', async () => {
    await using flow = await startBeating(await postgres.createDatabase());
    await postgres.stopServer('immediate');
    for (let i = 0; i < 6; i++) {
      expect(await post(flow)).toBe(503);
      await passAway(flow, minute);
    }
    expect(subjects(flow)).toEqual([away]);
    await postgres.startServer();
    await flow.pass(minute, 10 * second);
    expect(subjects(flow)).toEqual([away, '[RESOLVED] DatabaseAway']);
    expect(await stateOf(flow)).toEqual(['ok']);
    // The last of them was the last beat: from there on its silence counts.
    await flow.pass(4 * minute, 10 * second);
    expect(subjects(flow).slice(2)).toEqual(['[MONITORING SILENT] prom-a (az-a)']);
  });

  it('one that is lost and comes back meanwhile is told as lost at once, and as back when the database is', async () => {
    await using flow = await startBeating(await postgres.createDatabase());
    await postgres.stopServer('immediate');
    await passAway(flow, 200 * second);
    expect(subjects(flow)).toEqual([away, lost]);
    for (let i = 0; i < 3; i++) {
      expect(await post(flow)).toBe(503);
      await passAway(flow, 30 * second);
    }
    await postgres.startServer();
    await flow.pass(30 * second, 10 * second);
    expect(subjects(flow).slice(2).sort()).toEqual(['[MONITORING BACK] prom-a (az-a)', '[RESOLVED] DatabaseAway']);
    expect(await stateOf(flow)).toEqual(['ok']);
  });

  it('a mail server that refuses our password keeps nothing from WeCom, and no secret is in the log', async () => {
    const smtp = await startSmtp({ auth: { user: 'mm', password: 'the-right-password' } });
    const wecom = await startWecom();
    const url = new URL(smtp.url);
    url.password = 'a-secret-wrong-password';
    const robot = 'robot:robot-key';
    await using flow = await startBeating(await postgres.createDatabase(), {
      servers: { smtp, wecom },
      env: { SMTP_URL: url.href, MM_EMERGENCY_CONTACTS: `mailto:admin@example.org,wecom:LiWei,${robot}` },
    });
    await postgres.stopServer('immediate');
    await passAway(flow, 5 * minute);
    expect(flow.smtp.mails).toEqual([]);
    expect(flow.wecomsTo('liwei').map(({ content }) => content)).toEqual([
      expect.stringContaining('is away'),
      expect.stringContaining('prom-a'),
    ]);
    expect(flow.wecomsTo('robot-key')).toHaveLength(2);
    expect(await sent(flow, 'email', 'failed')).toBeGreaterThan(2);
    const log = flow.s.logLines.join('');
    expect(log).toContain('the last road failed to tell');
    for (const secret of [url.password, 'robot-key', wecom.secret, tokenOf('az-a')]) expect(log).not.toContain(secret);
  });

  it('a database that hangs keeps nobody from being told', { timeout: 180_000 }, async () => {
    const target = await postgres.createDatabase();
    await using proxy = await startProxy({ target: `127.0.0.1:${postgres.port}` });
    await using flow = await startBeating(proxy.urlOf(target));
    proxy.blackhole();
    await passAway(flow, 200 * second);
    expect(subjects(flow)).toEqual([away, lost]);
    expect(flow.mailsTo('admin')[1]?.text).toContain('the database does not answer');
    expect(flow.wecomsTo('liwei')).toHaveLength(2);
    proxy.heal();
    await passAway(flow, 10 * second);
    await flow.pass(30 * second, 10 * second);
    expect(subjects(flow)).toEqual([away, lost, '[RESOLVED] DatabaseAway']);
    expect(await flow.reasons('HeartbeatLost')).toContain('told_directly');
  });
});

eachDeployment(
  (deployment) => {
    it('an embedded database that hangs keeps nobody from being told', { timeout: 180_000 }, async () => {
      const env = { MM_EMERGENCY_CONTACTS: 'mailto:admin@example.org,wecom:LiWei' };
      await using flow = await startFlow(deployment, { env, service: { scheduled: true } });
      await flow.configure({ heartbeats });
      expect(await post(flow)).toBe(200);
      await eventually(async () => {
        flow.s.clock.advance(second);
        return (await stateOf(flow))[0] === 'ok';
      });
      let held = true;
      // The embedded database has one session: a transaction keeps everybody else waiting.
      const holding = flow.s.service.db.transaction(async (tx) => {
        while (held) await tx.query('select pg_sleep(0.2)');
      });
      expect(await postEnd(flow)).toBe(503);
      flow.s.clock.advance(11 * second);
      await eventually(() => subjects(flow).length > 0, { timeoutMs: 60_000 });
      held = false;
      await holding;
      expect(subjects(flow)).toEqual([`${lost}: reported as resolved`]);
      expect(flow.mailsTo('admin')[0]?.text).toContain('the database does not answer');
      await eventually(async () => (await flow.reasons('HeartbeatLost')).includes('told_directly'), {
        timeoutMs: 90_000,
      });
      await eventually(async () => (await stateOf(flow))[0] === 'lost');
      expect(flow.mailsTo('admin')).toHaveLength(1);
    });
  },
  ['embedded'],
);

needs('postgres', 'redis')('while Redis alone is away', () => {
  it('a lost heartbeat is told the ordinary way: the sweep finds it', { timeout: 180_000 }, async () => {
    await using redis = await startRedis();
    const env = { DATABASE_URL: await migratedDatabase(), REDIS_URL: redis.url };
    await using flow = await startFlow(
      { name: 'PostgreSQL + Redis', emptyStore: async () => ({ env }) },
      { service: { scheduled: true } },
    );
    await flow.configure({ heartbeats });
    expect(await post(flow)).toBe(200);
    await redis.kill();
    expect(await postEnd(flow)).toBe(200);
    await untilMails(flow, 1);
    expect(subjects(flow)).toEqual(['[MONITORING SILENT] Prometheus: prom-a (az-a)']);
    expect(await sent(flow, 'email', 'sent')).toBe(0);
  });
});
