/** Whether everything is well here, as far as somebody outside would want to be woken up for it. Pure. */
import { type OwnTrouble, type Unwell, unwellReasons } from '../alert/unwell.ts';
import { type FailingDestinations, failingChannels } from './failing.ts';
import { tickLateMs } from './ready.ts';

/** What this replica knows of itself and of the database. */
export interface Condition {
  /** What is wrong with the database, null: nothing. Then what it would say is not known either. */
  database: string | null;
  /** When the schedule last ticked without an error. */
  tickedAt: Date;
  selfCheck: { at: Date; failed: boolean };
  /** Since when the oldest message is due that nobody has sent; null: there is none. */
  dueSince: Date | null;
  failing: readonly FailingDestinations[];
}

/** Messages that have waited for so long are a matter for somebody outside. */
export const waitingMs = 5 * 60_000;
/** It is done each minute. */
const selfCheckLateMs = 5 * 60_000;

/** Why not everything is well. */
export function unwell({ database, tickedAt, selfCheck, dueSince, failing }: Condition, now: Date): OwnTrouble {
  const older = (at: Date, ms: number) => now.getTime() - at.getTime() > ms;
  const channels = failingChannels(failing, now, waitingMs);
  const found: Record<Unwell, boolean> = {
    database: database !== null,
    schedule_late: older(tickedAt, tickLateMs),
    backlog: dueSince !== null && older(dueSince, waitingMs),
    channel_failing: channels.length > 0,
    self_check: selfCheck.failed || older(selfCheck.at, selfCheckLateMs),
  };
  return { reasons: unwellReasons.filter((reason) => found[reason]), failingChannels: channels };
}
