/**
 * One incident as it is decided: what is true of it, and what follows. The service loads and saves rows around it, a backtest
 * keeps everything in memory; what they decide is the same. Pure.
 */
import type { AlertTruth, Lane } from '../../alert/alert.ts';
import type { AlertGroup, Policy } from '../../alert/config.ts';
import { type Muted, mutedFrom } from '../../alert/mute-time.ts';
import { converge, type Decision, type IncidentFacts } from './converge.ts';
import type { Members } from './destinations.ts';
import {
  afterTelling,
  type Escalated,
  type Escalation,
  type EscalationFacts,
  escalate,
  nextLook,
  stepNaming,
} from './escalation.ts';
import { type Gates, gatesOf, type Suppressor, truthOf } from './gates.ts';
import { holdsOf, noHolds } from './hold.ts';
import type { StoredAlert } from './load.ts';
import type { StormState } from './storm.ts';

/** What is true of the alerts of an incident at a moment. */
export interface Truths {
  stored: readonly StoredAlert[];
  /** In the same order. */
  alerts: readonly AlertTruth[];
  /** What suppresses each, in the same order; null: nothing does. */
  by: readonly (Suppressor | null)[];
  /** The alert group tells nobody; null: it does. */
  muted: Muted | null;
}

/**
 * The truth of alerts that an alert group with this policy holds.
 *
 * @param before what was true earlier of these alerts, in the same order and without those that have come since: of an alert
 *   that is still the same object it is not worked out again
 */
export function truthsOf(
  stored: readonly StoredAlert[],
  policy: Policy,
  gates: Gates,
  now: Date,
  before: Truths | null = null,
): Truths {
  const ofGroup = gatesOf(policy, now);
  const alerts: AlertTruth[] = [];
  const suppressors: (Suppressor | null)[] = [];
  for (const alert of stored) {
    const same = before !== null && before.stored[alerts.length] === alert;
    const { truth, by } = truthOf(alert, gates, ofGroup, same ? before.alerts[alerts.length] : undefined);
    alerts.push(truth);
    suppressors.push(by);
  }
  return { stored, alerts, by: suppressors, muted: ofGroup.muted };
}

/** Everything that suppresses one of the alerts, once for each. */
export function suppressorsIn({ by }: Truths): Suppressor[] {
  return by.filter((one) => one !== null);
}

/** An incident as earlier decisions and people have left it. */
export interface Standing {
  lane: Lane;
  group: AlertGroup;
  /** When it last told somebody of a change. */
  lastFlushAt: Date | null;
  acknowledgedAt: Date | null;
  /** Something critical fired in it then. */
  acknowledgedCritical: boolean | null;
  escalation: Escalation;
}

/** What is around an incident. */
export interface Around {
  members: Pick<Members, 'at' | 'until'>;
  /** When a silence will hide an alert that none hides now; null: none will. */
  silencedFrom: (alert: StoredAlert) => Date | null;
  /** When an alert may change without a report; null: it will not. */
  lookAt: (alert: StoredAlert) => Date | null;
  /** What destinations were told; of those that do not know that an alert fires nothing is asked. */
  receipts: EscalationFacts['receipts'];
}

/** What is seen of an incident before it is known whom it concerns. */
export interface Looked {
  standing: Standing;
  truths: Truths;
  seen: Pick<IncidentFacts, 'acknowledged' | 'nextChangeAt'>;
  escalation: Escalation;
  unheard: EscalationFacts;
  /** Destinations of who is a member now. */
  members: readonly number[];
  /** The escalation step by which a destination is a member; null: it is one without any, or none. */
  escalatedBy: (id: number) => number | null;
}

/** Looks at an incident: what is acknowledged, which escalation steps are reached, whom it tells. */
export function look(standing: Standing, truths: Truths, around: Around, now: Date): Looked {
  const { group } = standing;
  const membersAt = (steps: number) => around.members.at(group.id, now, steps);
  const acknowledged = isAcknowledged(standing, truths.alerts);
  const unheard: EscalationFacts = {
    steps: group.escalation,
    acknowledged,
    alerts: truths.alerts,
    receipts: around.receipts,
    heard: membersAt(0).length > 0,
    groupWaitMs: group.policy.groupWaitMs,
  };
  const escalation = escalate(standing.escalation, unheard, now);
  return {
    standing,
    truths,
    escalation,
    unheard,
    members: membersAt(escalation.reached),
    seen: { acknowledged, nextChangeAt: nextChange(standing, escalation.reached, { truths, around }, now) },
    escalatedBy: (id) => stepNaming(id, escalation.reached, membersAt),
  };
}

/** What is decided of an incident. */
export interface Concluded {
  group: AlertGroup;
  facts: IncidentFacts;
  decision: Decision;
  /** What keeps some of its alerts from being told. */
  suppressions: readonly Suppressor[];
  escalation: Escalated;
}

/** Decides an incident that has been looked at. */
export function conclude(
  { standing, truths, seen, escalation, unheard }: Looked,
  { destinations, storm }: Pick<IncidentFacts, 'destinations'> & { storm: StormState | null },
  now: Date,
): Concluded {
  const { group, lane, lastFlushAt } = standing;
  const facts: IncidentFacts = {
    lane,
    lastFlushAt,
    alerts: truths.alerts,
    policy: group.policy,
    muted: truths.muted,
    holds: lane === 'watchdog' ? noHolds : holdsOf(group, storm, now),
    destinations,
    ...seen,
  };
  const decision = converge(facts, now);
  const after = afterTelling(escalation, unheard, decision.flushed, now);
  return {
    group,
    facts,
    suppressions: suppressorsIn(truths),
    decision: lookingAgain(decision, nextLook(after, unheard)),
    escalation: { before: standing.escalation, after, steps: group.escalation },
  };
}

/** A higher severity than the one that was acknowledged lifts the acknowledgement (rule 7). */
function isAcknowledged({ acknowledgedAt, acknowledgedCritical }: Standing, alerts: readonly AlertTruth[]): boolean {
  if (acknowledgedAt === null) return false;
  return acknowledgedCritical === true || !alerts.some((a) => a.critical && a.state === 'firing');
}

/** When the truth may change without a report. */
function nextChange(
  { group, lane }: Standing,
  steps: number,
  { truths, around }: { truths: Truths; around: Around },
  now: Date,
): Date | null {
  const { stored, by, muted } = truths;
  const { members, silencedFrom, lookAt } = around;
  // Who comes on call then is a new member, and was told nothing yet.
  let first = members.until(group.id, now, steps);
  stored.forEach((alert, i) => {
    const suppressor = by[i] ?? null;
    if (suppressor?.reason === 'silenced') first = sooner(first, suppressor.until);
    if (suppressor === null && alert.state === 'firing') first = sooner(first, silencedFrom(alert));
    first = sooner(first, lookAt(alert));
  });
  if (lane === 'watchdog') return first;
  // When a group falls silent or speaks again: *explain* shall say so from that moment on.
  return sooner(first, muted === null ? mutedFrom(group.policy, now) : muted.until);
}

function lookingAgain(decision: Decision, at: Date | null): Decision {
  if (at === null || decision.close) return decision;
  return { ...decision, dueAt: sooner(decision.dueAt, at) };
}

function sooner(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return other.getTime() < one.getTime() ? other : one;
}
