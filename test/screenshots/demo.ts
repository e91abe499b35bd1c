/** A lively hour of an invented company: what fires, who is told, what is refused, what is silenced, and a heartbeat that is lost. */
import { type Flow, minute, second, startFlow } from '../flows/flow.ts';
import { signIn } from '../support/callers.ts';
import { handClock } from '../support/clock.ts';
import { type AlertSpec, payload } from '../support/payload.ts';
import { startProxy, type TcpProxy } from '../support/proxy.ts';
import { startService, type TestService } from '../support/service.ts';
import { founded, robotKeys, tokenOf } from './company.ts';

const lengthMin = 64;
/** Nobody's real one. */
export const engineer = { name: 'li.wei', password: 'a long password for pictures' };

interface Happening {
  /** Minutes before now. */
  ago: number;
  source?: string;
  alerts: AlertSpec[];
}

const runbook = (name: string) => `https://runbooks.example.org/${name}`;

const alert = (labels: Record<string, string>, summary: string, more: Partial<AlertSpec> = {}): AlertSpec => ({
  labels,
  annotations: { summary, runbook_url: runbook(labels['alertname'] ?? '') },
  ...more,
});

const pods = ['7d9f-2xkqp', '7d9f-9wlmz', '7d9f-b5v7t', '6c41-kk2hd', '6c41-q8s4n'];

const crashing = pods.map((pod) =>
  alert(
    { alertname: 'PodCrashLooping', team: 'platform', severity: 'warning', cluster: 'prod-a', pod: `checkout-${pod}` },
    `checkout-${pod} has restarted 6 times in 10 minutes`,
  ),
);

const replication = ['db-1', 'db-2'].map((instance) =>
  alert(
    { alertname: 'ReplicationStopped', team: 'db', severity: 'critical', cluster: 'prod-a', instance },
    `Replication on ${instance} has stopped: the replica is 4 minutes behind`,
  ),
);

const errors = alert(
  { alertname: 'PaymentErrorsHigh', team: 'payments', severity: 'critical', cluster: 'prod-b', service: 'gateway' },
  '7.4 % of the payments fail since the last deployment',
);

const disk = alert(
  {
    alertname: 'DiskWillFill',
    team: 'db',
    severity: 'warning',
    cluster: 'prod-b',
    instance: 'db-7',
    mountpoint: '/data',
  },
  '/data on db-7 is full in 3 hours',
);

const link = alert(
  { alertname: 'LinkFlaps', team: 'network', severity: 'warning', cluster: 'core', instance: 'switch-12', port: '48' },
  'Port 48 of switch-12 went up and down 9 times',
);

const certificate = alert(
  { alertname: 'CertificateExpiresSoon', team: 'platform', severity: 'info', host: 'shop.example.org' },
  'The certificate of shop.example.org expires in 13 days',
);

const backup = alert(
  { alertname: 'BackupSlow', team: 'storage', severity: 'info', instance: 'backup-2' },
  'The backup takes 40 minutes longer than usual',
);

const story: readonly Happening[] = [
  { ago: 58, alerts: [certificate] },
  { ago: 55, alerts: [link] },
  { ago: 52, source: 'shanghai-b', alerts: replication },
  { ago: 51, alerts: replication },
  { ago: 41, alerts: [backup] },
  { ago: 30, alerts: crashing.slice(0, 2) },
  { ago: 28, alerts: [{ ...link, status: 'resolved' }] },
  { ago: 24, alerts: crashing },
  { ago: 9, source: 'shanghai-b', alerts: [errors] },
  { ago: 5, alerts: [disk] },
];

/** The service, an hour later, and the other sites that it watches. */
export interface Demo extends AsyncDisposable {
  flow: Flow;
}

export async function startDemo(): Promise<Demo> {
  const start = new Date(Date.now() - lengthMin * minute);
  const flow = await startFlow(
    { name: 'embedded', emptyStore: async () => ({ env: {} }) },
    {
      service: { clock: handClock(start), version: '0.1.0' },
      // Time passes in steps of ten seconds.
      env: {
        MM_SITE: 'watchtower',
        MM_EXTERNAL_URL: 'https://mm.example.org',
        MM_PEERS_INTERVAL: '10s',
        MM_PEERS_DOWN_AFTER: '30s',
      },
    },
  );
  for (const userid of ['LiWei', 'WangWu', 'ChenJie']) flow.wecom.addMember({ userid });
  for (const key of robotKeys) flow.wecom.addRobot(key);
  // One who has left, and one whose mailbox is full.
  flow.smtp.rejectRecipient('zhang.san@example.org');
  await founded(flow.s);
  await flow.s.api('POST', '/api/v1/users', { ...engineer, display_name: 'Li Wei', role: 'admin' });
  const sites = await Promise.all(['beijing', 'guangzhou'].map((name) => startSite(flow, name)));
  for (let ago = lengthMin; ago > 0; ago--) {
    if (ago === 7) sites[1]?.road.cut();
    await pastMinute(flow, ago);
    for (const { site } of sites) await site.service.tick();
  }
  return {
    flow,
    async [Symbol.asyncDispose]() {
      await flow[Symbol.asyncDispose]();
      for (const { site, road } of sites) await Promise.all([site.stop(), road.stop()]);
    },
  };
}

/** Another site that it watches, with a heartbeat of its own. */
async function startSite({ s }: Flow, name: string): Promise<{ site: TestService; road: TcpProxy }> {
  const site = await startService({ clock: s.clock, version: '0.1.0', env: { MM_SITE: name } });
  const road = await startProxy({ target: site.url });
  const secret = `what-watchtower-and-${name}-know`;
  const token = `token-of-the-source-of-${name}`;
  await site.apply({
    peers: [{ name: 'watchtower', url: s.url, secret }],
    sources: [{ name: `${name}-a`, site: name, token }],
  });
  await s.api('POST', '/api/v1/peers', { name, url: `http://127.0.0.1:${road.port}`, secret });
  await site.post(token, payload([{ labels: { alertname: 'Watchdog', prometheus: `${name}-a`, severity: 'none' } }]));
  return { site, road };
}

async function pastMinute(flow: Flow, ago: number): Promise<void> {
  await beat(flow, ago);
  for (const { source = 'shanghai-a', alerts, ...at } of story) if (at.ago === ago) await report(flow, source, alerts);
  if (ago === 46) await acknowledge(flow, 'ReplicationStopped');
  if (ago === 40) await silence(flow);
  await flow.pass(minute, 10 * second);
}

async function report({ s, rest }: Flow, source: string, alerts: readonly AlertSpec[]): Promise<void> {
  const now = s.clock.now();
  const all = alerts.map((one) => (one.status === 'resolved' ? { ...one, endsAt: now } : { ...one, startsAt: now }));
  const answer = await s.post(tokenOf(source), payload(all));
  if (!answer.ok) throw new Error(`${source}: ${answer.status} ${await answer.text()}`);
  await rest();
}

/** Every Prometheus says each minute that it lives; the one in Beijing stops. */
async function beat(flow: Flow, ago: number): Promise<void> {
  for (const source of ['shanghai-a', 'shanghai-b', 'beijing-a']) {
    if (source === 'beijing-a' && ago < 13) continue;
    await report(flow, source, [{ labels: { alertname: 'Watchdog', prometheus: source, severity: 'none' } }]);
  }
}

async function acknowledge({ s }: Flow, name: string): Promise<void> {
  const { headers } = await signIn(s.url, engineer);
  const { items } = await s.api<{ items: { id: string; group_labels: Record<string, string> }[] }>(
    'GET',
    '/api/v1/incidents',
  );
  const id = items.find((item) => item.group_labels['alertname'] === name)?.id;
  const answer = await fetch(`${s.url}/api/v1/incidents/${id}/acknowledge`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{}',
  });
  if (!answer.ok) throw new Error(`acknowledging: ${answer.status} ${await answer.text()}`);
}

async function silence({ s, rest }: Flow): Promise<void> {
  const at = (minutes: number) => new Date(s.clock.now().getTime() + minutes * minute).toISOString();
  const silences = [
    {
      matchers: ['alertname="BackupSlow"', 'instance="backup-2"'],
      ...{ created_by: 'wang.wu', ends_at: at(300), comment: 'New disks in backup-2 until noon, ticket 4711' },
    },
    {
      matchers: [['cluster="prod-a"', 'team="platform"', 'pod=~"checkout-6c41-.*"'], ['host="shop.example.org"']],
      ...{ created_by: 'li.wei', ends_at: at(120), comment: 'The shop moves to the new certificates' },
    },
    {
      matchers: ['instance=~"switch-1[0-9]"'],
      ...{ starts_at: at(600), ends_at: at(780), created_by: 'chen.jie', comment: 'Firmware of the core switches' },
    },
    {
      matchers: ['alertname="DiskBusy"', 'team="storage"'],
      ...{ time_intervals: ['backup nights'], ends_at: at(90 * 24 * 60), created_by: 'wang.wu' },
      comment: 'The backups keep the disks busy',
    },
    { matchers: ['instance="db-9"'], duration: '10m', created_by: 'li.wei', comment: 'db-9 starts again' },
  ];
  await s.api('POST', '/api/v1/time-intervals', {
    name: 'backup nights',
    time_intervals: [
      {
        ...{ weekdays: ['tuesday', 'friday'], location: 'Asia/Shanghai' },
        times: [{ start_time: '02:00', end_time: '04:00' }],
      },
    ],
  });
  for (const body of silences) await s.api('POST', '/api/v1/silences', body);
  await rest();
}
