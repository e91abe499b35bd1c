/** Messages for the rendering tests. */
import { labelsOf } from '../../../src/alert/labels.ts';
import type { AlertView, Message, MessagePart } from '../../../src/alert/message.ts';

/** A night in November, 03:16:05 in Shanghai. */
export const sentAt = new Date('2026-11-23T19:16:05Z');

/** `minutes` before the message was written. */
export const ago = (minutes: number) => new Date(sentAt.getTime() - minutes * 60_000);

/** An alert that fires; `labels` and `annotations` are added to those of a broken replica. */
export function alertOf(
  changes: Partial<Omit<AlertView, 'labels' | 'annotations'>> & {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  } = {},
): AlertView {
  const { labels = {}, annotations = {}, ...rest } = changes;
  const all = { alertname: 'ReplicationStopped', cluster: 'prod-a', team: 'db', severity: 'critical', ...labels };
  return {
    fingerprint: JSON.stringify(all),
    labels: labelsOf(Object.entries(all)),
    annotations: labelsOf(Object.entries({ summary: 'The replica has stopped', ...annotations })),
    state: 'firing',
    again: false,
    flapping: null,
    critical: all.severity === 'critical',
    startsAt: ago(4),
    endsAt: null,
    generatorUrl: 'https://prometheus.example.org/graph?g0.expr=mysql_slave_status',
    ...rest,
  };
}

/** One replica by its number. */
export const replica = (n: number, changes: Parameters<typeof alertOf>[0] = {}) =>
  alertOf({ ...changes, labels: { instance: `db-${n}:9104`, ...changes.labels } });

/** An alert that has ended three minutes ago, after eight minutes. */
export const ended = (n: number, state: 'resolved' | 'expired' = 'resolved') =>
  replica(n, { state, startsAt: ago(11), endsAt: ago(3) });

/** One incident: three new, two resolved, five still firing. */
export function partOf(changes: Partial<MessagePart> = {}): MessagePart {
  return {
    incidentId: '1042',
    group: 'database',
    groupLabels: labelsOf([
      ['alertname', 'ReplicationStopped'],
      ['cluster', 'prod-a'],
    ]),
    kind: 'changed',
    sequence: 3,
    fresh: [replica(1), replica(2), replica(3)],
    resolved: [ended(4), ended(5)],
    stillFiring: 5,
    stillFiringSample: [],
    critical: true,
    url: 'https://mm.example.org/incidents/1042',
    acknowledgedBy: null,
    escalatedAfterMs: null,
    ...changes,
  };
}

/** A message to a reader in Shanghai. */
export function messageOf(parts: MessagePart[] = [partOf()], changes: Partial<Message> = {}): Message {
  return {
    messageId: '<mm.0123456789abcdef@mm.example.org>',
    threadId: '<mm.thread.fedcba@mm.example.org>',
    parts,
    locale: 'en',
    timezone: 'Asia/Shanghai',
    site: 'hq',
    externalUrl: 'https://mm.example.org',
    sentAt,
    occasion: null,
    ...changes,
  };
}

const beat = (source: string, changes: Partial<AlertView> = {}) =>
  alertOf({
    labels: { alertname: 'HeartbeatLost', heartbeat: 'prom-a', source, site: source, prometheus: 'mon/a' },
    annotations: { summary: `Heartbeat prom-a from source ${source} is lost` },
    ...changes,
  });

/** A lost heartbeat, or one that came back. */
export function watchdogPart(state: 'lost' | 'back', sources: string[] = ['az-a']): MessagePart {
  return partOf({
    group: 'watchdog',
    kind: 'watchdog',
    groupLabels: labelsOf([
      ['alertname', 'HeartbeatLost'],
      ['heartbeat', 'prom-a'],
    ]),
    fresh: state === 'lost' ? sources.map((source) => beat(source)) : [],
    resolved:
      state === 'back' ? sources.map((s) => beat(s, { state: 'resolved', startsAt: ago(30), endsAt: ago(1) })) : [],
    stillFiring: 0,
  });
}

/** One of each kind, by name. */
export function everyKind(): Record<string, MessagePart[]> {
  const opened = partOf({ kind: 'opened', sequence: 1, resolved: [], stillFiring: 0, fresh: [replica(1)] });
  return {
    opened: [opened],
    changed: [partOf()],
    again: [partOf({ fresh: [replica(1, { again: true })], resolved: [], acknowledgedBy: 'Li Wei' })],
    repeat: [
      partOf({ kind: 'repeat', fresh: [], resolved: [], stillFiring: 2, stillFiringSample: [replica(1), replica(2)] }),
    ],
    resolved: [partOf({ kind: 'resolved', fresh: [], stillFiring: 0, critical: true })],
    expired: [partOf({ kind: 'resolved', fresh: [], resolved: [ended(1, 'expired')], stillFiring: 0 })],
    merged: [
      partOf({
        incidentId: '7',
        critical: false,
        groupLabels: labelsOf([['alertname', 'DiskFull']]),
        group: 'storage',
      }),
      partOf({ resolved: [] }),
    ],
    summary: [opened, { ...opened, incidentId: '7', stillFiring: 4 }].map((part) => ({
      ...part,
      kind: 'summary' as const,
    })),
    lost: [watchdogPart('lost')],
    back: [watchdogPart('back')],
    test: [partOf({ kind: 'test', fresh: [], resolved: [], stillFiring: 0, critical: false })],
  };
}
