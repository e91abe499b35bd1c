/** One incident with everything around it. */
import { z } from 'zod';
import type { Snapshot } from '../alert/config.ts';
import { membersUntil } from '../alert/members.ts';
import { reasons } from '../alert/reason.ts';
import { activityOf } from '../alert/silence.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Queryable } from '../store/db.ts';
import type { IncidentDeps } from './deps.ts';
import { escalationOf, escalationView, nextStepAt } from './escalation.ts';
import {
  type DestinationColumns,
  destinationColumns,
  destinationOf,
  destinationRef,
  id,
  isoOrNull,
  labels,
  time,
} from './fields.ts';
import { type IncidentRow, incidentItem } from './incident-row.ts';
import { type NextDue, nextDue } from './next-due.ts';
import { readIncidents } from './read-incidents.ts';

/** How many alerts one incident shows; its counts are complete, and `GET /api/v1/alerts?incident=` lists the others. */
const alertsShown = 500;
/** Decisions to look through for what is waited for. */
const stepsRead = 50;

export const incidentDetail = incidentItem.extend({
  members: z
    .array(
      z.object({
        fingerprint: z.string(),
        labels,
        annotations: labels,
        generator_url: z.string().nullable(),
        state: z.enum(['firing', 'resolved', 'stale', 'expired']),
        episode: z.int().describe('0: reported, but not decided yet'),
        since: time,
        ended_at: time.nullable(),
        joined_at: time,
        left_at: time.nullable().describe('An edit of the alert groups moved it elsewhere'),
      }),
    )
    .describe(`Its alerts, firing ones first, at most ${alertsShown}`),
  threads: z
    .array(
      z.object({
        destination: destinationRef,
        sequence: z.int().describe('How many messages of this incident were made for it'),
        joined_at: time.nullable().describe('It became a member later, and waits for the next change'),
        last_accepted_at: time.nullable().describe('When it was last told; null = never'),
      }),
    )
    .describe('Who was told, or is to be told'),
  open_notifications: z.array(
    z.object({
      id,
      destination: destinationRef,
      state: z.enum(['pending', 'sending']),
      reason: z.string(),
      attempts: z.int(),
      next_at: time.nullable(),
      answer: z.string().nullable(),
      remedy: z.string().nullable(),
    }),
  ),
  escalation: escalationView,
  next_due: z.object({
    at: time.nullable(),
    reason: z.enum(reasons).nullable(),
    text: z.string(),
    text_zh: z.string(),
  }),
});
export type IncidentDetail = z.infer<typeof incidentDetail>;

/** @throws HttpProblem 404 */
export async function readIncident(
  deps: Pick<IncidentDeps, 'db' | 'now' | 'snapshot' | 'suppressAt'>,
  incidentId: string,
): Promise<IncidentDetail> {
  const { db } = deps;
  const [found] = await readIncidents(deps, [incidentId]);
  if (found === undefined) throw noIncident(incidentId);
  const { row, item } = found;
  const threads = await readThreads(db, incidentId);
  const snapshot = await deps.snapshot();
  const wholly = item.silenced.alerts > 0 && item.silenced.alerts >= item.alerts.firing;
  const due = await readNextDue(db, {
    ...{ row, threads, snapshot, now: deps.now() },
    hiddenUntil: wholly && item.silenced.until !== null ? new Date(item.silenced.until) : null,
    inhibited: item.alerts.firing > 0 && item.inhibited.alerts >= item.alerts.firing,
  });
  return {
    ...item,
    members: await readMembers(db, incidentId),
    threads: threads.map((t) => ({
      destination: destinationOf(t),
      sequence: t.sequence,
      joined_at: isoOrNull(t.joined_at),
      last_accepted_at: isoOrNull(t.last_accepted_at),
    })),
    open_notifications: await readOpen(db, incidentId),
    escalation: escalationOf(row, snapshot.groupsById.get(row.group_id)),
    next_due: { ...due, at: isoOrNull(due.at) },
  };
}

/** The answer for an incident that is not there. */
export function noIncident(incidentId: string): HttpProblem {
  return new HttpProblem(404, `There is no incident ${incidentId}; closed ones are deleted after the retention time.`);
}

async function readMembers(db: Queryable, incidentId: string): Promise<IncidentDetail['members']> {
  const rows = await db.query<{
    fingerprint: string;
    labels: Record<string, string>;
    annotations: Record<string, string> | null;
    generator_url: string | null;
    state: IncidentDetail['members'][number]['state'];
    episode: number;
    since: Date;
    ended_at: Date | null;
    joined_at: Date;
    left_at: Date | null;
  }>(
    `select a.fingerprint, a.labels, r.annotations, r.generator_url, a.state, a.episode, a.since, a.ended_at, ia.joined_at, ia.left_at
     from incident_alert ia join alert a on a.fingerprint = ia.alert_fingerprint
     left join lateral (select annotations, generator_url from reporter where alert_fingerprint = a.fingerprint
       order by last_seen desc, source_id, fingerprint limit 1) r on true
     where ia.incident_id = $1::bigint
     order by ia.left_at is not null, a.state <> 'firing', a.since desc, a.fingerprint limit $2`,
    [incidentId, alertsShown],
  );
  return rows.rows.map((r) => ({
    ...r,
    annotations: r.annotations ?? {},
    since: r.since.toISOString(),
    ended_at: isoOrNull(r.ended_at),
    joined_at: r.joined_at.toISOString(),
    left_at: isoOrNull(r.left_at),
  }));
}

interface ThreadRow extends DestinationColumns, Record<string, unknown> {
  destination_id: number;
  channel: string;
  address: string;
  destination_name: string;
  sequence: number;
  joined_at: Date | null;
  last_accepted_at: Date | null;
}

async function readThreads(db: Queryable, incidentId: string): Promise<ThreadRow[]> {
  const rows = await db.query<ThreadRow>(
    `select ${destinationColumns}, t.sequence, t.joined_at, t.last_accepted_at
     from thread t join destination d on d.id = t.destination_id where t.incident_id = $1::bigint order by d.id`,
    [incidentId],
  );
  return rows.rows;
}

async function readOpen(db: Queryable, incidentId: string): Promise<IncidentDetail['open_notifications']> {
  const rows = await db.query<
    DestinationColumns & {
      id: string;
      state: 'pending' | 'sending';
      reason: string;
      attempts: number;
      next_at: Date | null;
      answer: string | null;
      remedy: string | null;
    }
  >(
    `select ${destinationColumns}, n.id, n.state, n.reason, n.attempts, n.next_at, n.answer, n.remedy
     from notification n join destination d on d.id = n.destination_id
     where n.incident_id = $1::bigint and n.state in ('pending', 'sending') order by n.id`,
    [incidentId],
  );
  return rows.rows.map((r) => ({
    id: r.id,
    destination: destinationOf(r),
    state: r.state,
    reason: r.reason,
    attempts: r.attempts,
    next_at: isoOrNull(r.next_at),
    answer: r.answer,
    remedy: r.remedy,
  }));
}

async function readNextDue(
  db: Queryable,
  facts: {
    row: IncidentRow;
    threads: readonly ThreadRow[];
    snapshot: Snapshot;
    now: Date;
    hiddenUntil: Date | null;
    inhibited: boolean;
  },
): Promise<NextDue> {
  const { row, threads, snapshot, now, hiddenUntil, inhibited } = facts;
  const waits = await db.query<{ reason: string; until: string }>(
    `select reason, detail->>'until' as until from (
       select * from step where incident_id = $1::bigint and stage = 'converge' order by id desc limit $2) s
     where detail->>'outcome' = 'wait'`,
    [row.id, stepsRead],
  );
  const group = snapshot.groupsById.get(row.group_id);
  const repeatMs = group?.policy.repeatIntervalMs ?? null;
  return nextDue(
    {
      closed: row.closed_at !== null,
      acknowledged: row.acknowledged_at !== null,
      dueAt: row.due_at,
      lastFlushAt: row.last_flush_at,
      undecided: (row.alerts?.undecided ?? 0) > 0,
      waits: waits.rows.map((w) => ({ reason: w.reason, until: new Date(w.until) })),
      silencesTurnAt: snapshot.silences.flatMap((s) => activityOf(s, now).until ?? []),
      ...{
        hiddenUntil,
        inhibited,
        handOverAt: group === undefined ? null : membersUntil(group, now, row.escalated_steps),
      },
      nextStepAt: nextStepAt(row, group),
      remindersAt: threads.flatMap((t) =>
        repeatMs === null || t.last_accepted_at === null ? [] : [new Date(t.last_accepted_at.getTime() + repeatMs)],
      ),
    },
    now,
  );
}
