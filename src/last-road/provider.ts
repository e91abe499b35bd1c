/** Somebody who may have something to say, and may be long in finding it out: nobody else waits for it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Alarm } from '../alert/alarm.ts';

/** Gives the alarms that are out, the same ones each time. */
export type Alarms = (now: Date) => Promise<readonly Alarm[]>;

export interface Provider {
  /** What it says, or, where that takes more than two seconds or fails, what it said last in this outage. */
  ask(now: Date): Promise<readonly Alarm[]>;
  /** The outage is over: what it has said, or is about to say, is of the past. */
  forget(): void;
}

const patienceMs = 2_000;

export function createProvider(alarms: Alarms, onFault: (error: unknown) => void): Provider {
  let said: readonly Alarm[] = [];
  let busy: Promise<void> | null = null;
  let outage = 0;

  async function find(now: Date): Promise<void> {
    const of = outage;
    const found = await alarms(now);
    if (of === outage) said = found;
  }

  return {
    async ask(now) {
      busy ??= find(now)
        .catch(onFault)
        .finally(() => {
          busy = null;
        });
      await atMost(busy, patienceMs);
      return said;
    },
    forget() {
      said = [];
      outage++;
    },
  };
}

/** Waits for work, but not for ever. */
export async function atMost(work: Promise<unknown>, ms: number): Promise<void> {
  const halt = new AbortController();
  await Promise.race([work, pause(ms, undefined, { signal: halt.signal }).catch(() => {})]);
  halt.abort();
}
