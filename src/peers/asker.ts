/** Asks peers, and keeps in mind how far their clocks are from ours: a clock that is set must not make anybody look dead. */
import type { Peer } from '../alert/peer.ts';
import type { Question } from './questions.ts';
import { type Asked, type AskParts, ask } from './request.ts';
import { acceptedMs } from './sign.ts';

export interface Asker {
  /** Asks once more, by the clock of the peer, when that says (signed) that the time is wrong. Never rejects. */
  ask<Q extends Question>(peer: Peer, question: Q, timeoutMs: number): Promise<Asked<Q['ask']>>;
}

export function createAsker(parts: AskParts): Asker {
  const offsets = new Map<string, number>();
  /** A small offset may be the road's: it is corrected only where it could be too much. */
  const offsetOf = (peer: Peer) => {
    const known = offsets.get(peer.name) ?? 0;
    return Math.abs(known) > acceptedMs / 2 ? known : 0;
  };

  return {
    async ask(peer, question, timeoutMs) {
      const first = await ask(parts, peer, question, { timeoutMs, offsetMs: offsetOf(peer) });
      if (first.offsetMs !== null) offsets.set(peer.name, first.offsetMs);
      if (first.ok || first.offsetMs === null || !first.why.endsWith(': stale')) return first;
      return ask(parts, peer, question, { timeoutMs, offsetMs: first.offsetMs });
    },
  };
}
