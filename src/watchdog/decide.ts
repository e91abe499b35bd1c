/** When is a heartbeat lost, and when has it recovered? Pure. */
import { type Outage, observedMs } from '../alert/outage.ts';
import type { Reason } from '../alert/reason.ts';

/**
 * pending: not armed, it raises no alarm. late: shown only. lost: the alarm is out. recovering: the alarm is out, and
 * one good beat has come.
 */
export type StreamState = 'pending' | 'ok' | 'late' | 'lost' | 'recovering';

/** What is known of one stream of beats. */
export interface StreamFacts {
  lastBeatAt: Date | null;
  beats: number;
  /** Beats since it was lost or reported as resolved. */
  goodBeats: number;
  /** Learned gap between two beats, null while unknown. */
  cadenceMs: number | null;
  /** When its source reported it as resolved, null once it has recovered. */
  resolvedAt: Date | null;
  /** Start of the alarm that is out now. */
  alarmedAt: Date | null;
}

/** When a stream is armed, and how long it may stay away. */
export interface HeartbeatRules {
  timeoutMs: number;
  armed: boolean;
}

export interface HeartbeatDecision {
  state: StreamState;
  reason: Extract<Reason, 'heartbeat_lost' | 'heartbeat_resolved' | 'heartbeat_recovered'> | null;
  alarm: 'raise' | 'clear' | null;
  /** When it is lost if nothing comes any more; null when it cannot be, or is already. */
  dueAt: Date | null;
}

/** Rule 11. */
const beatsToArm = 3;
const shortestTimeoutMs = 3 * 60_000;
const timeoutCadences = 3;
/** One beat alone may be the last gasp of something that is still broken. */
export const beatsToRecover = 2;
/** A healthy stream beats again within one cadence; the half is for jitter. */
const lateCadences = 1.5;

/** The rules of one stream; `declaredTimeoutMs` is null for a discovered one. */
export function heartbeatRules(
  stream: Pick<StreamFacts, 'beats' | 'cadenceMs'>,
  declaredTimeoutMs: number | null,
): HeartbeatRules {
  if (declaredTimeoutMs !== null) return { timeoutMs: declaredTimeoutMs, armed: stream.beats >= 1 };
  return {
    timeoutMs: Math.max(shortestTimeoutMs, timeoutCadences * (stream.cadenceMs ?? 0)),
    armed: stream.beats >= beatsToArm && stream.cadenceMs !== null,
  };
}

/**
 * Decides one stream. Only time that we observed counts, so no restart or outage of ours, and no step of the clock, makes
 * a healthy stream look lost.
 */
export function decideHeartbeat(
  stream: StreamFacts,
  rules: HeartbeatRules,
  now: Date,
  outages: readonly Outage[],
): HeartbeatDecision {
  if (stream.lastBeatAt === null || (!rules.armed && stream.alarmedAt === null)) {
    return { state: 'pending', reason: null, alarm: null, dueAt: null };
  }
  const leftMs = timeLeftMs(stream.lastBeatAt, { ...rules, cadenceMs: stream.cadenceMs }, now, outages);
  const resolved = stream.resolvedAt !== null && stream.goodBeats < beatsToRecover;
  const lost = { state: 'lost', reason: resolved ? 'heartbeat_resolved' : 'heartbeat_lost', dueAt: null } as const;
  const dueAt = new Date(now.getTime() + leftMs);
  if (stream.alarmedAt === null) {
    if (resolved || leftMs <= 0) return { ...lost, alarm: 'raise' };
    const silentMs = observedMs(stream.lastBeatAt, now, outages);
    const state = silentMs > lateAfterMs(rules.timeoutMs, stream.cadenceMs) ? 'late' : 'ok';
    return { state, reason: null, alarm: null, dueAt };
  }
  if (leftMs <= 0 || stream.goodBeats === 0) return { ...lost, alarm: null };
  if (stream.goodBeats < beatsToRecover) return { state: 'recovering', reason: lost.reason, alarm: null, dueAt };
  return { state: 'ok', reason: 'heartbeat_recovered', alarm: 'clear', dueAt };
}

/**
 * Observed time until the stream is lost; 0 or less when it is. An absence of ours may have swallowed the beat that was
 * due, so after our return there is time for the next one. But whoever is away again and again must not wait for ever: at
 * twice the timeout it is lost whatever happened.
 */
function timeLeftMs(
  lastBeatAt: Date,
  rules: { timeoutMs: number; cadenceMs: number | null },
  now: Date,
  outages: readonly Outage[],
): number {
  const silentMs = observedMs(lastBeatAt, now, outages);
  const since = outages.filter((o) => o.to > lastBeatAt && o.from < now);
  if (since.length === 0) return rules.timeoutMs - silentMs;
  const returnedAt = new Date(Math.max(...since.map((o) => o.to.getTime())));
  const graceMs = Math.min(rules.timeoutMs, (rules.cadenceMs ?? rules.timeoutMs) * lateCadences);
  const graceLeftMs = graceMs - observedMs(returnedAt, now, outages);
  return Math.min(Math.max(rules.timeoutMs - silentMs, graceLeftMs), 2 * rules.timeoutMs - silentMs);
}

function lateAfterMs(timeoutMs: number, cadenceMs: number | null): number {
  return Math.max(timeoutMs / 2, Math.min(timeoutMs, (cadenceMs ?? 0) * lateCadences));
}
