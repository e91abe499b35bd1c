/** Which part is gone when a heartbeat is lost; the same word in the database, the API and messages. */
export const verdicts = [
  'monitoring_silent', // nobody sees it any more
  'road_broken', // it beats, and somebody sees it: only the road from there to here is gone
  'prometheus', // the Alertmanagers work, and have nothing of it
  'alertmanager', // an Alertmanager is away, or the road to it is
  'unknown',
] as const;

/** One of {@link verdicts}. */
export type Verdict = (typeof verdicts)[number];

/** Who is to blame for a lost heartbeat, as it was found at the raise of its alarm. */
export interface Blame {
  verdict: Verdict;
  /** Of `road_broken`: the peers or Alertmanagers that still see it. Of `alertmanager`: those that are away. Of `unknown`: the peers that see one of the same labels, which may be another. */
  names: readonly string[];
}
