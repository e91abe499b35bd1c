/** What we answer when a peer asks. */
import type { Peer } from '../alert/peer.ts';
import type { Clock } from '../clock.ts';
import type { Db } from '../store/db.ts';
import type { Asker } from './asker.ts';
import type { PeerRules } from './decide.ts';
import type { Question, Reach } from './questions.ts';
import { isHeard } from './request.ts';
import { noteLeaving } from './rows.ts';
import type { DeepStatus } from './status.ts';

export interface AnswerParts {
  db: Db;
  clock: Clock;
  rules: PeerRules;
  asker: Asker;
  peers: () => readonly Peer[];
  status: () => Promise<DeepStatus>;
  log: Record<'info', (facts: object, text: string) => void>;
}

export function createAnswers({ db, clock, rules, asker, peers, status, log }: AnswerParts) {
  const probing = new Map<string, Promise<Reach>>();

  async function noted({ id, name }: Peer, backWithinMs: number): Promise<{ noted: true }> {
    await noteLeaving(db, id, clock.now());
    log.info({ peer: name, backWithinMs }, 'a peer has announced that it stops');
    return { noted: true };
  }

  async function look(asking: Peer, about: Peer): Promise<Reach> {
    const asked = await asker.ask(about, { ask: 'status' }, rules.timeoutMs);
    if (!asked.ok) return { reaches: isHeard(asked), sight: null };
    return { reaches: true, sight: asked.answer.peers.find(({ name }) => name === asking.name) ?? null };
  }

  /** By a fresh probe of our own; who asks the same meanwhile shares it. */
  function reach(asking: Peer, name: string): Promise<Reach> {
    const about = peers().find((peer) => peer.name === name);
    if (about === undefined) return Promise.resolve({ reaches: null, sight: null });
    const key = JSON.stringify([asking.name, name]);
    const shared = probing.get(key) ?? look(asking, about).finally(() => probing.delete(key));
    probing.set(key, shared);
    return shared;
  }

  return (peer: Peer, question: Question): Promise<object> => {
    if (question.ask === 'status') return status();
    return question.ask === 'leaving' ? noted(peer, question.back_within_ms) : reach(peer, question.peer);
  };
}
