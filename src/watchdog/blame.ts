/** Which part is gone when a heartbeat is lost? Pure. */
import type { Blame } from '../alert/blame.ts';
import type { PeerView } from '../alert/peer-view.ts';
import type { PollView } from '../alert/poll-view.ts';
import type { HeartbeatDecision } from './decide.ts';

/** What is known when an alarm is raised. */
export interface BlameFacts {
  reason: HeartbeatDecision['reason'];
  timeoutMs: number;
  peers: readonly PeerView[];
  /** Whether our source adds labels to it. */
  added: boolean;
  /** Null: nobody of its source is asked. */
  polls: PollView | null;
  /** Another heartbeat of the same source beats: its posts arrive. */
  othersBeat: boolean;
}

/**
 * An Alertmanager goes on holding what its Prometheus no longer sends, for `resolve_timeout` (5 m) at most; Prometheus
 * sends what fires once a minute. So this is long enough to be sure that it has missed a send.
 */
const freshMs = 150_000;

const nobody = (verdict: Blame['verdict']): Blame => ({ verdict, names: [] });

/**
 * What one sees outweighs what others do not: a peer first, then Alertmanager itself, then what does not answer. Where sources
 * add labels, every cluster may send the same ones (`Watchdog{prometheus="monitoring/k8s"}`): then a peer may see its own.
 */
export function blame(facts: BlameFacts, now: Date): Blame {
  const seeing = facts.peers.filter((peer) => sees(peer, facts.timeoutMs, now));
  const same = seeing.filter(({ added }) => !added && !facts.added);
  if (same.length > 0) return { verdict: 'road_broken', names: namesOf(same) };
  const found = unseen(facts);
  // Neither "nobody sees it" nor "the road is broken" would be sure.
  const unsure = found.verdict === 'unknown' || found.verdict === 'monitoring_silent';
  return seeing.length > 0 && unsure ? { verdict: 'unknown', names: namesOf(seeing) } : found;
}

const namesOf = (peers: readonly PeerView[]) => peers.map(({ peer }) => peer);

function unseen(facts: BlameFacts): Blame {
  // Whoever reports it as resolved has reached us, and says that nobody sends it any more.
  if (facts.reason === 'heartbeat_resolved') return nobody('prometheus');
  return byPolls(facts) ?? (facts.othersBeat ? nobody('prometheus') : byPeers(facts.peers));
}

function sees({ answered, alarmed, lastBeatAt }: PeerView, timeoutMs: number, now: Date): boolean {
  return answered && !alarmed && lastBeatAt !== null && now.getTime() - lastBeatAt.getTime() < timeoutMs;
}

/** Null: they do not tell. */
function byPolls({ polls, othersBeat }: BlameFacts): Blame | null {
  if (polls === null) return null;
  const { members, prometheusAnswers } = polls;
  // A Prometheus that does not answer may be well, and only the road to it gone.
  if (members.length === 0) return null;
  const answering = members.filter(({ answers }) => answers);
  const away = members.filter(({ answers }) => !answers).map(({ member }) => member);
  const holding = answering.filter(({ heldMs }) => heldMs !== null);
  if (holding.length > 0) {
    const fed = prometheusAnswers !== false || holding.some(({ heldMs }) => (heldMs ?? 0) <= freshMs);
    return fed ? { verdict: 'road_broken', names: holding.map(({ member }) => member) } : nobody('prometheus');
  }
  if (answering.length > 0) {
    // Prometheus sends to all of them; it may send this one only to the one that is away.
    return away.length > 0 && prometheusAnswers === true
      ? { verdict: 'alertmanager', names: away }
      : nobody('prometheus');
  }
  // Posts of others arrive, so somebody there works: only the road of our polls is gone.
  if (othersBeat) return null;
  return prometheusAnswers === true ? { verdict: 'alertmanager', names: away } : nobody('monitoring_silent');
}

/** Who does not answer, or never knew this heartbeat, says nothing. */
function byPeers(peers: readonly PeerView[]): Blame {
  return nobody(
    peers.some(({ answered, lastBeatAt }) => answered && lastBeatAt !== null) ? 'monitoring_silent' : 'unknown',
  );
}
