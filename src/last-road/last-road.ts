/**
 * The last road: while the database takes nothing, alarms of the watchdog and of our own go from memory straight to the
 * emergency contacts of the settings file, once for each episode and replica. Whoever is told so is told of the end by the
 * ordinary way: when the database is back, it is given what was told (see `back`).
 */
import { randomUUID } from 'node:crypto';
import type { Alarm, Submit } from '../alert/alarm.ts';
import type { ToldDirectly } from '../alert/last-road.ts';
import { awayAlarm, backAlarm, type Closed, findClosed, type OutageParts } from './outage.ts';
import { type Alarms, atMost, createProvider } from './provider.ts';
import { createSpeaker, type EmergencyDestination, type SpeakerParts } from './speaker.ts';

export interface LastRoadParts extends OutageParts, Omit<SpeakerParts, 'replica' | 'onTold'> {
  /** Who is told: on two channels at least, if it is to be of use. */
  destinations: readonly EmergencyDestination[];
  /** Who may have something to say; each gives the alarms that are out, the same ones each time. */
  alarms: readonly Alarms[];
  stopping: () => boolean;
  /** Takes alarms into the pipeline and decides them at once. */
  submitPast: Submit;
  submit: Submit;
  /** Stores what was told, once its alarms are in the pipeline. */
  saveHistory: (told: readonly ToldDirectly[]) => Promise<void>;
}

/** More messages than these are never remembered: of the oldest the history then says nothing. */
const toldAtMost = 500;

export type LastRoad = ReturnType<typeof createLastRoad>;

export function createLastRoad(parts: LastRoadParts) {
  const { log, now } = parts;
  let told: ToldDirectly[] = [];
  let away: Alarm | null = null;
  /** Our own alarm that the database knows of, and whose end it does not. */
  let ending: Alarm | null = null;
  let warned = false;
  const { site } = parts.sender;
  const replica = randomUUID();
  const onTold = (one: ToldDirectly) => {
    told = [...told, one].slice(-toldAtMost);
  };
  const speakers = parts.destinations.map((to) => createSpeaker({ ...parts, replica, onTold }, to));
  const providers = parts.alarms.map((alarms) =>
    createProvider(alarms, (error) => log.error({ err: error }, 'not known without the database: who is lost')),
  );

  async function alarmsNow(closed: Closed, at: Date): Promise<Alarm[]> {
    away ??= awayAlarm(closed, site, at);
    const found = await Promise.all(providers.map((provider) => provider.ask(at)));
    return [...(away === null ? [] : [away]), ...found.flat()];
  }

  async function look(): Promise<void> {
    const at = now();
    const closed = parts.stopping() ? null : await findClosed(parts, at);
    if (closed === null) return;
    const alarms = await alarmsNow(closed, at);
    if (alarms.length > 0 && speakers.length === 0 && !warned) {
      warned = true;
      log.error({ trouble: closed.trouble }, 'the database is away, and MM_EMERGENCY_CONTACTS names nobody to tell');
    }
    for (const speaker of speakers) speaker.speak(alarms, closed);
  }

  /**
   * Gives the database what was told. What did not succeed is done again by the next call, and nothing else: the history
   * would hold it twice. What watches elsewhere must have submitted its own alarms by then.
   */
  async function back(): Promise<void> {
    for (const { drop } of speakers) drop();
    for (const { forget } of providers) forget();
    const given = told;
    const own = away !== null && given.some(({ alarms }) => alarms.includes(away as Alarm)) ? away : null;
    if (own !== null) await parts.submitPast([own]);
    if (given.length > 0) await parts.saveHistory(given);
    told = told.filter((one) => !given.includes(one));
    ending = own ?? ending;
    away = null;
    if (ending !== null) await parts.submit([backAlarm(ending, site, now())]);
    ending = null;
    warned = false;
  }

  return {
    /** Looks whether something must go out, and begins to send it. Asks the database for nothing but a proof. */
    look,
    /** Resolves when nothing is being sent, after `ms` in any case. */
    quiet: (ms: number): Promise<void> => atMost(Promise.all(speakers.map(({ quiet }) => quiet())), ms),
    /** What was told and the database does not know; the earliest first. */
    told: (): readonly ToldDirectly[] => told,
    back,
  };
}
