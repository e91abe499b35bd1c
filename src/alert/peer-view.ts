/** What another site says of one of our heartbeats. */
export interface PeerView {
  peer: string;
  answered: boolean;
  /** Last beat of the same full label set that it saw. */
  lastBeatAt: Date | null;
  alarmed: boolean;
}

/** Asks every peer for these heartbeats, by fingerprint of their full labels. One that does not answer counts as no answer. */
export type AskPeers = (fingerprints: readonly string[]) => Promise<ReadonlyMap<string, readonly PeerView[]>>;
