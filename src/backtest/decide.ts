/** Decisions of a replay: the facts of an incident as they stand, and what follows from them. */

import { converge, type Decision, type DestinationFacts, type IncidentFacts } from '../pipeline/converge/converge.ts';
import { isAcknowledged, muteTurns } from '../pipeline/converge/decide.ts';
import type { Members } from '../pipeline/converge/destinations.ts';
import { noHolds } from '../pipeline/converge/hold.ts';
import { largeIncident } from '../pipeline/converge/save.ts';
import type { Inhibitions } from './inhibitions.ts';
import type { Silenced } from './silences.ts';
import type { TruthFinder, Truths } from './truths.ts';
import { type Destination, type Incident, never } from './world.ts';

/** What decisions of one configuration go by. */
export interface DecideParts {
  members: Pick<Members, 'at' | 'until'>;
  silenced: (now: Date) => Silenced;
  inhibitions: Inhibitions;
  truths: TruthFinder;
  destination: (id: number) => Destination;
}

/** A decided incident. */
export interface Decided {
  facts: IncidentFacts;
  decision: Decision;
}

const nothingOnTheWay: ReadonlySet<string> = new Set();

/** Decides one incident whose alerts have been derived, and moves its timers. Whom to tell is left to the caller. */
export function decideIncident(parts: DecideParts, incident: Incident, now: Date): Decided {
  const truths = parts.truths.of(incident, now);
  const facts = factsOf(parts, incident, { truths, now });
  const decision = converge(facts, now);
  const inhibitions = truths.suppressions.flatMap((s) => (s.reason === 'inhibited' ? s : []));
  parts.inhibitions.wait(incident, decision.close ? [] : inhibitions);
  settle(incident, { facts, decision }, now);
  return { facts, decision };
}

function factsOf(
  parts: DecideParts,
  incident: Incident,
  { truths, now }: { truths: Truths; now: Date },
): IncidentFacts {
  const { group, lane } = incident;
  const { alerts } = truths;
  const row = { acknowledged_at: incident.acknowledgedAt, acknowledged_critical: incident.acknowledgedCritical };
  return {
    ...{ lane, alerts, policy: group.policy, muted: truths.group.muted, lastFlushAt: incident.lastFlushAt },
    acknowledged: isAcknowledged(row, alerts),
    holds: noHolds,
    destinations: destinationsOf(parts, incident, now),
    nextChangeAt: nextChange(parts, incident, { truths, now }),
  };
}

/** When the truth may change without a report: silences and mute times begin or end, somebody else comes on call. */
function nextChange(
  { members, silenced }: DecideParts,
  { group, lane }: Incident,
  { truths, now }: { truths: Truths; now: Date },
): Date | null {
  const { from } = silenced(now);
  const until: (Date | null)[] = [members.until(group.id, now, 0)];
  for (const { truth, by } of truths.each) {
    if (by?.reason === 'silenced') until.push(by.until);
    if (by === null && truth.state === 'firing') until.push(from({ labels: truth.labels, lane }));
  }
  if (lane !== 'watchdog') until.push(...muteTurns(group.policy, truths.group.muted, now));
  return earliest(until);
}

/** Members, and whoever was told of what fires. Providers answer at once, so nothing is ever on its way. */
function destinationsOf({ members, destination }: DecideParts, incident: Incident, now: Date): DestinationFacts[] {
  const present = members.at(incident.group.id, now, 0);
  const ids = new Set(present);
  for (const { toldTo } of incident.alerts) for (const id of toldTo) ids.add(id);
  return [...ids].map((id) => ({
    id,
    member: present.includes(id),
    receipts: destination(id).receipts,
    thread: incident.threads.get(id) ?? null,
    open: incident.open.has(id),
    onTheWay: nothingOnTheWay,
    summaryDue: false,
    escalatedBy: null,
  }));
}

function earliest(times: readonly (Date | null)[]): Date | null {
  const first = times.reduce((least, at) => (at === null ? least : Math.min(least, at.getTime())), never);
  return first === never ? null : new Date(first);
}

/** What `saveDecisions` stores. */
function settle(incident: Incident, { facts, decision }: Decided, now: Date): void {
  const { dueAt, close, flushed } = decision;
  incident.dueAt = dueAt?.getTime() ?? never;
  if (close) incident.closedAt = now.getTime();
  if (flushed) incident.lastFlushAt = now;
  if (!facts.acknowledged) incident.acknowledgedAt = null;
  const alerts = facts.alerts.length;
  incident.lookAgainAt = alerts > largeIncident ? now.getTime() + Math.min(alerts * 2, 10_000) : 0;
  for (const { id, member, thread } of facts.destinations) {
    if (thread !== null) continue;
    const late = decision.lateJoiners.includes(id);
    const sends = decision.outcomes.get(id)?.kind === 'send';
    if (!sends && !late && !(flushed && member)) continue;
    incident.threads.set(id, { joinedAt: late ? now : null, lastAcceptedAt: null });
  }
}
