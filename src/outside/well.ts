/** Whether everything is well here, as far as somebody outside would want to be woken up for it. Pure. */
import { type Unwell, unwellReasons } from '../alert/unwell.ts';
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
  /** Channels on which messages wait to be tried again, with when one was last accepted there. */
  failing: readonly { channel: string; since: Date; acceptedAt: Date | null }[];
}

/** Messages that have waited for so long are a matter for somebody outside. */
export const waitingMs = 5 * 60_000;
/** It is done each minute. */
const selfCheckLateMs = 5 * 60_000;

/** Why not everything is well; empty: everything is. */
export function unwell({ database, tickedAt, selfCheck, dueSince, failing }: Condition, now: Date): Unwell[] {
  const older = (at: Date | null, ms: number) => at === null || now.getTime() - at.getTime() > ms;
  const found: Record<Unwell, boolean> = {
    database: database !== null,
    schedule_late: older(tickedAt, tickLateMs),
    backlog: dueSince !== null && older(dueSince, waitingMs),
    channel_failing: failing.some(({ since, acceptedAt }) => older(since, waitingMs) && older(acceptedAt, waitingMs)),
    self_check: selfCheck.failed || older(selfCheck.at, selfCheckLateMs),
  };
  return unwellReasons.filter((reason) => found[reason]);
}
