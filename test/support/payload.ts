/** Alertmanager's webhook payload, version 4, as tests write it. */
export interface AlertSpec {
  labels: Record<string, string>;
  status?: 'firing' | 'resolved';
  startsAt?: Date | string;
  endsAt?: Date | string;
  annotations?: Record<string, string>;
  generatorURL?: string;
}

/** Builds one post of one Alertmanager group. */
export function payload(alerts: readonly AlertSpec[], more: Record<string, unknown> = {}): Record<string, unknown> {
  const firing = alerts.some((a) => (a.status ?? 'firing') === 'firing');
  return {
    version: '4',
    groupKey: '{}:{}',
    truncatedAlerts: 0,
    status: firing ? 'firing' : 'resolved',
    receiver: 'monitor-manager',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example:9093',
    alerts: alerts.map((a) => ({
      status: a.status ?? 'firing',
      labels: a.labels,
      annotations: a.annotations ?? {},
      startsAt: iso(a.startsAt ?? new Date(0)),
      endsAt: a.endsAt === undefined ? '0001-01-01T00:00:00Z' : iso(a.endsAt),
      generatorURL: a.generatorURL ?? 'http://prometheus.example:9090/graph?g0.expr=up',
      fingerprint: '0000000000000000',
    })),
    ...more,
  };
}

function iso(time: Date | string): string {
  return typeof time === 'string' ? time : time.toISOString();
}
