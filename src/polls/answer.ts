/** The consistency board as the API shows it. */
import { z } from 'zod';

const count = z.int().min(0);
const at = z.iso.datetime();

const member = z.object({
  kind: z.enum(['alertmanager', 'prometheus']),
  name: z.string().describe('Empty: the Prometheus'),
  state: z
    .enum(['answers', 'missed', 'away', 'not_asked', 'pending'])
    .describe(
      'missed: not the last time; away: not for polls.misses times; not_asked: it has no api_url; pending: not yet',
    ),
  polled_at: at.nullable(),
  ok_at: at.nullable().describe('When it last answered'),
  error: z.string().nullable().describe('Why it did not answer the last time'),
  version: z.string().nullable(),
  cluster: z.string().nullable().describe('ready, settling or disabled'),
  peers: count.nullable().describe('Members of the cluster that it sees'),
  skew_ms: z.int().nullable().describe('By how much its clock is ahead of ours'),
  alerts: count.nullable().describe('How many it holds'),
});

const finding = z.object({
  kind: z.enum(['missed_alert', 'missed_resolve']),
  fingerprint: z.string(),
  labels: z.record(z.string(), z.string()),
  since: at.describe('The first poll that showed it'),
  found_at: at,
});

const source = z.object({
  name: z.string(),
  site: z.string(),
  kind: z.enum(['alertmanager', 'prometheus']),
  last_post_at: at.nullable(),
  quiet: z.boolean(),
  posts_per_minute: z.number().describe('On average over the last ten minutes, as this replica counted'),
  reported: count.describe('Alerts that it reported for the first time in the last 24 hours'),
  shared: count.describe('Those of them that another source reported too'),
  lacking: count.describe(
    'Alerts of sources with which it shares at least half that it has not reported itself within 10 minutes',
  ),
  median_delay_ms: z
    .number()
    .nullable()
    .describe('Of what it shares: how long after the first of them it was reported here'),
  worst_delay_ms: z.number().nullable(),
  missed_alerts: count.describe('Found by polls in the last 24 hours'),
  missed_resolves: count,
  findings: z.array(finding).describe('The newest'),
  receivers: z.array(z.string()).describe('Of its Alertmanagers, by which it posts here'),
  members: z.array(member),
});

export const consistencyAnswer = z.object({ from: at, to: at, sources: z.array(source) });
export type ConsistencyAnswer = z.infer<typeof consistencyAnswer>;
