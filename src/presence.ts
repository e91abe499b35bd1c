/** When this service was there: what nobody could have observed must expire nothing (rule 2). */
import type { Outage } from './alert/outage.ts';
import type { Db } from './store/db.ts';
import { absenceToleranceMs, loadOutages, recordTick, withAbsence } from './store/outages.ts';
import { watchdogTickMs } from './watchdog/watchdog.ts';

export interface PresenceParts {
  db: Db;
  now: () => Date;
  /** Absences that are longer ago are forgotten. */
  retentionMs: number;
}

export interface Presence {
  /** When the watchdog last ticked. */
  tickedAt(): Date;
  /** Absences as of the last tick. */
  known(): readonly Outage[];
  /** Those, and the one that lasts. */
  outages(): readonly Outage[];
  /** Called once in each tick of the watchdog, when that has recorded it. */
  ticked(): Promise<void>;
}

/** Before anything is decided: the time until now was an absence of ours. */
export async function beginPresence({ db, now, retentionMs }: PresenceParts): Promise<Presence> {
  await recordTick(db, { now: now(), tickMs: watchdogTickMs, toleranceMs: absenceToleranceMs });
  let outages: readonly Outage[] = await loadOutages(db, new Date(0));
  let tickedAt = now();
  return {
    tickedAt: () => tickedAt,
    known: () => outages,
    outages: () => withAbsence(outages, tickedAt, now()),
    async ticked() {
      outages = await loadOutages(db, new Date(now().getTime() - retentionMs));
      tickedAt = now();
    },
  };
}
