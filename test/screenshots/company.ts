/** Who the invented company is: its sources, people, rooms and alert groups. Made by API, as in the page, so that they can be edited there. */
import type { TestService } from '../support/service.ts';

type Body = Record<string, unknown> & { name: string };

const person = (name: string, wecom: string): Body => ({
  ...{ name, wecom, email: `${name}@example.org` },
  ...{ locale: 'en', timezone: 'Asia/Shanghai' },
});

const sources: Body[] = ['shanghai-a', 'shanghai-b', 'beijing-a'].map((name) => ({
  ...{ name, token: tokenOf(name), site: name.split('-')[0] },
  members: ['alertmanager-0', 'alertmanager-1'],
}));

const contacts = [
  person('li.wei', 'LiWei'),
  person('zhang.san', 'ZhangSan'),
  person('wang.wu', 'WangWu'),
  person('chen.jie', 'ChenJie'),
];

const robots: Body[] = [
  { name: 'operations', key: 'robot-key-of-operations', locale: 'en', timezone: 'Asia/Shanghai' },
  { name: 'payments-war-room', key: 'robot-key-of-payments', locale: 'en', timezone: 'Asia/Shanghai' },
];

const group = (name: string, matchers: string[], members: string[], more: Record<string, unknown> = {}): Body => ({
  ...{ name, matchers, members, channels: ['email', 'wecom-app'] },
  policy: { group_by: ['alertname', 'cluster'] },
  ...more,
});

const groups = [
  group('payments', ['team="payments"'], ['chen.jie', 'li.wei'], { robots: ['payments-war-room'] }),
  group('database', ['team="db"', 'severity=~"critical|warning"'], ['li.wei', 'zhang.san']),
  group('platform', ['team=~"platform|network"'], ['wang.wu'], { robots: ['operations'] }),
  group('everything else', [], ['wang.wu'], { channels: ['email'] }),
];

/** The robots' keys, for the room service that takes them. */
export const robotKeys = robots.map(({ key }) => String(key));

export function tokenOf(source: string): string {
  return `token-of-${source}-0123456789`;
}

export async function founded({ api }: TestService): Promise<void> {
  const sections: [string, Body[]][] = [
    ['sources', sources],
    ['contacts', contacts],
    ['robots', robots],
    ['alert-groups', groups],
  ];
  for (const [kind, bodies] of sections) for (const body of bodies) await api('POST', `/api/v1/${kind}`, body);
  for (const source of ['shanghai-a', 'shanghai-b', 'beijing-a']) {
    const matchers = ['alertname="Watchdog"', `prometheus="${source}"`];
    await api('POST', '/api/v1/heartbeats', { name: `prometheus ${source}`, source, matchers, timeout: '3m' });
  }
}
