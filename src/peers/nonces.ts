/** Remembers the nonces of accepted requests, so that none is accepted twice. In memory, per peer, bounded. */

/** Longer than a request is accepted, and so long that a clock that is set back by an hour opens no door. */
const keptMs = 2 * 3_600_000;
/** What one peer may fill; the oldest goes. By the most that is accepted in a minute it covers the accepted window. */
const keptAtMost = 10_000;

export interface Nonces {
  /** Whether this nonce is new from this peer; then it is known from now on. @param nowMs monotonic */
  take(peer: string, nonce: string, nowMs: number): boolean;
}

export function createNonces(): Nonces {
  const byPeer = new Map<string, Map<string, number>>();

  return {
    take(peer, nonce, nowMs) {
      const known = byPeer.get(peer) ?? new Map<string, number>();
      byPeer.set(peer, known);
      // In order of arrival, so the first that is young enough ends the search.
      for (const [old, at] of known) {
        if (known.size < keptAtMost && nowMs - at <= keptMs) break;
        known.delete(old);
      }
      if (known.has(nonce)) return false;
      known.set(nonce, nowMs);
      return true;
    },
  };
}
