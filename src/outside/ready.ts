/** Whether this replica can do its work, for load balancers and for somebody who asks from outside. */
import type { Prove } from './proof.ts';

/** What decides it. */
export interface ReadyParts {
  /** From the first SIGTERM on. */
  stopping: () => boolean;
  prove: Prove;
  /** When the schedule last ticked without an error; null: it does not run by itself. */
  tickedAt: () => Date | null;
  now: () => Date;
}

/** A tick that waits for a slow database takes this replica away from nobody; the watchdog ticks every two seconds. */
export const tickLateMs = 30_000;

/** Why this replica is not ready, in words that end a sentence; null: it is. */
export async function whyNotReady({ stopping, prove, tickedAt, now }: ReadyParts): Promise<string | null> {
  if (stopping()) return 'it is stopping';
  const trouble = await prove();
  if (trouble !== null) return trouble;
  const at = tickedAt();
  const silentMs = at === null ? 0 : now().getTime() - at.getTime();
  return silentMs > tickLateMs ? `the schedule has not ticked for ${Math.round(silentMs / 1000)} s` : null;
}
