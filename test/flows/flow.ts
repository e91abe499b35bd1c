/** One service under test with a mail server, a fake WeCom and the people of a small company around it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Deployment, Store } from '../support/deployments.ts';
import { type AlertSpec, payload } from '../support/payload.ts';
import { type ServiceOptions, startService, type TestService } from '../support/service.ts';
import { type ReceivedMail, type SmtpServer, startSmtp } from '../support/smtp.ts';
import { startWecom, type WecomMessage, type WecomServer } from '../support/wecom.ts';

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;

type Named = { name: string; [key: string]: unknown };

/** What `apply` reads; a section that is left out stays as it is. */
export interface Document {
  sources: Named[];
  contacts: Named[];
  robots: Named[];
  alert_groups: Named[];
  schedules: Named[];
  time_intervals: Named[];
  silences: Named[];
  inhibition_rules: Named[];
  heartbeats: Named[];
  daily_messages: Named[];
  peers: Named[];
}

/** The token of a source of the company. */
export function tokenOf(source: string): string {
  return `token-of-${source}-0123456789`;
}

const person = (name: string, wecom: string): Named => ({
  name,
  email: `${name}@example.org`,
  wecom,
  locale: 'en',
  timezone: 'UTC',
});

/** Three sources, three people, a room; one alert group that reaches li.wei by mail. */
export const company: Document = {
  sources: ['az-a', 'az-b', 'az-c'].map((name) => ({ name, site: 'shanghai', token: tokenOf(name) })),
  contacts: [person('li.wei', 'LiWei'), person('zhang.san', 'ZhangSan'), person('wang.wu', 'WangWu')],
  robots: [{ name: 'ops', key: 'robot-key', locale: 'en', timezone: 'UTC' }],
  alert_groups: [group('database', { members: ['li.wei'] })],
  schedules: [],
  time_intervals: [],
  silences: [],
  inhibition_rules: [],
  heartbeats: [],
  daily_messages: [],
  peers: [],
};

/** An alert group that takes `team="<name>"`, mails, and has Alertmanager's usual times. */
export function group(name: string, more: Record<string, unknown> = {}): Named {
  const { policy, ...rest } = more;
  return {
    name,
    matchers: [`team="${name}"`],
    channels: ['email'],
    policy: {
      group_by: ['alertname'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '4h',
      send_resolved: true,
      ...(policy as object | undefined),
    },
    ...rest,
  };
}

/** A notification as the API lists it. */
export interface Listed {
  id: string;
  incident_id: string | null;
  destination: { id: string; channel: string; address: string };
  sequence: number;
  state: string;
  reason: string;
  priority: string;
  attempts: number;
  next_at: string | null;
  carrier_id: string | null;
  summary: string | null;
  answer: string | null;
  remedy: string | null;
  content?: Record<string, unknown>;
}

/** One attempt of a notification as the API shows it. */
export interface Attempt {
  number: number;
  outcome: string | null;
  reason: string | null;
  answer: string | null;
}

export interface FlowOptions {
  /** Default: mail and WeCom both. */
  channels?: readonly ('email' | 'wecom')[];
  env?: Record<string, string>;
  /** Of another flow that has been stopped: this one goes on with its data. */
  store?: Store;
  /** Servers of another flow, for one that goes on after it. */
  servers?: { smtp: SmtpServer; wecom: WecomServer };
  service?: Pick<ServiceOptions, 'clock' | 'scheduled' | 'version'>;
}

/** Where a test stands. */
export interface Flow extends AsyncDisposable {
  s: TestService;
  smtp: SmtpServer;
  wecom: WecomServer;
  store: Store;
  /** Milliseconds by which the clock of leases is ahead. */
  lease: { offsetMs: number };
  /** Applies the company with these sections in the place of its own; later calls keep what earlier ones set. */
  configure(sections: Partial<Document>): Promise<void>;
  /** Posts one request as `source`, expects 200, and lets happen what is due. */
  report(source: string, alerts: AlertSpec | readonly AlertSpec[], more?: Record<string, unknown>): Promise<void>;
  /** Reports that an alert fires since now, or since `startsAt`. */
  fire(labels: Record<string, string>, more?: { source?: string; startsAt?: Date }): Promise<void>;
  /** Reports that an alert has ended now. */
  end(labels: Record<string, string>, more?: { source?: string; startsAt?: Date; endsAt?: Date }): Promise<void>;
  /** Lets time pass in one go, or in steps with a tick after each. Time in steps over 10 s is an absence of ours. */
  pass(ms: number, stepMs?: number): Promise<void>;
  /** Lets everything happen that is due now, and waits until nothing is under way. */
  rest(): Promise<void>;
  /** What the mails to a contact say first (`+1 new`), in order of arrival. */
  mails(name: string): string[];
  mailsTo(name: string): ReceivedMail[];
  /** What WeCom messages say first, to a userid in lower case or a robot's key. */
  wecoms(to: string): string[];
  wecomsTo(to: string): WecomMessage[];
  notifications(query?: string): Promise<Listed[]>;
  attempts(notificationId: string): Promise<Attempt[]>;
  /** Reasons of the steps that explain an alert, oldest first. */
  reasons(alertname: string): Promise<string[]>;
  /** Stops the service and leaves its store and servers. */
  stopService(): Promise<void>;
}

/** Starts a service on an empty store of this deployment. */
export async function startFlow(deployment: Deployment, options: FlowOptions = {}): Promise<Flow> {
  const smtp = options.servers?.smtp ?? (await startSmtp());
  const wecom = options.servers?.wecom ?? (await startWecom());
  const store = options.store ?? (await deployment.emptyStore());
  const lease = { offsetMs: 0 };
  const channels = options.channels ?? ['email', 'wecom'];
  const s = await startService({
    ...options.service,
    ...store,
    env: {
      MM_EMERGENCY_CONTACTS: 'mailto:admin@example.org',
      MM_MAIL_FROM: 'Monitor Manager <mm@example.org>',
      ...(channels.includes('email') ? { SMTP_URL: smtp.url } : {}),
      ...(channels.includes('wecom') ? wecomEnv(wecom) : {}),
      ...store.env,
      ...options.env,
    },
    leaseOffsetMs: () => lease.offsetMs,
  });
  let document = company;
  const rest = () => untilIdle(s);
  const mailsTo = (name: string) => smtp.mails.filter((mail) => mail.to.includes(`${name}@example.org`));
  const wecomsTo = (to: string) => wecom.messages.filter((message) => message.to.includes(to));
  const report: Flow['report'] = async (source, alerts, more) => {
    const list = Array.isArray(alerts) ? (alerts as readonly AlertSpec[]) : [alerts as AlertSpec];
    const answer = await s.post(tokenOf(source), payload(list, more));
    expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)]);
    await rest();
  };
  const flow: Flow = {
    s,
    smtp,
    wecom,
    store,
    lease,
    async configure(sections) {
      document = { ...document, ...sections };
      await s.apply(document);
      await rest();
    },
    report,
    fire: (labels, { source = 'az-a', startsAt = s.clock.now() } = {}) => report(source, { labels, startsAt }),
    end: (labels, { source = 'az-a', startsAt = new Date(0), endsAt = s.clock.now() } = {}) =>
      report(source, { labels, status: 'resolved', startsAt, endsAt }),
    async pass(ms, stepMs = ms) {
      for (let left = ms; left > 0; left -= stepMs) {
        s.clock.advance(Math.min(stepMs, left));
        await s.service.tick();
        await rest();
      }
    },
    rest,
    mailsTo,
    mails: (name) => mailsTo(name).map((mail) => deltaOf(mail.text)),
    wecomsTo,
    wecoms: (to) => wecomsTo(to).map((message) => deltaOf(message.content)),
    notifications: async (query = '') =>
      (await s.api<{ items: Listed[] }>('GET', `/api/v1/notifications?limit=500&${query}`)).items.reverse(),
    attempts: async (id) => (await s.api<{ tries: Attempt[] }>('GET', `/api/v1/notifications/${id}`)).tries,
    async reasons(alertname) {
      const found = await s.api<{ items: { fingerprint: string }[] }>(
        'GET',
        `/api/v1/alerts?filter=${encodeURIComponent(`alertname="${alertname}"`)}`,
      );
      const path = `/api/v1/alerts/${found.items[0]?.fingerprint}/explain`;
      return (await s.api<{ steps: { reason: string }[] }>('GET', path)).steps.map((step) => step.reason);
    },
    stopService: () => s.stop(),
    async [Symbol.asyncDispose]() {
      await s.stop();
      await smtp.stop();
      await wecom.stop();
    },
  };
  return flow;
}

/** The settings of the fake WeCom's first application. */
export function wecomEnv(wecom: WecomServer): Record<string, string> {
  return {
    MM_WECOM_API_URL: wecom.url,
    MM_WECOM_CORP_ID: wecom.corpId,
    MM_WECOM_AGENT_ID: String(wecom.agentId),
    MM_WECOM_SECRET: wecom.secret,
  };
}

/** The delta, which leads every message: its first line up to the first dot, without markdown. */
function deltaOf(text: string): string {
  const plain = text.replace(/<[^>]*>|\*\*/g, '');
  return (plain.trimStart().split('\n')[0] ?? '').split(' · ')[0] ?? '';
}

/**
 * `settle` does what is due, but another service on the same store may have taken some of it before: also waits for that.
 * What nobody will ever end (an attempt whose process died) is given a moment only.
 */
async function untilIdle(s: TestService): Promise<void> {
  let before = '';
  for (let since = performance.now(); performance.now() - since < 5_000; await pause(5)) {
    await s.service.settle();
    const busy = await s.service.db.query(
      `select 'attempt' as what, id::text from attempt where finished_at is null
       union all select 'incident', id::text from incident where due_at <= $1 and closed_at is null order by 1, 2`,
      [s.clock.now()],
    );
    if (busy.rows.length === 0) return;
    const now = JSON.stringify(busy.rows);
    if (now !== before) since = performance.now();
    before = now;
  }
}
