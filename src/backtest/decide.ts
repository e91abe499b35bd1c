/** Decisions of a replay: the facts of incidents as they stand in memory, and what follows from them. */
import type { Receipt } from '../alert/alert.ts';
import { type DestinationFacts, digestAwaited } from '../pipeline/converge/converge.ts';
import type { Members } from '../pipeline/converge/destinations.ts';
import { type Around, type Concluded, conclude, type Looked, look } from '../pipeline/converge/incident.ts';
import { largeIncident } from '../pipeline/converge/save.ts';
import type { Inhibitions } from './inhibitions.ts';
import type { Silenced } from './silences.ts';
import type { Storms } from './storms.ts';
import type { TruthFinder } from './truths.ts';
import { type Destination, type Incident, never, type Replayed } from './world.ts';

/** What decisions of one configuration go by. */
export interface DecideParts {
  members: Pick<Members, 'at' | 'until'>;
  silenced: (now: Date) => Silenced;
  inhibitions: Inhibitions;
  storms: Storms;
  truths: TruthFinder;
  destination: (id: number) => Destination;
}

/** A decided incident. */
export interface Decided extends Concluded {
  incident: Incident;
}

const nothingOnTheWay: ReadonlySet<string> = new Set();
const noReceipts: Around['receipts'] = new Map();

/**
 * Decides incidents whose alerts have been derived, as one transaction does, and moves their timers. Whom to tell is left to
 * the caller.
 */
export function decideTogether(parts: DecideParts, incidents: readonly Incident[], now: Date): Decided[] {
  const looks = incidents.map((incident) => {
    const truths = parts.truths.of(incident, now);
    return { incident, looked: look(incident, truths, aroundOf(parts, incident, now), now), alerts: truths.alerts };
  });
  parts.storms.count(looks, now);
  return looks.map(({ incident, looked }) => {
    const destinations = destinationsOf(parts, incident, looked);
    const decided = { incident, ...conclude(looked, { destinations, storm: parts.storms.of(incident.group) }, now) };
    settle(parts, decided, now);
    return decided;
  });
}

function aroundOf({ members, silenced, destination }: DecideParts, incident: Incident, now: Date): Around {
  return {
    members,
    silencedFrom: silenced(now).from,
    lookAt: () => null,
    receipts: incident.group.escalation.length === 0 ? noReceipts : receiptsOf(incident, destination),
  };
}

/** Of whoever knows that one of its alerts fires. */
function receiptsOf(
  { alerts }: Incident,
  destination: (id: number) => Destination,
): Map<number, ReadonlyMap<string, Receipt>> {
  const ids = new Set([...alerts].flatMap(({ toldTo }) => [...toldTo]));
  return new Map([...ids].map((id) => [id, destination(id).receipts]));
}

/**
 * Members, and whoever the incident has told of what fires. Whom another one has told hears the end from that one: nothing
 * moves alerts in a replay. Providers answer at once, so nothing is ever on its way.
 */
function destinationsOf(
  { destination }: DecideParts,
  { alerts, threads, open }: Incident,
  { members, escalatedBy }: Looked,
): DestinationFacts[] {
  const factsOf = (id: number, member: boolean): DestinationFacts => {
    const { receipts, address } = destination(id);
    const thread = threads.get(id) ?? null;
    return {
      id,
      member,
      receipts,
      thread,
      open: open.has(id),
      onTheWay: nothingOnTheWay,
      summaryDue: false,
      escalatedBy: escalatedBy(id),
      digest: address.digest,
      heldUntil: thread?.heldUntil ?? null,
    };
  };
  const facts = members.map((id) => factsOf(id, true));
  for (const id of threads.keys()) if (!members.includes(id) && knows(alerts, id)) facts.push(factsOf(id, false));
  return facts;
}

function knows(alerts: ReadonlySet<Replayed>, id: number): boolean {
  for (const { toldTo } of alerts) if (toldTo.has(id)) return true;
  return false;
}

/** What `saveDecisions` and what follows it store. */
function settle({ inhibitions }: DecideParts, decided: Decided, now: Date): void {
  const { incident, facts, decision, escalation, suppressions } = decided;
  const { dueAt, close, flushed } = decision;
  incident.dueAt = dueAt?.getTime() ?? never;
  if (close) incident.closedAt = now.getTime();
  if (flushed) incident.lastFlushAt = now;
  if (!facts.acknowledged) incident.acknowledgedAt = null;
  incident.critical = facts.alerts.some((a) => a.critical && a.state === 'firing');
  incident.escalation = escalation.after;
  const alerts = facts.alerts.length;
  incident.lookAgainAt = alerts > largeIncident ? now.getTime() + Math.min(alerts * 2, 10_000) : 0;
  inhibitions.wait(incident, close ? [] : suppressions.flatMap((s) => (s.reason === 'inhibited' ? s : [])));
  openThreads(decided, now);
}

/** What `saveThreads` stores. */
function openThreads({ incident, facts, decision: { outcomes, lateJoiners, flushed } }: Decided, now: Date): void {
  for (const { id, member, thread, heldUntil: before } of facts.destinations) {
    const outcome = outcomes.get(id);
    const heldUntil = digestAwaited(outcome);
    if (thread !== null && heldUntil === before) continue;
    const late = lateJoiners.includes(id);
    const known = thread !== null || late || heldUntil !== null || outcome?.kind === 'send' || (flushed && member);
    if (!known) continue;
    const { joinedAt = late ? now : null, lastAcceptedAt = null } = thread ?? {};
    incident.threads.set(id, { joinedAt, lastAcceptedAt, heldUntil });
  }
}
