/** What *explain* shows of decisions. Pure. */
import type { Reason } from '../../alert/reason.ts';
import type { Refreshed } from '../dedupe/refresh.ts';
import type { Step } from '../steps.ts';
import type { Outcome } from './converge.ts';
import { reachedSteps } from './escalation.ts';
import type { Settled } from './save.ts';
import { isSuppressed, suppressionsIn } from './suppress.ts';

/** What has become of each alert. */
export function stateSteps(refreshed: ReadonlyMap<string, Refreshed>): Step[] {
  return [...refreshed].flatMap(([alertFingerprint, { before, after }]) =>
    after === before
      ? []
      : [
          {
            stage: 'dedupe',
            reason: after.state,
            alertFingerprint,
            detail: { episode: after.episode, since: after.since },
          },
        ],
  );
}

/** What every look at a healthy incident finds; storing it would drown the steps that explain something. */
const routine: ReadonlySet<Reason> = new Set(['nothing_new', 'open_notification', 'repeat_interval']);

/** Why destinations are not told, where that explains something. */
export function untoldOf(outcomes: readonly Pick<Outcome, 'kind' | 'reason'>[]): Reason[] {
  return outcomes.flatMap((o) => (o.kind === 'nothing' && !routine.has(o.reason) ? [o.reason] : []));
}

/** Something began to fire that nobody hears of. */
function reachesNobody({ decision, facts }: Settled, refreshed: ReadonlyMap<string, Refreshed>): boolean {
  if (decision.outcomes.size > 0) return false;
  return facts.alerts.some(({ fingerprint, state }) => {
    const change = refreshed.get(fingerprint);
    return state === 'firing' && change !== undefined && change.after !== change.before;
  });
}

/** Why each destination is told, or not, and what becomes of the incident. */
export function decisionSteps(settled: Settled, refreshed: ReadonlyMap<string, Refreshed>, now: Date): Step[] {
  const { incidentId, group, decision, facts } = settled;
  const hidden = suppressionsIn(settled.suppressions, now);
  const told = [...decision.outcomes].filter(([, outcome]) => !routine.has(outcome.reason));
  const namedBy = (id: number) => facts.destinations.find((d) => d.id === id)?.escalatedBy;
  const steps: Step[] = reachedSteps({ incidentId, groupVersion: group.version }, settled.escalation);
  for (const [destinationId, outcome] of [...told, ...newlyHidden(settled, refreshed)]) {
    steps.push({
      ...{ stage: 'converge', reason: outcome.reason, incidentId, destinationId, groupVersion: group.version },
      detail: {
        ...detailOf(outcome),
        ...(outcome.reason === 'escalated' ? { step: namedBy(destinationId) } : {}),
        ...(hides(outcome) ? hidden : {}),
      },
    });
  }
  if (reachesNobody(settled, refreshed)) {
    steps.push({ stage: 'converge', reason: 'nobody', incidentId, groupVersion: group.version });
  }
  if (decision.close) {
    // An edit has moved all of them: nothing has ended.
    const moved = facts.alerts.length === 0 ? { detail: { moved: true } } : {};
    steps.push({ stage: 'converge', reason: 'closed', incidentId, groupVersion: group.version, ...moved });
  }
  return steps;
}

/**
 * Something began to fire that is kept from being told, while there is nothing to say of the rest of the incident: without a
 * step of it nobody could see why. Once for each time that something begins.
 */
function newlyHidden({ facts, decision }: Settled, refreshed: ReadonlyMap<string, Refreshed>): [number, Outcome][] {
  const hidden = facts.alerts.find(({ fingerprint, state, suppressedBy }) => {
    const change = refreshed.get(fingerprint);
    return suppressedBy !== null && state === 'firing' && change !== undefined && change.after !== change.before;
  });
  const reason = hidden?.suppressedBy;
  if (!reason) return [];
  return facts.destinations
    .filter(({ id, member }) => member && routine.has(decision.outcomes.get(id)?.reason ?? reason))
    .map(({ id }) => [id, { kind: 'nothing', reason }]);
}

/** A silence or another alert is why something is not told, or is left out of what is. */
function hides(outcome: Outcome): boolean {
  if (outcome.kind === 'send') return outcome.difference.suppressed !== null;
  return isSuppressed(outcome.reason);
}

function detailOf(outcome: Outcome): Record<string, unknown> {
  if (outcome.kind === 'wait') return { outcome: 'wait', until: outcome.until };
  if (outcome.kind === 'nothing') return { outcome: 'nothing' };
  const { fresh, resolved, stillFiring } = outcome.difference;
  const together = outcome.together === null ? {} : { together: outcome.together.key };
  return {
    outcome: 'send',
    fresh: fresh.length,
    resolved: resolved.length,
    still_firing: stillFiring.length,
    ...together,
  };
}
