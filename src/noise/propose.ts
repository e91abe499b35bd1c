/** What would make an alert quieter: proposals for the policy of its alert group, from what it did. Pure. */
import type { Policy } from '../alert/config.ts';
import { type Opening, type Split, splitOf } from './split.ts';

const minute = 60_000;

/**
 * What is proposed for `for`. A shorter one is what `group_wait` does anyway; with a longer one whoever is on call would hear of
 * what is true a quarter of an hour late.
 */
export const sensibleForMs: readonly number[] = [1, 2, 5, 10, 15].map((minutes) => minutes * minute);

/** What is proposed for `flapping`: what the form of an alert group begins with. A change each ten minutes helps nobody. */
export const usualFlapping = { changes: 6, withinMs: 60 * minute } as const;

/** What happened less often than that is chance, and hardly disturbed anybody. */
export const fewAtLeast = 5;

/** `for` keeps back what is true for so long, so at least this share of what is told has to end by itself within it. */
const shortShareAtLeast = 0.5;

/** So many for one alert name: of more, nobody tries any. */
const proposalsAtMost = 2;

/** Firing periods that lasted longer than their alert group waits today, so that they were told, as far as nothing else kept them back. */
export interface Lasted {
  told: number;
  /** For each of {@link sensibleForMs}, how many of them were over sooner. */
  shorter: readonly number[];
}

/** Changes of alerts that came when each had changed more often than {@link usualFlapping} allows. */
export interface Quick {
  changes: number;
  /** Begins among them. */
  begins: number;
  /** How many alerts did so. */
  alerts: number;
}

/** What one alert name did in one alert group. */
export interface Facts {
  policy: Pick<Policy, 'groupBy' | 'groupWaitMs' | 'forMs' | 'flapping'>;
  lasted: Lasted;
  quick: Quick;
  /** Of every critical alert of the alert group: a policy is for all of them. */
  criticals: { lasted: Lasted; quick: Quick };
  /** Incidents with alerts of that name. */
  openings: readonly Opening[];
}

/** One change of the policy, and why. */
export type Proposal =
  | ({ kind: 'group_by' } & Split)
  | { kind: 'flapping'; changes: number; withinMs: number; quick: Quick; criticals: { never: number } }
  | {
      kind: 'for';
      forMs: number;
      /** So many of those told would not be. */
      shorter: number;
      told: number;
      /** Critical alerts of the whole alert group: told so much later, or never. */
      criticals: { later: number; never: number };
    };

/** What to try, what changes least of what people are told first. */
export function propose(facts: Facts): Proposal[] {
  const all = [groupByProposal(facts), flappingProposal(facts), forProposal(facts)];
  return all.filter((proposal) => proposal !== null).slice(0, proposalsAtMost);
}

function groupByProposal({ policy, openings }: Facts): Proposal | null {
  const split = splitOf(openings, policy.groupBy);
  if (split === null || split.incidents - split.after < fewAtLeast) return null;
  return { kind: 'group_by', ...split };
}

function flappingProposal({ policy, quick, criticals }: Facts): Proposal | null {
  if (policy.flapping !== null || quick.changes < fewAtLeast) return null;
  return { kind: 'flapping', ...usualFlapping, quick, criticals: { never: criticals.quick.begins } };
}

/** The shortest that is worth it: each longer one keeps back more of what is true too. */
function forProposal({ policy, lasted, criticals }: Facts): Proposal | null {
  const waitsMs = Math.max(policy.forMs, policy.groupWaitMs);
  const at = sensibleForMs.findIndex((forMs, i) => forMs > waitsMs && isWorthIt(lasted, i));
  const forMs = sensibleForMs[at];
  if (forMs === undefined) return null;
  const never = criticals.lasted.shorter[at] ?? 0;
  return {
    ...{ kind: 'for', forMs, shorter: lasted.shorter[at] ?? 0, told: lasted.told },
    criticals: { later: criticals.lasted.told - never, never },
  };
}

function isWorthIt({ told, shorter }: Lasted, at: number): boolean {
  const kept = shorter[at] ?? 0;
  return kept >= fewAtLeast && kept >= told * shortShareAtLeast;
}
