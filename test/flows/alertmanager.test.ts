/** The real thing: Prometheus and two Alertmanagers in front of the built service, real mail and the fake WeCom behind it. */
import { deployments, drills } from '../faults/deployments.ts';
import type { AlertmanagerServer } from '../support/alertmanager.ts';
import { clusterStatus, startAlertmanager } from '../support/alertmanager.ts';
import { needs } from '../support/needs.ts';
import { type ProcessService, startProcessService } from '../support/process-service.ts';
import { type PrometheusServer, startPrometheus } from '../support/prometheus.ts';
import { type SmtpServer, startSmtp } from '../support/smtp.ts';
import { eventually } from '../support/wait.ts';
import { startWecom, type WecomServer } from '../support/wecom.ts';

const token = 'source-token-of-the-cluster';
const timeoutMs = 90_000;
/** Repeats everything every few seconds: most of what arrives is old. */
const route = { group_wait: '1s', group_interval: '2s', repeat_interval: '4s' };
const cluster = ['--cluster.settle-timeout=3s', '--cluster.peer-timeout=1s'];

const config = {
  sources: [{ name: 'az-a', site: 'az-a', token }],
  contacts: [{ name: 'on-call', email: 'on-call@example.org', wecom: 'OnCall', locale: 'en', timezone: 'UTC' }],
  alert_groups: [
    {
      name: 'all',
      matchers: ['alertname="SwitchedAlert"'],
      members: ['on-call'],
      channels: ['email', 'wecom-app'],
      policy: { group_by: ['alertname', 'case'], group_wait: '1s', group_interval: '2s', repeat_interval: '4h' },
    },
  ],
  heartbeats: [
    { name: 'prom-a', source: 'az-a', matchers: ['alertname="Watchdog"'], timeout: '20s', alert_group: 'all' },
  ],
};

/** Everything between the rule and the reader. */
interface World extends AsyncDisposable {
  prometheus: PrometheusServer;
  alertmanagers: AlertmanagerServer[];
  service: ProcessService;
  smtp: SmtpServer;
  wecom: WecomServer;
}

type Topology = 'peered' | 'partitioned';

async function startWorld(deployment: keyof typeof deployments, topology: Topology): Promise<World> {
  const parts: AsyncDisposable[] = [];
  const use = <T extends AsyncDisposable>(part: T): T => {
    parts.unshift(part);
    return part;
  };
  const stop = async () => {
    for (const part of parts.splice(0)) await part[Symbol.asyncDispose]();
  };
  try {
    const ground = use(await deployments[deployment]());
    const smtp = use(await startSmtp());
    const wecom = use(await startWecom({ members: ['OnCall'] }));
    const service = use(await startProcessService({ config, env: { ...ground.env, ...channelEnv(smtp, wecom) } }));
    const alertmanagers = await startAlertmanagers(service, topology);
    for (const one of alertmanagers) use(one);
    const urls = alertmanagers.map((one) => one.url);
    const prometheus = use(await startPrometheus({ alertmanagers: urls, resendDelay: '1s' }));
    return { prometheus, alertmanagers, service, smtp, wecom, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function channelEnv(smtp: SmtpServer, wecom: WecomServer): Record<string, string> {
  return {
    SMTP_URL: smtp.url,
    MM_MAIL_FROM: 'mm@example.org',
    MM_WECOM_API_URL: wecom.url,
    MM_WECOM_CORP_ID: wecom.corpId,
    MM_WECOM_AGENT_ID: String(wecom.agentId),
    MM_WECOM_SECRET: wecom.secret,
  };
}

async function startAlertmanagers(service: ProcessService, topology: Topology): Promise<AlertmanagerServer[]> {
  const webhook = { url: `${service.url}/api/v1/webhooks/alertmanager`, bearerToken: token };
  if (topology === 'partitioned') {
    return [await startAlertmanager({ webhook, route }), await startAlertmanager({ webhook, route })];
  }
  const first = await startAlertmanager({ webhook, route, peers: [], args: cluster });
  const second = await startAlertmanager({ webhook, route, peers: [first.clusterAddress ?? ''], args: cluster });
  await eventually(async () => (await clusterStatus(first.url)).members === 2, { describe: 'the two to be a cluster' });
  return [first, second];
}

/** The subjects of mails, in order, of which both channels must have the same number. */
async function told({ smtp, wecom }: World, count: number): Promise<string[]> {
  await eventually(() => smtp.mails.length >= count && wecom.messages.length >= count, {
    timeoutMs,
    describe: () => `${count} messages; mails: ${smtp.mails.map((mail) => mail.subject).join(' | ') || 'none'}`,
  });
  expect(wecom.messages).toHaveLength(smtp.mails.length);
  return smtp.mails.map((mail) => mail.subject);
}

/** Waits until every Alertmanager has posted a few times more: whatever they repeat has arrived by then. */
async function untilPostedAgain({ service }: World, times: number): Promise<void> {
  const before = await webhookRequests(service);
  await eventually(async () => (await webhookRequests(service)) >= before + times, {
    timeoutMs,
    describe: 'more posts of the Alertmanagers',
  });
}

async function webhookRequests(service: ProcessService): Promise<number> {
  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  return Number(/^monitor_manager_webhook_requests_total\{code="200"\} (\d+)/m.exec(metrics)?.[1] ?? 0);
}

async function followStateChanges(world: World): Promise<void> {
  const { gauges } = world.prometheus;
  gauges.set('switched_alert', 1, { case: 'a' });
  expect(await told(world, 1)).toEqual([expect.stringContaining('[FIRING:1]')]);
  gauges.set('switched_alert', 1, { case: 'b' });
  await told(world, 2);
  await untilPostedAgain(world, 4);
  gauges.set('switched_alert', 0, { case: 'a' });
  await told(world, 3);
  gauges.set('switched_alert', 0, { case: 'b' });
  await told(world, 4);
  await untilPostedAgain(world, 4);
  const subjects = await told(world, 4);
  expect(
    subjects.map(
      (subject) => `${subject.split(' ')[0]} ${/\bcase[= ]*"?(\w)|\((\w)\)/.exec(subject)?.slice(1).find(Boolean)}`,
    ),
  ).toEqual(['[FIRING:1] a', '[FIRING:1] b', '[RESOLVED] a', '[RESOLVED] b']);
}

/** The heartbeat stops and comes back: one alarm, one recovery. */
async function followWatchdog(world: World, stop: () => void, go: () => void): Promise<void> {
  const [, , , , ...before] = world.smtp.mails;
  expect(before).toEqual([]);
  stop();
  const alarm = (await told(world, 5))[4];
  go();
  const recovery = (await told(world, 6))[5];
  await untilPostedAgain(world, 4);
  expect((await told(world, 6)).slice(4)).toEqual([alarm, recovery]);
  console.log(`alertmanager.test: ${alarm} -> ${recovery}`);
}

const everyForm = (['embedded', 'PostgreSQL only', 'PostgreSQL and Redis'] as const).flatMap((deployment) =>
  (['peered', 'partitioned'] as const).map((topology) => ({ deployment, topology })),
);
const forms: typeof everyForm = drills
  ? everyForm
  : [
      { deployment: 'embedded', topology: 'partitioned' },
      { deployment: 'PostgreSQL and Redis', topology: 'peered' },
    ];

needs(
  'prometheus',
  'alertmanager',
  'postgres',
  'redis',
)('a real Prometheus and two real Alertmanagers', () => {
  it.concurrent.for(forms)(
    'make one mail and one WeCom message per change of state, and one alarm when the Watchdog stops: $deployment, $topology',
    { timeout: 600_000 },
    async ({ deployment, topology }) => {
      await using world = await startWorld(deployment, topology);
      await followStateChanges(world);
      // Once the Alertmanagers say that the Watchdog has resolved, once they say nothing at all.
      const quiet = topology === 'peered' ? [world.prometheus] : world.alertmanagers;
      const all = (what: 'freeze' | 'thaw') => () => {
        for (const one of quiet) one[what]();
      };
      await followWatchdog(world, all('freeze'), all('thaw'));
    },
  );
});
