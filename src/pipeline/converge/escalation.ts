/** When nobody acknowledges an incident: who is told next, and when (升级通知). Pure. */
import type { AlertTruth, Receipt } from '../../alert/alert.ts';
import type { EscalationStep } from '../../alert/config.ts';
import { formatDuration } from '../../alert/duration.ts';
import type { Step } from '../steps.ts';

/** How far the escalation of an incident has come. */
export interface Escalation {
  /** Since when, without a break, something fires that could be told and that nobody has acknowledged; null: just now it is not so. */
  since: Date | null;
  /** How many steps are reached; that never becomes less. */
  reached: number;
}

/** What decides it. */
export interface EscalationFacts {
  steps: readonly EscalationStep[];
  acknowledged: boolean;
  alerts: readonly AlertTruth[];
  /** What every destination was told. */
  receipts: ReadonlyMap<number, ReadonlyMap<string, Pick<Receipt, 'episode' | 'state'>>>;
  /** Somebody is there to be told before any step. */
  heard: boolean;
  groupWaitMs: number;
}

/** Before anybody is told: which steps are reached by now. The time begins with the first message, so {@link afterTelling} follows. */
export function escalate(before: Escalation, facts: EscalationFacts, now: Date): Escalation {
  const { steps, alerts } = facts;
  if (!counts(facts)) return { since: null, reached: before.reached };
  const since = before.since ?? (wasTold(facts, now) ? now : null);
  // A source that has gone quiet, and an end that does not count yet, stop no clock; but on their account nobody is called.
  if (since === null || !alerts.some(fires)) return { since, reached: before.reached };
  const due = steps.filter((step) => since.getTime() + step.afterMs <= now.getTime()).length;
  return { since, reached: Math.max(before.reached, due) };
}

/** What a decision makes of the escalation of an incident. */
export interface Escalated {
  before: Escalation;
  after: Escalation;
  steps: readonly EscalationStep[];
}

/** Once it is decided who is told: the first message sets the clock going. */
export function afterTelling(escalation: Escalation, facts: EscalationFacts, told: boolean, now: Date): Escalation {
  return escalation.since === null && told && counts(facts) ? { ...escalation, since: now } : escalation;
}

/** When it has to be looked at for the next step; null: by itself never. */
export function nextLook({ since, reached }: Escalation, facts: EscalationFacts): Date | null {
  const next = facts.steps[reached];
  if (next === undefined || facts.acknowledged) return null;
  // While nothing of it fires no step is reached, however often it is looked at: what fires again is news of its own.
  if (since !== null) return facts.alerts.some(fires) ? new Date(since.getTime() + next.afterMs) : null;
  return facts.heard ? null : earliestFlush(facts);
}

/** The step by which a destination is a member: null for who is one without any. */
export function stepNaming(
  id: number,
  reached: number,
  membersAt: (steps: number) => readonly number[],
): number | null {
  for (let steps = 1; steps <= reached; steps++) {
    if (membersAt(steps - 1).includes(id)) return null;
    if (membersAt(steps).includes(id)) return steps;
  }
  return null;
}

/** What *explain* says of the steps that an incident has just reached. */
export function reachedSteps(
  incident: Pick<Step, 'incidentId' | 'groupVersion'>,
  { before, after, steps }: Escalated,
): Step[] {
  return steps.slice(before.reached, after.reached).map((step, index) => ({
    ...incident,
    stage: 'converge',
    reason: 'escalated',
    detail: { step: before.reached + index + 1, after: formatDuration(step.afterMs) },
  }));
}

function counts({ steps, acknowledged, alerts }: EscalationFacts): boolean {
  return steps.length > 0 && !acknowledged && alerts.some(lasts);
}

/** It could be told, were it news. */
function isOpen({ suppressedBy, pendingUntil }: AlertTruth): boolean {
  return suppressedBy === null && pendingUntil === null;
}

function fires(alert: AlertTruth): boolean {
  return isOpen(alert) && alert.state === 'firing';
}

function lasts(alert: AlertTruth): boolean {
  return isOpen(alert) && (alert.state === 'firing' || alert.state === 'stale' || goesOn(alert));
}

/** It has ended, and nobody is told that yet. */
function goesOn({ keptUntil, flappingUntil }: AlertTruth): boolean {
  return keptUntil !== null || flappingUntil !== null;
}

/** Somebody knows of it; or nobody is there to be told, and would have been by now. */
function wasTold(facts: EscalationFacts, now: Date): boolean {
  const { alerts, receipts, heard } = facts;
  const flush = heard ? null : earliestFlush(facts);
  if (flush !== null && flush <= now) return true;
  return [...receipts.values()].some((of) =>
    alerts.filter(lasts).some((alert) => {
      const receipt = of.get(alert.fingerprint);
      const known = receipt?.state === 'firing' || receipt?.state === 'flapping';
      return known && receipt.episode >= alert.continues;
    }),
  );
}

/** When somebody would have been told first. */
function earliestFlush({ alerts, groupWaitMs }: EscalationFacts): Date | null {
  const times = alerts
    .filter((a) => a.state === 'firing' && a.suppressedBy === null)
    .map((a) => Math.max(a.since.getTime() + groupWaitMs, a.pendingUntil?.getTime() ?? 0));
  return times.length === 0 ? null : new Date(Math.min(...times));
}
