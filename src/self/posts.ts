import type { Trouble } from './troubles.ts';

/** A body of a known source that was not accepted. */
export function refusedBody(source: string, why: string): Trouble {
  return {
    name: 'WebhookRefused',
    labels: { source },
    summary: `A post of source ${source} was refused: ${why}`,
    description: `What was refused is not sent again at once: its alerts are missing here until one of its next posts is accepted.`,
  };
}

/** What is wrong with an accepted post. */
export function postTroubles(
  source: string,
  post: { quarantined: readonly { reason: string }[]; truncatedAlerts: number } | null,
): Trouble[] {
  const troubles: Trouble[] = [];
  const [first] = post?.quarantined ?? [];
  if (first !== undefined) {
    troubles.push({
      name: 'AlertsQuarantined',
      labels: { source },
      summary: `Source ${source} posts alerts that cannot be understood: ${first.reason}`,
      description: `They are kept under /api/v1/quarantine; nobody is told of them.`,
    });
  }
  if (post !== null && post.truncatedAlerts > 0) {
    troubles.push({
      name: 'AlertsTruncated',
      labels: { source },
      summary: `Alertmanager ${source} leaves alerts out of its posts`,
      description: `${post.truncatedAlerts} alerts were cut by max_alerts. Set max_alerts: 0 in its webhook_configs.`,
    });
  }
  return troubles;
}
