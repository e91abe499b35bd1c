/** A storm over hundreds of alert groups: every critical alert is told in time, and nobody's phone or robot drowns. */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { wecomEnv } from '../flows/flow.ts';
import { needs } from '../support/needs.ts';
import { payload } from '../support/payload.ts';
import { type ProcessService, startProcessService } from '../support/process-service.ts';
import { startSmtp } from '../support/smtp.ts';
import { eventually } from '../support/wait.ts';
import { startWecom, type WecomMessage } from '../support/wecom.ts';
import { deployments, drills } from './deployments.ts';

const token = 'source-token-of-the-big-storm';
const alertGroups = drills ? 200 : 20;
const alertsPerGroup = drills ? 500 : 50;
/** The storm's length. */
const stormMs = drills ? 60_000 : 3_000;
const alertsPerPost = 50;
/** Every twentieth is critical. */
const criticalEvery = 20;
const people = 20;
const rooms = 10;
const groupWaitMs = 10_000;
/** In which every critical alert must have been told, from its acknowledgement on. */
const toldWithinMs = groupWaitMs + 10_000;
/** Of one robot: developer.work.weixin.qq.com/document/path/91770 */
const robotPerMinute = 20;

const nameOf = (kind: string, n: number) => `${kind}-${n}`;

function config() {
  return {
    sources: [{ name: 'az-a', token }],
    contacts: Array.from({ length: people }, (_, n) => ({
      ...{ name: nameOf('person', n), email: `${nameOf('person', n)}@example.org`, locale: 'en', timezone: 'UTC' },
    })),
    robots: Array.from({ length: rooms }, (_, n) => ({
      ...{ name: nameOf('room', n), key: nameOf('robot-key', n), locale: 'zh-CN', timezone: 'UTC' },
    })),
    alert_groups: Array.from({ length: alertGroups }, (_, n) => ({
      name: nameOf('team', n),
      matchers: [`team="${n}"`],
      members: [nameOf('person', n % people)],
      robots: [nameOf('room', n % rooms)],
      channels: ['email'],
      policy: {
        group_by: ['alertname'],
        group_wait: `${groupWaitMs / 1000}s`,
        group_interval: `${groupWaitMs / 1000}s`,
        repeat_interval: '4h',
        storm: { alerts: 20, within: '5m', interval: '1m' },
      },
    })),
  };
}

/** Alerts of all groups, the groups by turns, so that every group is in the storm from its first second on. */
function posts(): { labels: Record<string, string>; startsAt: Date }[][] {
  const rounds = alertsPerGroup / alertsPerPost;
  return Array.from({ length: rounds * alertGroups }, (_, n) => {
    const [team, round] = [n % alertGroups, Math.floor(n / alertGroups)];
    return Array.from({ length: alertsPerPost }, (_, i) => {
      const nth = round * alertsPerPost + i;
      return {
        labels: {
          alertname: nth % criticalEvery === 0 ? `Lost${nth % 3}` : `Fault${nth % 7}`,
          ...{ team: String(team), instance: `host-${nth}`, cluster: `c${nth % 3}` },
          severity: nth % criticalEvery === 0 ? 'critical' : 'warning',
        },
        startsAt: new Date(),
      };
    });
  });
}

/** Posts at an even pace. Returns how many were answered 503 first. */
async function rage(service: ProcessService): Promise<number> {
  const all = posts();
  const startedAt = Date.now();
  let repeats = 0;
  const lanes = Array.from({ length: 8 }, async (_, lane) => {
    for (let n = lane; n < all.length; n += 8) {
      await pause(Math.max(0, startedAt + (n / all.length) * stormMs - Date.now()));
      const alerts = (all[n] as (typeof all)[number]).map((alert) => ({ ...alert, startsAt: new Date() }));
      for (;;) {
        const answer = await service.post(token, payload(alerts, { groupKey: `{}:{n="${n}"}` }));
        await answer.arrayBuffer();
        if (answer.status === 200) break;
        repeats += 1;
        await pause(200);
      }
    }
  });
  await Promise.all(lanes);
  return repeats;
}

/** The most messages that one robot got within any minute. */
function busiest(messages: readonly WecomMessage[], key: string): number {
  const times = messages.filter((m) => m.to.includes(key)).map((m) => m.at.getTime());
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length));
}

interface Late {
  untold: number;
  latest_ms: number | null;
}

/** Critical alerts that a destination of theirs has not been told of, and how long the slowest took. */
async function criticals(db: pg.Client): Promise<Late> {
  const { rows } = await db.query<Late>(
    `select count(*) filter (where r.told_at is null)::int as untold,
       max(extract(epoch from r.told_at - a.since) * 1000)::float8 as latest_ms
     from alert a join incident_alert p on p.alert_fingerprint = a.fingerprint
     join thread h on h.incident_id = p.incident_id
     left join receipt r on r.alert_fingerprint = a.fingerprint and r.destination_id = h.destination_id
     where a.labels->>'severity' = 'critical'`,
  );
  return rows[0] as Late;
}

needs('postgres', 'redis')('a storm', () => {
  it(
    `of ${alertGroups * alertsPerGroup} alerts over ${alertGroups} groups: every critical is told, and no destination gets more than its rate`,
    async () => {
      await using ground = await deployments['PostgreSQL and Redis']();
      await using smtp = await startSmtp();
      await using wecom = await startWecom();
      for (let n = 0; n < rooms; n++) wecom.addRobot(nameOf('robot-key', n));
      await using service = await startProcessService({
        config: config(),
        env: {
          ...ground.env,
          ...{ SMTP_URL: smtp.url, MM_MAIL_FROM: 'mm@example.org' },
          ...wecomEnv(wecom),
        },
      });
      const db = new pg.Client({ connectionString: ground.env['DATABASE_URL'] });
      await db.connect();
      try {
        const repeats = await rage(service);
        const expected = alertGroups * Math.ceil(alertsPerGroup / criticalEvery);
        const told = await eventually(
          async () => {
            const facts = await criticals(db);
            const known = await db.query<{ n: number }>(
              `select count(distinct alert_fingerprint)::int as n from receipt r join alert a on a.fingerprint = r.alert_fingerprint
               where a.labels->>'severity' = 'critical'`,
            );
            return facts.untold === 0 && known.rows[0]?.n === expected ? facts : null;
          },
          { timeoutMs: 120_000, everyMs: 500, describe: 'every critical alert to be told to everybody' },
        );
        const mails = Math.max(
          ...Array.from(
            { length: people },
            (_, n) => smtp.mails.filter((mail) => mail.to.includes(`${nameOf('person', n)}@example.org`)).length,
          ),
        );
        const robot = Math.max(
          ...Array.from({ length: rooms }, (_, n) => busiest(wecom.messages, nameOf('robot-key', n))),
        );
        console.log(
          `big-storm.test: ${expected} critical alerts, the slowest told after ${Math.round(told.latest_ms ?? 0)} ms; ` +
            `${mails} mails to the busiest person, ${robot} messages a minute to the busiest room, ${repeats} posts repeated`,
        );
        expect(robot).toBeLessThanOrEqual(robotPerMinute);
        expect(wecom.discarded).toEqual([]);
        if (drills) expect(told.latest_ms).toBeLessThan(toldWithinMs);
        await explained(service);
      } finally {
        await db.end();
      }
    },
    drills ? 10 * 60_000 : 180_000,
  );
});

/** Of one alert in each way: how it went is there to be asked. */
async function explained(service: ProcessService): Promise<void> {
  const explain = async (severity: string) => {
    const filter = encodeURIComponent(`severity="${severity}"`);
    const { items } = await service.api<{ items: { fingerprint: string }[] }>(
      'GET',
      `/api/v1/alerts?filter=${filter}&limit=1`,
    );
    const path = `/api/v1/alerts/${items[0]?.fingerprint}/explain`;
    const { steps } = await service.api<{ steps: { reason: string; text: string }[] }>('GET', path);
    return steps.map((step) => `${step.reason}: ${step.text}`);
  };
  const told = (await explain('critical')).join('\n');
  for (const reason of ['new_alert: ', 'matched: ', 'accepted: ']) expect(told).toContain(reason);
  await eventually(async () => (await explain('warning')).some((text) => text.includes('storm')), {
    timeoutMs: 30_000,
    describe: 'an alert to be explained by the storm',
  });
}
