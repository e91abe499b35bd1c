import type { Receipt } from '../../alert/alert.ts';
import type { Digest } from '../../alert/digest.ts';
import type { Queryable } from '../../store/db.ts';
import type { DestinationFacts } from './converge.ts';
import type { Conversations } from './save.ts';

/** An incident that is being decided, and whom its alert group tells now. */
export interface Listening {
  incidentId: string;
  /** Fingerprints of its alerts. */
  alerts: readonly string[];
  /** Destinations. */
  members: readonly number[];
  /** The escalation step that has called a destination in; null: none has. */
  escalatedBy: (id: number) => number | null;
  /** When a destination is told what is not critical; null: at once. */
  digestOf: (id: number) => Digest | null;
}

/** What destinations have been told so far. */
export interface Said {
  receipts: ReadonlyMap<number, ReadonlyMap<string, Receipt>>;
  conversations: Conversations;
}

/** A destination that knows of an alert, or is just being told, though it is no member of an incident that holds it. */
interface Outsider {
  incidentId: string;
  alert: string;
  destinationId: number;
}

/**
 * Who is concerned by each of these incidents: the members of its alert group, and whoever knows that one of its alerts
 * fires and has to hear of the end (rule 8). Of an alert that several alert groups hold, that end comes from those that
 * told of the beginning.
 */
export async function loadAudience(
  tx: Queryable,
  channels: readonly string[],
  said: Said,
  listening: readonly Listening[],
): Promise<{ of(incidentId: string): DestinationFacts[] }> {
  const unreachable = await loadUnreachable(tx, channels);
  const outsiders = listening.flatMap((one) => outsidersOf(one, said));
  const told = ({ incidentId, destinationId }: Outsider) =>
    said.conversations.threads.has(`${incidentId} ${destinationId}`);
  const concerned = [
    ...outsiders.filter(told),
    ...(await withoutOtherHolders(
      tx,
      outsiders.filter((o) => !told(o)),
      said.receipts,
    )),
  ];
  const ids = new Map(listening.map((one) => [one.incidentId, new Set(one.members)]));
  for (const { incidentId, destinationId } of concerned) ids.get(incidentId)?.add(destinationId);
  const facts = listening.map((one) => {
    const reached = [...(ids.get(one.incidentId) ?? [])].filter((id) => !unreachable.has(id));
    return [one.incidentId, reached.map((id) => factsOf(one, id, said))] as const;
  });
  const byIncident = new Map(facts);
  return { of: (incidentId) => byIncident.get(incidentId) ?? [] };
}

/** Destinations on a channel that is no longer configured: what they were told waits until it is again. */
async function loadUnreachable(tx: Queryable, channels: readonly string[]): Promise<Set<number>> {
  const { rows } = await tx.query<{ id: number }>('select id from destination where channel <> all($1::text[])', [
    channels,
  ]);
  return new Set(rows.map((row) => row.id));
}

/** Who knows that alerts of an incident fire, or is just being told, and is no member of it. */
function outsidersOf(one: Listening, { receipts, conversations }: Said): Outsider[] {
  const knows = (state: Receipt['state'] | undefined) => state === 'firing' || state === 'flapping';
  const { incidentId, alerts, members } = one;
  const others = new Set([...receipts.keys(), ...conversations.onTheWay.keys()]);
  for (const id of members) others.delete(id);
  return [...others].flatMap((destinationId) =>
    alerts
      .filter(
        (f) => knows(receipts.get(destinationId)?.get(f)?.state) || conversations.onTheWay.get(destinationId)?.has(f),
      )
      .map((alert) => ({ incidentId, alert, destinationId })),
  );
}

/**
 * Outsiders whom no other incident that holds the alert has told: an edit has moved the alert here, and its end is ours to
 * tell. An incident that closed after they were told has told the end, or did not want to.
 */
async function withoutOtherHolders(
  tx: Queryable,
  outsiders: readonly Outsider[],
  receipts: Said['receipts'],
): Promise<readonly Outsider[]> {
  if (outsiders.length === 0) return outsiders;
  const { rows } = await tx.query<{ n: number }>(
    `select t.n::int from unnest($1::bigint[], $2::text[], $3::int[], $4::timestamptz[])
       with ordinality as t (incident_id, alert, destination_id, told_at, n)
     where exists (
       select from incident_alert p join thread h using (incident_id) join incident i on i.id = p.incident_id
       where p.alert_fingerprint = t.alert and p.left_at is null and p.incident_id <> t.incident_id
         and h.destination_id = t.destination_id and (i.closed_at is null or i.closed_at >= t.told_at))`,
    [
      outsiders.map((s) => s.incidentId),
      outsiders.map((s) => s.alert),
      outsiders.map((s) => s.destinationId),
      outsiders.map((s) => receipts.get(s.destinationId)?.get(s.alert)?.toldAt ?? null),
    ],
  );
  const held = new Set(rows.map((row) => row.n));
  return outsiders.filter((_, index) => !held.has(index + 1));
}

function factsOf(
  { incidentId, alerts, members, escalatedBy, digestOf }: Listening,
  id: number,
  said: Said,
): DestinationFacts {
  const { receipts, conversations } = said;
  return {
    id,
    member: members.includes(id),
    receipts: receipts.get(id) ?? new Map(),
    thread: conversations.threads.get(`${incidentId} ${id}`) ?? null,
    open: conversations.open.has(`${incidentId} ${id}`),
    onTheWay: new Set(alerts.filter((f) => conversations.onTheWay.get(id)?.has(f))),
    summaryDue: conversations.summaryDue.has(id),
    escalatedBy: escalatedBy(id),
    digest: digestOf(id),
    heldUntil: conversations.threads.get(`${incidentId} ${id}`)?.heldUntil ?? null,
  };
}
