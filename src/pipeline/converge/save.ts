import type { Queryable } from '../../store/db.ts';
import { digestAwaited } from './converge.ts';
import type { Concluded } from './incident.ts';

/** What has been said to whom about some incidents; keys are `incident destination`. */
export interface Conversations {
  threads: Map<
    string,
    { sequence: number; joinedAt: Date | null; lastAcceptedAt: Date | null; heldUntil: Date | null }
  >;
  /** Conversations with a notification that is not finished. */
  open: Set<string>;
  /** By destination, the alerts that a message on its way tells of: it may have arrived or not. */
  onTheWay: Map<number, Set<string>>;
  /** Destinations whose channel has just been configured. */
  summaryDue: Set<number>;
}

/** A decided incident. */
export interface Settled extends Concluded {
  incidentId: string;
}

/** Loads threads, unfinished notifications and pending summaries of some incidents, and what is on its way of their alerts. */
export async function loadConversations(
  tx: Queryable,
  incidentIds: readonly string[],
  fingerprints: readonly string[],
): Promise<Conversations> {
  const threads = await tx.query<{
    incident_id: string;
    destination_id: number;
    sequence: number;
    joined_at: Date | null;
    last_accepted_at: Date | null;
    held_until: Date | null;
  }>(
    `select incident_id, destination_id, sequence, joined_at, last_accepted_at, held_until from thread
     where incident_id = any($1::bigint[])`,
    [incidentIds],
  );
  const open = await tx.query<{ incident_id: string; destination_id: number }>(
    `select incident_id, destination_id from notification
     where incident_id = any($1::bigint[]) and state in ('pending', 'sending')`,
    [incidentIds],
  );
  const summaries = await tx.query<{ id: number }>('select id from destination where summary_due');
  return {
    threads: new Map(
      threads.rows.map((t) => [
        `${t.incident_id} ${t.destination_id}`,
        { sequence: t.sequence, joinedAt: t.joined_at, lastAcceptedAt: t.last_accepted_at, heldUntil: t.held_until },
      ]),
    ),
    open: new Set(open.rows.map((o) => `${o.incident_id} ${o.destination_id}`)),
    onTheWay: await loadOnTheWay(tx, fingerprints),
    summaryDue: new Set(summaries.rows.map((s) => s.id)),
  };
}

async function loadOnTheWay(tx: Queryable, fingerprints: readonly string[]): Promise<Map<number, Set<string>>> {
  const rows = await tx.query<{ destination_id: number; alert: string }>(
    `select n.destination_id, t.told->>0 as alert from notification n cross join jsonb_array_elements(n.told) as t (told)
     where n.state = 'sending' and n.carrier_id is null and t.told->>0 = any($1::text[])`,
    [fingerprints],
  );
  const onTheWay = new Map<number, Set<string>>();
  for (const { destination_id: id, alert } of rows.rows) onTheWay.set(id, (onTheWay.get(id) ?? new Set()).add(alert));
  return onTheWay;
}

/** A destination that has something to be told from a moment on. */
export interface Delivery {
  id: number;
  at: Date;
}

/** Stores decisions: timers, closes, threads and new notifications. Returns the destinations that have something due. */
export async function saveDecisions(
  tx: Queryable,
  settled: readonly Settled[],
  conversations: Conversations,
  now: Date,
  version: number,
): Promise<Delivery[]> {
  await saveIncidents(tx, settled, now, version);
  const sends = settled.flatMap((s) =>
    [...s.decision.outcomes].flatMap(([destinationId, outcome]) =>
      outcome.kind === 'send' ? [{ settled: s, destinationId, outcome }] : [],
    ),
  );
  await saveThreads(tx, settled, now);
  const hurried = await hurry(tx, settled, now);
  if (sends.length === 0) return dueOnce(hurried, now);
  await tx.query(
    `insert into notification (destination_id, incident_id, sequence, state, reason, priority, next_at, group_version, created_at, together)
     select t.destination_id, t.incident_id, t.sequence, 'pending', t.reason, t.priority, coalesce(t.next_at, $7), t.group_version,
       $7, t.together
     from unnest($1::int[], $2::bigint[], $3::int[], $4::text[], $5::smallint[], $6::int[], $8::timestamptz[], $9::text[])
       as t (destination_id, incident_id, sequence, reason, priority, group_version, next_at, together)
     on conflict (incident_id, destination_id) where state in ('pending', 'sending') do nothing`,
    [
      sends.map((s) => s.destinationId),
      sends.map((s) => s.settled.incidentId),
      sends.map((s) => (conversations.threads.get(`${s.settled.incidentId} ${s.destinationId}`)?.sequence ?? 0) + 1),
      sends.map((s) => s.outcome.reason),
      sends.map((s) => priorityOf(s.settled, s.outcome.difference)),
      sends.map((s) => s.settled.group.version),
      now,
      sends.map((s) => s.outcome.together?.sendAt ?? null),
      sends.map((s) => s.outcome.together?.key ?? null),
    ],
  );
  const gathering = sends.flatMap((s) => (s.outcome.together === null ? [] : [{ s, at: s.outcome.together.sendAt }]));
  const alone = sends.filter((s) => s.outcome.together === null).map((s) => s.destinationId);
  return [...dueOnce([...hurried, ...alone], now), ...gathering.map(({ s, at }) => ({ id: s.destinationId, at }))];
}

function dueOnce(ids: readonly number[], at: Date): Delivery[] {
  return [...new Set(ids)].map((id) => ({ id, at }));
}

/**
 * A critical alert has joined what a waiting notification will tell: it is tried now, and from then on as a critical one,
 * which is not told with what was kept back.
 * One that a claim holds at this moment is left to it.
 */
async function hurry(tx: Queryable, settled: readonly Settled[], now: Date): Promise<number[]> {
  const urgent = settled.flatMap((s) => s.decision.urgent.map((id) => [s.incidentId, id] as const));
  if (urgent.length === 0) return [];
  const rows = await tx.query<{ destination_id: number }>(
    `update notification set priority = 1, next_at = $3, together = null where id in (
       select n.id from unnest($1::bigint[], $2::int[]) as t (incident_id, destination_id)
       join notification n using (incident_id, destination_id)
       where n.state = 'pending' and n.priority = 0 for update of n skip locked)
     returning destination_id`,
    [urgent.map(([incident]) => incident), urgent.map(([, destination]) => destination), now],
  );
  return rows.rows.map((row) => row.destination_id);
}

function priorityOf(
  settled: Settled,
  difference: { fresh: { critical: boolean }[]; resolved: { critical: boolean }[] },
): number {
  if (settled.facts.lane === 'watchdog') return 2;
  return [...difference.fresh, ...difference.resolved].some((a) => a.critical) ? 1 : 0;
}

/**
 * A report that reached an incident after we looked must not find it closed: closing takes the lock that intake's share
 * lock excludes, and an incident that was marked meanwhile stays open and is looked at again.
 */
export async function keepTouchedOpen(tx: Queryable, settled: readonly Settled[], now: Date): Promise<Settled[]> {
  const closing = settled.filter((s) => s.decision.close).map((s) => s.incidentId);
  if (closing.length === 0) return [...settled];
  await tx.query('select id from incident where id = any($1::bigint[]) order by id for update', [closing]);
  const marked = await tx.query<{ incident_id: string }>(
    'select distinct incident_id from incident_due where incident_id = any($1::bigint[])',
    [closing],
  );
  const touched = new Set(marked.rows.map((row) => row.incident_id));
  return settled.map((s) =>
    touched.has(s.incidentId) ? { ...s, decision: { ...s.decision, close: false, dueAt: now } } : s,
  );
}

/** From this many alerts on an incident is not decided with every post that touches it, but after two milliseconds for each, at most 10 s. */
export const largeIncident = 100;

async function saveIncidents(tx: Queryable, settled: readonly Settled[], now: Date, version: number): Promise<void> {
  await tx.query(
    `update incident i set due_at = t.due_at, failures = 0, closed_at = case when t.close then $7::timestamptz end,
       last_flush_at = case when t.flushed then $7 else i.last_flush_at end,
       critical = t.critical, decided_version = $8, alert_count = t.alert_count,
       look_again_at = case when t.alert_count > $10 then $7::timestamptz + least(t.alert_count * 2, 10000) * interval '1 ms' end,
       acknowledged_at = case when t.acknowledged then i.acknowledged_at end,
       acknowledged_by = case when t.acknowledged then i.acknowledged_by end,
       acknowledged_critical = case when t.acknowledged then i.acknowledged_critical end
     from unnest($1::bigint[], $2::timestamptz[], $3::boolean[], $4::boolean[], $5::boolean[], $6::boolean[], $9::int[])
       as t (id, due_at, close, flushed, critical, acknowledged, alert_count)
     where i.id = t.id`,
    [
      settled.map((s) => s.incidentId),
      settled.map((s) => s.decision.dueAt),
      settled.map((s) => s.decision.close),
      settled.map((s) => s.decision.flushed),
      settled.map((s) => s.facts.alerts.some((a) => a.critical && a.state === 'firing')),
      settled.map((s) => s.facts.acknowledged),
      now,
      version,
      settled.map((s) => s.facts.alerts.length),
      largeIncident,
    ],
  );
}

/**
 * Who is a member at a flush has a thread from then on, and is told of later differences without delay; who joins
 * after it gets a thread that remembers when, and waits for the next change or repeat. For which digest something waits is
 * remembered too.
 */
async function saveThreads(tx: Queryable, settled: readonly Settled[], now: Date): Promise<void> {
  const rows = settled.flatMap(({ incidentId, facts, decision }) =>
    facts.destinations.flatMap((d) => {
      const outcome = decision.outcomes.get(d.id);
      const late = decision.lateJoiners.includes(d.id);
      const sends = outcome?.kind === 'send';
      const present = decision.flushed && d.member && d.thread === null && !late;
      const heldUntil = digestAwaited(outcome);
      const moved = heldUntil?.getTime() !== d.heldUntil?.getTime();
      const row = { incidentId, destinationId: d.id, joinedAt: late ? now : null, sends, heldUntil };
      return sends || late || present || moved ? [row] : [];
    }),
  );
  if (rows.length === 0) return;
  await tx.query(
    `insert into thread as h (incident_id, destination_id, sequence, joined_at, held_until)
     select t.incident_id, t.destination_id, t.step, t.joined_at, t.held_until
     from unnest($1::bigint[], $2::int[], $3::int[], $4::timestamptz[], $5::timestamptz[])
       as t (incident_id, destination_id, step, joined_at, held_until)
     on conflict (incident_id, destination_id) do update
       set sequence = h.sequence + excluded.sequence, held_until = excluded.held_until`,
    [
      rows.map((r) => r.incidentId),
      rows.map((r) => r.destinationId),
      rows.map((r) => (r.sends ? 1 : 0)),
      rows.map((r) => r.joinedAt),
      rows.map((r) => r.heldUntil),
    ],
  );
}
