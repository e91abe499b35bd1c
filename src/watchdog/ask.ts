/** Asks who still sees a heartbeat, before its alarm goes out: for a few seconds at most, and whatever goes wrong, it goes out. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Blame } from '../alert/blame.ts';
import { sharedFingerprint } from '../alert/fingerprint.ts';
import type { AskPeers } from '../alert/peer-view.ts';
import type { ReadPolls } from '../alert/poll-view.ts';
import type { AlarmFacts } from './alarms.ts';
import { blame } from './blame.ts';
import type { HeartbeatDecision } from './decide.ts';
import type { Stream } from './streams.ts';

/** An alarm is never held back for longer than that. */
const patienceMs = 4_000;

/** Who is asked. */
export interface Asking {
  askPeers: AskPeers;
  readPolls: ReadPolls;
  log: { warn(facts: object, text: string): void };
}

/** A stream whose alarm is raised now. */
interface Raised {
  stream: Stream;
  facts: Pick<AlarmFacts, 'timeoutMs' | 'source'>;
  decision: Pick<HeartbeatDecision, 'reason'>;
}

/**
 * Finds out which part is gone.
 *
 * @param streams all of them: others of the same source show whether its posts arrive
 * @returns by id of the stream
 */
export async function askForBlame(
  { askPeers, readPolls, log }: Asking,
  raised: readonly Raised[],
  { streams, now }: { streams: readonly Stream[]; now: Date },
): Promise<Map<number, Blame>> {
  if (raised.length === 0) return new Map();
  const shared = raised.map(({ stream, facts }) => sharedFingerprint(stream.labels, facts.source?.labels ?? {}));
  const keys = raised.map(({ stream }) => ({ sourceId: stream.sourceId ?? 0, fingerprint: stream.fingerprint }));
  const bounded = <T>(asked: Promise<T>, none: T) => withinPatience(asked, none, log);
  const [peers, polls] = await Promise.all([
    bounded(askPeers([...new Set(shared)]), new Map()),
    bounded(readPolls(keys), []),
  ]);
  const found = raised.map(({ stream, facts: { timeoutMs, source }, decision: { reason } }, i): [number, Blame] => {
    const known = {
      ...{ peers: peers.get(shared[i] ?? '') ?? [], polls: polls[i] ?? null },
      added: Object.keys(source?.labels ?? {}).length > 0,
    };
    return [stream.id, blame({ reason, timeoutMs, ...known, othersBeat: othersBeat(stream, raised, streams) }, now)];
  });
  return new Map(found);
}

/** One that is lost at the same moment says nothing. */
function othersBeat(stream: Stream, raised: readonly Raised[], streams: readonly Stream[]): boolean {
  const lost = new Set(raised.map((one) => one.stream.id));
  return streams.some(({ id, sourceId, state }) => sourceId === stream.sourceId && state === 'ok' && !lost.has(id));
}

async function withinPatience<T>(asked: Promise<T>, none: T, log: Asking['log']): Promise<T> {
  const enough = new AbortController();
  const late = pause(patienceMs, none, { signal: enough.signal, ref: false }).catch(() => none);
  try {
    return await Promise.race([asked, late]);
  } catch (error) {
    log.warn({ err: error }, 'nobody could be asked which part of the monitoring is gone');
    return none;
  } finally {
    enough.abort();
  }
}
