/** Another site that this one watches, and what it can be asked. */

/** A peer as it is configured. Kept apart from the rest of the configuration, because of its secret. */
export interface Peer {
  id: number;
  /** What the other site calls itself. */
  name: string;
  /** Without a slash at the end. */
  url: string;
  /** Shared by the two sites. */
  secret: string;
}

/** What one peer sees of the heartbeats that it was asked about. */
export interface PeerSight {
  peer: string;
  /** False: it gave no answer, which says nothing about any heartbeat. */
  answered: boolean;
  /** Those of its heartbeats that have the labels asked for. One label set may come from several of its sources. */
  beats: readonly { fingerprint: string; source: string | null; state: string; lastBeatAt: Date | null }[];
}

/** Asks the peers. */
export interface PeerView {
  /**
   * Who of the peers still sees these heartbeats, and when did they beat there? Answered from a fresh probe of each; never
   * rejects.
   *
   * @param streams named by the fingerprint of their full labels
   */
  askPeers(streams: readonly { fingerprint: string }[]): Promise<readonly PeerSight[]>;
}
