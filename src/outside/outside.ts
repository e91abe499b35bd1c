/** Everything by which this service is seen from outside, put together for `app.ts`. */
import type { OwnTrouble } from '../alert/unwell.ts';
import type { Db } from '../store/db.ts';
import { readCondition, readWaiting } from './condition.ts';
import { failingChannels } from './failing.ts';
import {
  type BeatResult,
  createOutgoingHeartbeat,
  type OutgoingSettings,
  type OutgoingStatus,
  readOutgoing,
} from './heartbeat.ts';
import { createProof } from './proof.ts';
import { whyNotReady } from './ready.ts';
import { sendHeartbeat } from './send.ts';
import { type Condition, unwell, waitingMs } from './well.ts';

export interface OutsideParts {
  db: Db;
  now: () => Date;
  log: Record<'info' | 'warn', (facts: object, text: string) => void>;
  stopping: () => boolean;
  /** When the watchdog last ticked without an error. */
  tickedAt: () => Date;
  /** Whether ticks come by themselves. */
  scheduled: boolean;
  /** Null: none is sent. */
  heartbeat: OutgoingSettings | null;
  countBeat: (result: BeatResult) => void;
}

export type Outside = ReturnType<typeof createOutside>;

export function createOutside(parts: OutsideParts) {
  const { db, now, log, stopping, scheduled, heartbeat } = parts;
  const prove = createProof({ db, now });
  let selfCheck: Condition['selfCheck'] = { at: now(), failed: false };
  const halt = new AbortController();
  const condition = { db, prove, tickedAt: parts.tickedAt, selfCheck: () => selfCheck };
  const unwellAt = async (at: Date): Promise<OwnTrouble> => unwell(await readCondition(condition, at), at);

  async function outgoing(): Promise<OutgoingStatus & Pick<OwnTrouble, 'failingChannels'>> {
    const at = now();
    const { failing } = await readWaiting(db, at);
    return { ...(await readOutgoing(db)), failingChannels: failingChannels(failing, at, waitingMs) };
  }

  return {
    /** See {@link Prove}. */
    prove,
    /** See {@link whyNotReady}. */
    whyNotReady: () => whyNotReady({ stopping, prove, now, tickedAt: () => (scheduled ? parts.tickedAt() : null) }),
    /** Runs a look for trouble of our own, and remembers how it went. */
    async selfChecked(check: () => Promise<void>): Promise<void> {
      const failed = await check().then(
        () => null,
        (error: unknown) => ({ error }),
      );
      selfCheck = { at: now(), failed: failed !== null };
      if (failed !== null) throw failed.error;
    },
    /** Sends the outgoing heartbeat when it is due. */
    beat:
      heartbeat === null
        ? async () => {}
        : createOutgoingHeartbeat({
            ...{ settings: heartbeat, db, now, log, unwell: unwellAt, send: sendHeartbeat, count: parts.countBeat },
            stopped: halt.signal,
          }),
    unwell: () => unwellAt(now()),
    /** Ends a beat that is under way. */
    halt: () => halt.abort(),
    /** Null: none is to be sent. */
    outgoing: async () => (heartbeat === null ? null : outgoing()),
  };
}
