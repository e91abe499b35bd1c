/** Is the ordinary road closed, and since when? And what is said of that. */
import type { Alarm } from '../alert/alarm.ts';
import { labelsOf } from '../alert/labels.ts';

/** A time in which the database takes nothing. */
export interface Closed {
  /** When something was written last. */
  since: Date;
  /** What is wrong, in words that end a sentence. */
  trouble: string;
}

/** The watchdog ticks every two seconds: a slow commit is none of our business, a database that fails over is. */
const closedAfterMs = 10_000;
/** Whoever restarts a database need not hear of it. */
const alarmAfterMs = 60_000;

export interface OutageParts {
  /** When the watchdog last ticked without an error: it writes each time. */
  tickedAt: () => Date;
  /** Writes and claims as a delivery does; says within two seconds what is wrong, null: nothing. */
  prove: () => Promise<string | null>;
}

/** Costs nothing while ticks succeed. @returns null: the ordinary road is open */
export async function findClosed({ tickedAt, prove }: OutageParts, now: Date): Promise<Closed | null> {
  const since = tickedAt();
  if (now.getTime() - since.getTime() <= closedAfterMs) return null;
  const trouble = await prove();
  return trouble === null ? null : { since, trouble };
}

/** The alarm of our own, once it has lasted. */
export function awayAlarm({ since, trouble }: Closed, site: string, now: Date): Alarm | null {
  if (now.getTime() - since.getTime() < alarmAfterMs) return null;
  const summary = `The database of Monitor Manager (site ${site}) is away`;
  const description =
    `No write has succeeded: ${trouble}. Until it is back, reports are answered 503 and nobody is told of any alert; ` +
    'only alarms of the watchdog still go out, from memory, to the emergency contacts.';
  return {
    labels: labelsOf([
      ['alertname', 'DatabaseAway'],
      ['severity', 'critical'],
    ]),
    annotations: labelsOf(Object.entries({ summary, description })),
    ...{ startsAt: since, endsAt: null, lane: 'normal', pinnedGroup: 'self' },
  };
}

/** Its end. */
export function backAlarm(away: Alarm, site: string, now: Date): Alarm {
  const summary = `The database of Monitor Manager (site ${site}) is back`;
  return { ...away, endsAt: now, annotations: labelsOf([['summary', summary]]) };
}
