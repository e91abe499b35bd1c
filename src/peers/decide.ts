/** How a peer is, as far as its probes tell. Pure. */
import type { PeerState } from './status.ts';
import type { Watch } from './watch.ts';

/** The settings `peers`. */
export interface PeerRules {
  intervalMs: number;
  timeoutMs: number;
  downAfterMs: number;
  upAfter: number;
  leavingGraceMs: number;
}

export interface PeerFacts {
  /** Before this round. */
  state: PeerState;
  /** After this round. */
  watch: Watch;
  /** Whether this round was answered; null: it says nothing. */
  answered: boolean | null;
  /** Whether it has announced that it stops, and has not come back since. */
  leaving: boolean;
}

export interface PeerDecision {
  state: PeerState;
  /** It is silent for so long that somebody should know; `state` is what it is until that is found to be true. */
  accused: boolean;
}

/** Fewer are no pattern, however long the interval. */
const missesToAccuse = 3;
/** Of the last ten: somebody who looks should see that the road is bad. */
const missesToSuspect = 3;

/**
 * Nobody who has never answered is accused: until both sides are configured, silence is what there is. Who was down is so
 * until `upAfter` probes in a row were answered.
 */
export function decidePeer({ state, watch, answered, leaving }: PeerFacts, rules: PeerRules): PeerDecision {
  if (answered === null) return { state, accused: false };
  if (answered) return { state: answeringState({ state, watch, leaving }, rules), accused: false };
  if (state === 'unknown') return { state, accused: false };
  if (leaving && watch.leavingMs < rules.leavingGraceMs && state !== 'down')
    return { state: 'leaving', accused: false };
  const accused = watch.silentMs >= rules.downAfterMs && watch.misses >= missesToAccuse;
  return { state: state === 'down' ? 'down' : leaving ? 'leaving' : 'suspect', accused };
}

function answeringState({ state, watch, leaving }: Omit<PeerFacts, 'answered'>, { upAfter }: PeerRules): PeerState {
  if (state === 'down' && watch.good < upAfter) return 'down';
  if (leaving) return 'leaving';
  // Of one that comes back its misses are no news.
  if (state !== 'up' && state !== 'suspect') return 'up';
  const missed = watch.recent.filter((one) => !one).length;
  return missed >= missesToSuspect && watch.good < upAfter ? 'suspect' : 'up';
}
