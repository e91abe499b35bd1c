/** Before a peer is accused: a look at ourselves, and the other peers are asked. */
import type { Peer } from '../alert/peer.ts';
import type { Clock } from '../clock.ts';
import type { Asker } from './asker.ts';
import type { PeerRules } from './decide.ts';
import type { SelfFacts, Third } from './judge.ts';
import type { PeerRow } from './rows.ts';
import type { WayOut } from './view.ts';

export interface CorroborateParts {
  asker: Asker;
  clock: Clock;
  rules: PeerRules;
  /** What is wrong with our database; null: nothing. */
  prove: () => Promise<string | null>;
  /** A look at the hosts by which people are told. */
  wayOut: () => Promise<WayOut>;
}

/** Another peer, with what the round that is under way has shown of it. */
export interface Witness {
  peer: Peer;
  row: PeerRow;
  /** Whether it gave no answer in this round. */
  silent: boolean;
}

/** It probes the other one itself before it answers. */
const answerSlackMs = 500;

export function createCorroborate({ asker, clock, rules, prove, wayOut }: CorroborateParts) {
  const timeoutMs = 2 * rules.timeoutMs + answerSlackMs;

  async function askThird({ peer, row, silent }: Witness, about: string): Promise<Third> {
    const facts = { peer: peer.name, silent, down: row.state === 'down' };
    if (silent) return { ...facts, says: 'no_answer', sight: null };
    const asked = await asker.ask(peer, { ask: 'reach', peer: about }, timeoutMs);
    if (!asked.ok || asked.answer.reaches === null) return { ...facts, says: 'no_answer', sight: null };
    return { ...facts, says: asked.answer.reaches ? 'reaches' : 'does_not', sight: asked.answer.sight };
  }

  return {
    /** Asks everybody else about one that is silent. */
    askThirds: (about: string, witnesses: readonly Witness[]): Promise<Third[]> =>
      Promise.all(witnesses.map((witness) => askThird(witness, about))),
    /** Looks at ourselves. @param lagMs how late this round was */
    async lookAtSelf(lagMs: number): Promise<SelfFacts & { at: Date }> {
      const [trouble, out] = await Promise.all([prove(), wayOut()]);
      return { at: clock.now(), lagMs: Math.round(lagMs), database: trouble === null, wayOut: out };
    },
  };
}
export type Corroborate = ReturnType<typeof createCorroborate>;
