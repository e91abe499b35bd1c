/** What both sides are asked, in Alertmanager's own words. */
import type { Company, Labels } from './cases.ts';

/** One text for each label set. */
export function textOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** An alert as `GET /api/v2/alerts` shows it. */
export interface Shown {
  labels: Labels;
  receivers: { name: string }[];
  status: { silencedBy: string[]; inhibitedBy: string[] };
}

/** A group as `GET /api/v2/alerts/groups` shows it. */
export interface ShownGroup {
  labels: Labels;
  receiver: { name: string };
  alerts: Shown[];
}

/** The last word that each receiver heard of each alert: `receiver alert` to `firing` or `resolved`. */
export type LastWords = ReadonlyMap<string, string>;

/** A service that takes alerts and silences by Alertmanager's API. */
export interface Side {
  url: string;
  /** What the API is asked with. */
  headers: Record<string, string>;
  /** What alerts are posted with. */
  postHeaders: Record<string, string>;
  now: () => Date;
  /** The receiver behind a name of the API. */
  receiverOf: (name: string) => string;
  lastWords: () => Promise<LastWords>;
}

const hour = 3_600_000;

/** Asks a side. @throws Error with its answer when it refuses */
async function call<T>({ url, headers }: Side, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${url}/api/v2/${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Does to a side what happens at the begin of phases. */
export function player(side: Side): (companies: readonly Company[], phase: number, more?: Labels) => Promise<void> {
  const silences = new Map<object, string>();

  async function changeSilences({ name, silences: all }: Company, phase: number): Promise<void> {
    for (const silence of all) {
      if (silence.to === phase) await call(side, 'DELETE', `silence/${silences.get(silence)}`);
      if (silence.from !== phase) continue;
      const made = await call<{ silenceID: string }>(side, 'POST', 'silences', {
        matchers: [`case="${name}"`, ...silence.matchers].map(apiMatcher),
        startsAt: side.now().toISOString(),
        endsAt: new Date(side.now().getTime() + 24 * hour).toISOString(),
        ...{ createdBy: 'oracle', comment: 'generated' },
      });
      silences.set(silence, made.silenceID);
    }
  }

  return async (companies, phase, more) => {
    await Promise.all(companies.map((one) => changeSilences(one, phase)));
    const now = side.now();
    const changed = companies.flatMap(({ alerts }) =>
      alerts.filter(({ fires }) => (fires[phase] ?? false) !== (fires[phase - 1] ?? false)),
    );
    const posted = changed.map(({ labels, fires }) => ({
      labels,
      ...(fires[phase]
        ? { startsAt: now, endsAt: new Date(now.getTime() + 24 * hour) }
        : { startsAt: new Date(now.getTime() - 1), endsAt: now }),
    }));
    const extra = more === undefined ? [] : [{ labels: more, startsAt: now, endsAt: new Date(now.getTime() + hour) }];
    const headers = { 'content-type': 'application/json', ...side.postHeaders };
    const body = JSON.stringify([...posted, ...extra]);
    const answer = await fetch(`${side.url}/api/v2/alerts`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`alerts: ${answer.status} ${await answer.text()}`);
  };
}

/** `name="value"` as the API has it. */
function apiMatcher(text: string): object {
  const [, name, op = '', value = ''] = /^(\w+)(=~|!~|!=|=)"(.*)"$/.exec(text) ?? [];
  return { name, value, isRegex: op.endsWith('~'), isEqual: op.startsWith('=') };
}

/** What fires, for whom, and whether it is held back, one line each. */
export async function firingOn(side: Side): Promise<string[]> {
  const shown = (await call<Shown[]>(side, 'GET', 'alerts')).filter(isOfCompany);
  return shown
    .map(({ labels, receivers, status }) => {
      const names = [...new Set(receivers.map(({ name }) => side.receiverOf(name)))].sort();
      const inhibited = status.inhibitedBy.length > 0 ? ' inhibited' : '';
      return `${textOf(labels)} for ${names.join(',')}: ${status.silencedBy.length} silences${inhibited}`;
    })
    .sort();
}

/** The groups of each receiver with their alerts, one line each. */
export async function groupsOn(side: Side): Promise<string[]> {
  const groups = (await call<ShownGroup[]>(side, 'GET', 'alerts/groups')).filter(({ alerts }) =>
    alerts.every(isOfCompany),
  );
  return groups
    .flatMap(({ labels, receiver, alerts }) =>
      alerts.map((alert) => `${side.receiverOf(receiver.name)} ${textOf(labels)}: ${textOf(alert.labels)}`),
    )
    .sort();
}

function isOfCompany({ labels }: { labels: Labels }): boolean {
  return labels['case'] !== 'sentinel';
}
