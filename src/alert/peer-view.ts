/** What another site says of one of our heartbeats. */
export interface PeerView {
  peer: string;
  answered: boolean;
  /** Last beat that it saw of the same labels, by our clock. */
  lastBeatAt: Date | null;
  alarmed: boolean;
  /** Whether a source there adds labels to it: then the same labels may be another one's, which only that site knows. */
  added: boolean;
}

/** Asks every peer for these heartbeats, by {@link sharedFingerprint}. One that does not answer counts as no answer. */
export type AskPeers = (fingerprints: readonly string[]) => Promise<ReadonlyMap<string, readonly PeerView[]>>;
