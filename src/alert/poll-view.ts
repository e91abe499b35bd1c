/** What polls of a source show of one of its heartbeats. */
export interface PollView {
  /** Its Alertmanagers that are asked and have been asked lately. */
  members: readonly {
    member: string;
    answers: boolean;
    /** How long ago it had heard of the heartbeat when it was asked, in ms. Null: it does not hold it, or did not answer. */
    heldMs: number | null;
  }[];
  /** Whether the Prometheus behind it is ready; null: it is not asked. */
  prometheusAnswers: boolean | null;
}

/** One stream of beats. */
export interface StreamKey {
  sourceId: number;
  /** Of the full labels. */
  fingerprint: string;
}

/** Reads what the last polls showed of these streams, in their order; null: nobody is asked there. */
export type ReadPolls = (streams: readonly StreamKey[]) => Promise<readonly (PollView | null)[]>;
