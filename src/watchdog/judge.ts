/** One stream with everything that is known and decided of it. Pure. */
import type { Snapshot } from '../alert/config.ts';
import { type Outage, observedMs } from '../alert/outage.ts';
import type { AlarmFacts } from './alarms.ts';
import { decideHeartbeat, type HeartbeatDecision, heartbeatRules } from './decide.ts';
import type { Stream } from './streams.ts';

export interface Decided {
  stream: Stream;
  facts: AlarmFacts;
  decision: HeartbeatDecision;
  /** Time since the last beat in which we were there, null before the first. */
  silentMs: number | null;
}

/** Null: of a heartbeat or source that this process does not know yet. */
export function decideStream(
  stream: Stream,
  snapshot: Pick<Snapshot, 'heartbeats' | 'sources'>,
  now: Date,
  outages: readonly Outage[],
): Decided | null {
  const heartbeat = snapshot.heartbeats.find((h) => h.id === stream.heartbeatId) ?? null;
  const source = stream.sourceId === null ? null : (snapshot.sources.get(stream.sourceId) ?? null);
  const unknown = (stream.heartbeatId !== null && heartbeat === null) || (stream.sourceId !== null && source === null);
  if (unknown) return null;
  const rules = heartbeatRules(stream, heartbeat?.timeoutMs ?? null);
  const decision = decideHeartbeat(stream, rules, now, outages);
  const silentMs = stream.lastBeatAt === null ? null : observedMs(stream.lastBeatAt, now, outages);
  return { stream, facts: { stream, heartbeat, source, timeoutMs: rules.timeoutMs }, decision, silentMs };
}
