/** What may be said in a minute, in an hour and by all together: the rest waits, and joins what is said next. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { handClock } from '../support/clock.ts';
import { eachDeployment } from '../support/deployments.ts';
import { temporaryFolder } from '../support/folders.ts';
import { startSmtp } from '../support/smtp.ts';
import { startWecom } from '../support/wecom.ts';
import { type Flow, group, minute, second, startFlow } from './flow.ts';

/** An incident of its own for each, with a word that a message can be asked for. */
const disk = (n: number, team: string, severity = 'warning') => ({ alertname: `Disk${n}x`, team, severity });

interface Fares {
  channel: string;
  address: string;
  rate_limited: number;
  rate_limits: { name: string; burst: number; per_minute: number; left: number }[];
}

eachDeployment((deployment) => {
  let flow: Flow | undefined;
  afterEach(() => flow?.[Symbol.asyncDispose]());

  const destinations = async (of: Flow) =>
    (await of.s.api<{ items: Fares[] }>('GET', '/api/v1/destinations?limit=100')).items;

  /** What became of every notification: also of those that the message of another carried. */
  const told = async (of: Flow) => {
    const counts = new Map<string, number>();
    for (const { state } of await of.notifications()) counts.set(state, (counts.get(state) ?? 0) + 1);
    return counts;
  };

  it('20 a minute to a room: WeCom never has to refuse, and everything is said', async () => {
    const clock = handClock();
    const servers = { smtp: await startSmtp(), wecom: await startWecom({ clock }) };
    flow = await startFlow(deployment, { servers, service: { clock } });
    await flow.configure({
      alert_groups: [group('room', { channels: [], robots: ['ops'], policy: { group_wait: '0s' } })],
    });
    for (let n = 0; n < 40; n++) {
      await flow.fire(disk(n, 'room'));
      await flow.pass(second);
    }
    const [ops] = (await destinations(flow)).filter((d) => d.address === 'ops');
    expect(ops?.rate_limits).toMatchObject([{ name: 'minute', burst: 5, per_minute: 15 }]);
    expect(ops?.rate_limits[0]?.left).toBeLessThan(5);
    await flow.pass(minute, 5 * second);
    expect(await told(flow)).toEqual(new Map([['accepted', 40]]));
    expect(flow.wecomsTo('robot-key').length).toBeLessThan(30);
    const attempts = await flow.s.service.db.query('select outcome from attempt group by outcome');
    expect(attempts.rows).toEqual([{ outcome: 'accepted' }]);
  });

  it('so many an hour to a member: none is discarded, although the minute would have had room', async () => {
    const config = join(temporaryFolder('limits'), 'mm.yaml');
    await writeFile(config, 'rate_limits: { wecom_app: { burst: 10, per_minute: 16, per_hour: 12, reserved: 2 } }');
    const clock = handClock();
    const servers = { smtp: await startSmtp(), wecom: await startWecom({ clock, limits: { memberPerHour: 12 } }) };
    flow = await startFlow(deployment, { servers, service: { clock }, env: { MM_CONFIG: config } });
    const policy = { group_wait: '0s' };
    await flow.configure({ alert_groups: [group('app', { channels: ['wecom-app'], members: ['li.wei'], policy })] });
    for (let n = 0; n < 20; n++) {
      await flow.fire(disk(n, 'app'));
      await flow.pass(80 * second);
    }
    await flow.fire(disk(99, 'app', 'critical'));
    await flow.rest();
    expect(flow.wecomsTo('liwei').at(-1)?.content).toContain('Disk99x');
    await flow.pass(30 * minute, minute);
    expect(await told(flow)).toEqual(new Map([['accepted', 21]]));
    expect(flow.wecom.discarded).toEqual([]);
    expect(flow.wecomsTo('liwei').length).toBeLessThan(18);
  });

  it('what has nothing to say when it would have to wait is not said to wait for the rate', async () => {
    const config = join(temporaryFolder('limits'), 'mm.yaml');
    await writeFile(config, 'rate_limits: { wecom_robot: { burst: 1, per_minute: 1, reserved: 0 } }');
    flow = await startFlow(deployment, { env: { MM_CONFIG: config } });
    const policy = { group_wait: '0s', storm: { alerts: 10, within: '5m', interval: '10m' } };
    await flow.configure({ alert_groups: [group('room', { channels: [], robots: ['ops'], policy })] });
    await flow.fire(disk(1, 'room'));
    await flow.fire(disk(2, 'room', 'critical'));
    await flow.fire(disk(3, 'room', 'critical'));
    await flow.end(disk(3, 'room', 'critical'));
    await flow.pass(6 * second, second);
    expect(await flow.reasons('Disk2x')).toContain('rate_limit');
    expect(await flow.reasons('Disk3x')).not.toContain('rate_limit');
    await flow.pass(2 * minute, 5 * second);
    expect(await flow.reasons('Disk2x')).toContain('accepted');
    const steps = await flow.reasons('Disk3x');
    expect(steps).toContain('resolved_before_told');
    expect(steps).not.toContain('rate_limit');
  });

  describe('6 mails a minute by a relay', () => {
    const names = Array.from({ length: 8 }, (_, n) => `person${n}`);
    const contacts = names.map((name) => ({ name, email: `${name}@example.org`, locale: 'en', timezone: 'UTC' }));
    const mails = () => flow?.smtp.mails.filter((mail) => mail.to.some((to) => to.startsWith('person'))) ?? [];

    beforeEach(async () => {
      flow = await startFlow(deployment, { env: { MM_SMTP_MAX_PER_MINUTE: '6' } });
      const policy = { group_wait: '0s' };
      await flow.configure({ contacts, alert_groups: [group('all', { members: names, policy })] });
    });

    it('hold for all addresses together, however many claims there are at once; nobody is forgotten', async () => {
      const of = flow as Flow;
      let said = 0;
      const perStep: number[] = [];
      for (let n = 0; n < 30; n++) {
        if (n < 10) await of.fire(disk(n, 'all'));
        await of.pass(10 * second);
        perStep.push(mails().length - said);
        said = mails().length;
      }
      perStep.forEach((_, i) => {
        const inAMinute = perStep.slice(i, i + 6).reduce((sum, count) => sum + count, 0);
        expect(inAMinute).toBeLessThanOrEqual(6);
      });
      expect(await told(of)).toEqual(new Map([['accepted', 80]]));
      for (const name of names) expect(of.mailsTo(name).length).toBeLessThan(8);
    });

    it('keep a part for what is critical, and say how much is left', async () => {
      const of = flow as Flow;
      await of.fire(disk(1, 'all'));
      expect(mails()).toHaveLength(2);
      const fares = await destinations(of);
      expect(fares.filter((d) => d.address.startsWith('person')).map((d) => d.rate_limited)).toContain(1);
      expect(fares[0]?.rate_limits).toEqual([{ name: 'smtp_relay', burst: 3, per_minute: 3, left: 1 }]);
      const metrics = await (await fetch(`${of.s.url}/metrics`)).text();
      expect(metrics).toContain('monitor_manager_rate_limited_destinations{channel="email"} 6\n');
      expect(metrics).toContain('monitor_manager_rate_limit_tokens{channel="email",limit="smtp_relay"} 1\n');
      await of.fire(disk(2, 'all', 'critical'));
      expect(mails()).toHaveLength(3);
      expect(mails().at(-1)?.text).toContain('Disk2x');
    });

    it('alarm the admins once, when messages wait for them for more than 5 minutes', async () => {
      const of = flow as Flow;
      for (let n = 0; n < 18; n++) {
        await of.fire(disk(n, 'all', 'critical'));
        await of.fire(disk(n + 100, 'all'));
        await of.pass(20 * second);
      }
      await of.s.service.selfCheck();
      await of.s.service.tick();
      await of.rest();
      const alarms = await of.s.api<{ items: { labels: Record<string, string> }[] }>(
        'GET',
        `/api/v1/alerts?filter=${encodeURIComponent('alertname="DeliveryRateLimited"')}`,
      );
      expect(alarms.items.map(({ labels }) => labels)).toMatchObject([{ channel: 'email', limit: 'smtp_relay' }]);
    });
  });
});
