/** `GET /api/v1/status`: what this service is and how it fares. */
import { z } from 'zod';
import { type AnyRoute, route } from '../http/route.ts';
import type { IncidentDeps } from './deps.ts';
import { time } from './fields.ts';
import { burningSql } from './incident-row.ts';

const statusBody = z.object({
  site: z.string(),
  version: z.string(),
  engine: z.enum(['pglite', 'postgres']),
  queue: z.string().describe('What carries the nudges'),
  started_at: time,
  uptime_seconds: z.int(),
  config_version: z.int(),
  channels: z.array(
    z.object({
      name: z.string(),
      configured: z.boolean(),
      in_outbox: z.int().describe('Destinations whose messages are kept in the outbox, because it is not configured'),
    }),
  ),
  emergency_contacts: z.int().describe('How many stand in for members of the groups watchdog and self'),
  outgoing_heartbeat: z
    .object({
      last_sent_at: time.nullable().describe('null: it has never arrived'),
      withheld: z
        .array(z.string())
        .describe('Why it is kept back now: database, schedule_late, backlog, channel_failing, self_check'),
      failing_channels: z.array(z.string()).describe('Names of the channels on which nothing gets through now'),
      failure: z.string().nullable().describe('Why the last one did not arrive'),
    })
    .nullable()
    .describe('What we send to somebody outside while everything is well; null: it is not configured'),
  counts: z.object({
    open_incidents: z.int().describe('Not closed, acknowledged ones included'),
    acknowledged_incidents: z.int(),
    firing_alerts: z
      .int()
      .describe(
        'As the incidents count them: those that are stale or not decided yet fire too, as far as anybody knows',
      ),
    due_notifications: z.int(),
    oldest_due_age_seconds: z.number().nullable().describe('null: nothing is due'),
  }),
});

export type StatusBody = z.infer<typeof statusBody>;

export function statusRoutes(deps: IncidentDeps): AnyRoute[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/status',
      tag: 'meta',
      summary: 'What this service is and how it fares',
      role: 'viewer',
      responses: { 200: { description: 'The status', schema: statusBody } },
      handle: async () => ({ status: 200, body: await readStatus(deps) }),
    }),
  ];
}

async function readStatus(deps: IncidentDeps): Promise<StatusBody> {
  const now = deps.now();
  const { startedAt, channels, site, version, queue, emergencyContacts } = deps.status();
  const counts = await readCounts(deps, now);
  const kept = await keptInOutbox(deps);
  return {
    site,
    version,
    engine: deps.db.engine,
    queue,
    started_at: startedAt.toISOString(),
    uptime_seconds: secondsBetween(startedAt, now),
    config_version: (await deps.snapshot()).version,
    channels: channels.map((c) => ({ ...c, in_outbox: c.configured ? 0 : (kept.get(c.name) ?? 0) })),
    emergency_contacts: emergencyContacts,
    outgoing_heartbeat: await readOutgoing(deps),
    counts: {
      open_incidents: counts.open,
      acknowledged_incidents: counts.acknowledged,
      firing_alerts: counts.firing,
      due_notifications: counts.due,
      oldest_due_age_seconds: counts.oldest === null ? null : secondsBetween(counts.oldest, now),
    },
  };
}

async function readOutgoing({ outgoing }: IncidentDeps): Promise<StatusBody['outgoing_heartbeat']> {
  const facts = await outgoing();
  if (facts === null) return null;
  const { lastSentAt, withheld, failingChannels, failure } = facts;
  return {
    last_sent_at: lastSentAt?.toISOString() ?? null,
    withheld: [...withheld],
    failing_channels: [...failingChannels],
    failure,
  };
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000));
}

async function readCounts({ db }: Pick<IncidentDeps, 'db'>, now: Date) {
  const rows = await db.query<{ open: number; acknowledged: number; firing: number; due: number; oldest: Date | null }>(
    `select i.open, i.acknowledged, a.firing, n.due, n.oldest
     from (select count(*)::int as open, count(acknowledged_at)::int as acknowledged
         from incident where closed_at is null) i,
       (select (${burningSql})::int as firing) a,
       (select count(*)::int as due, min(created_at) as oldest
         from notification where state = 'pending' and next_at <= $1) n`,
    [now],
  );
  return rows.rows[0]!;
}

/** Destinations in the outbox, by the channel that they would be on: an address is `<channel>:<address on it>`. */
async function keptInOutbox({ db }: Pick<IncidentDeps, 'db'>): Promise<Map<string, number>> {
  const rows = await db.query<{ channel: string; count: number }>(
    `select split_part(address, ':', 1) as channel, count(*)::int as count
     from destination where channel = 'outbox' group by 1`,
  );
  return new Map(rows.rows.map((r) => [r.channel, r.count]));
}
