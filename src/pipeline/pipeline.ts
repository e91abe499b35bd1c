/**
 * The pipeline, in order: receive -> dedupe -> route -> converge -> deliver.
 *
 * `take` does the first three in one transaction and answers when it is committed; `decide` and `deliver` look at rows
 * that are due, woken by a nudge or by the sweep, any number of times and on any replica.
 */
import type { Alarm } from '../alert/alarm.ts';
import type { Snapshot } from '../alert/config.ts';
import type { Outcome } from './converge/converge.ts';
import { type DecideParts, decideDue } from './converge/decide.ts';
import { createDestinations } from './converge/destinations.ts';
import { wakeInhibited } from './converge/inhibitors.ts';
import { type DelivererParts, deliver } from './deliver/deliver.ts';
import { createLanes } from './deliver/lanes.ts';
import { channelOf } from './deliver/rows.ts';
import type { DailyParts } from './notice/daily-facts.ts';
import { makeNotices } from './notice/make.ts';
import { type BatchLimits, createBatcher } from './receive/batch.ts';
import { createGuess } from './receive/guess.ts';
import { type Delivery, type IntakeParts, type Taken, takeIn } from './receive/intake.ts';
import { createLastPosts } from './receive/sources.ts';
import { reportsOf } from './receive/submit.ts';
import { reroute, touchAfterEdit } from './route/reroute.ts';
import { createRunner, createRunners } from './runner.ts';
import { dueDestinations } from './sweep.ts';

/** What the pipeline needs from the rest of the service. */
export interface PipelineParts<Beat>
  extends Omit<IntakeParts<Beat>, 'lastPosts' | 'guess'>,
    Omit<DecideParts, 'members'>,
    Omit<DelivererParts, 'members' | 'submit' | 'onDue' | 'stopping'> {
  limits: BatchLimits;
  /** What daily messages say beside what is in the database. */
  daily: Omit<DailyParts, 'site'>;
  /** Asks that rows be looked at, now or later; it may get lost. */
  nudge: (nudges: { kind: 'decide' | 'deliver'; id: string; at: Date }[]) => void;
  /** Called once per commit with what became of the reports; counts. */
  onTaken: (taken: Taken) => void;
  /** Called once per decision with what destinations get, and why; counts. */
  onDecided: (outcomes: readonly Outcome[]) => void;
  /** A daily message that is due could not be made yet. */
  onUnmade: (error: unknown, name: string) => void;
  /** What was begun broke off: a lost database, or a bug. Its rows stay due. Null: it was about decisions. */
  onBroken: (error: unknown, destinationId: number | null) => void;
}

/** The stages, as the rest of the service calls them. */
export interface Pipeline {
  /** Resolves when the delivery is committed. @throws Overloaded */
  take(delivery: Delivery): Promise<void>;
  /** The one way in for our own alarms: the same pipeline, no second path. */
  submit(alarms: readonly Alarm[]): Promise<void>;
  /** Decides every incident that is due. */
  decide(): Promise<void>;
  /** The same, without waiting: in a storm there is always another, and what is to be sent must not wait behind it. */
  beginDecide(): void;
  /** Sends what is due to one destination. */
  deliver(destinationId: number): Promise<void>;
  /** The same, without waiting: a channel that hangs must not keep whoever asks from deciding and from other channels. */
  begin(destinationId: number): void;
  /** Makes the notices that are due: of silences that end, of hand-overs, and daily messages. */
  notify(): Promise<void>;
  /** Carries an edit on to open alerts and incidents. */
  applyEdit(): Promise<void>;
  /** Finds due rows whose nudge was lost. Returns whether it found any to deliver. */
  sweep(): Promise<boolean>;
  /** The same, without waiting for what it begins. */
  look(): Promise<void>;
  /** Waits for commits and messages under way. */
  drain(): Promise<void>;
  /** From now on no decision and no message is begun; the rows stay due for whoever goes on. */
  halt(): void;
}

const destinationsAtOnce = 1_000;
/** Of each channel. */
const destinationsSideBySide = 16;
/** Bounds one run to a destination; what is left is found by the next nudge or the sweep. */
const roundsPerRun = 200;

export function createPipeline<Beat>(parts: PipelineParts<Beat>): Pipeline {
  let stopping = false;
  const now = () => parts.clock.now();
  const members = createDestinations(parts.db, new Set(parts.channels.keys()), now);

  /**
   * One nudge for everything that is due within the same second, because whoever is woken decides all that is due: a
   * storm over a thousand incidents would else cost a thousand jobs.
   */
  function wake(times: readonly Date[]): void {
    const present = now().getTime();
    const seconds = new Set(times.map((at) => (at.getTime() <= present ? 0 : Math.ceil(at.getTime() / 1000))));
    parts.nudge([...seconds].map((s) => ({ kind: 'decide', id: 'due', at: new Date(s === 0 ? present : s * 1000) })));
  }
  const wakeNow = (incidentIds: readonly string[]) => wake(incidentIds.length > 0 ? [now()] : []);

  const memory = { lastPosts: createLastPosts(), guess: createGuess() };
  const batcher = createBatcher<Delivery>(
    async (deliveries) => {
      const taken = await takeIn({ ...parts, ...memory }, deliveries, now());
      wake(taken.dueAt);
      parts.onTaken(taken);
    },
    (delivery) => delivery.reports.length + delivery.quarantined.length,
    parts.limits,
  );

  async function submit(alarms: readonly Alarm[]): Promise<void> {
    if (alarms.length === 0) return;
    const self = [...(await parts.snapshot()).sources.values()].find((s) => s.kind === 'self');
    if (self === undefined) throw new Error('the built-in source of our own alarms is missing');
    await batcher.add({ sourceId: self.id, reports: reportsOf(alarms, self), quarantined: [] });
  }

  const decide = createRunner(async () => {
    for (let left = true; left && !stopping; ) {
      const decided = await decideDue({ ...parts, members }, now());
      left = decided.incidents > 0;
      parts.onDecided(decided.outcomes);
      wake(decided.due.map(({ at }) => at));
      parts.nudge(decided.deliver.map(({ id, at }) => ({ kind: 'deliver', id: String(id), at })));
    }
  });

  const lanes = createLanes(destinationsSideBySide);
  const deliverTo = createRunners<number>(async (destinationId) => {
    const channel = await channelOf(parts.db, destinationId);
    if (channel === null) return;
    let left = true;
    // In a storm there is always more for some: between two turns of one of them the others have theirs.
    for (let round = 0; left && round < roundsPerRun; round++) {
      await lanes(channel, async () => {
        left = !stopping && (await deliver({ ...parts, members, submit, onDue: wakeNow }, destinationId));
      });
    }
  });

  const begun = new Set<Promise<void>>();
  function beginRun(work: () => Promise<void>, destinationId: number | null): void {
    // The queue hands jobs over until it is stopped, which is after the last drain: the next start finds what they are about.
    if (stopping) return;
    const run = work()
      .catch((error: unknown) => parts.onBroken(error, destinationId))
      .finally(() => begun.delete(run));
    begun.add(run);
  }
  const begin = (destinationId: number) => beginRun(() => deliverTo(destinationId), destinationId);
  const beginDecide = () => beginRun(decide, null);

  async function notify(): Promise<void> {
    const daily = { ...parts.daily, site: parts.sender.site };
    const destinations = await makeNotices({ ...parts, daily, members }, now());
    parts.nudge(destinations.map((id) => ({ kind: 'deliver', id: String(id), at: now() })));
  }

  const applyEdit = createRunner(async () => {
    const snapshot: Snapshot = await parts.snapshot();
    await members(snapshot);
    await reroute(parts.db, snapshot, now);
    await touchAfterEdit(parts.db, snapshot.version, now());
    await decide();
  });

  const due = () => dueDestinations(parts.db, now(), parts.leaseOffsetMs(), destinationsAtOnce);

  async function sweep(): Promise<boolean> {
    await wakeInhibited(parts.db, now());
    await decide();
    const found = await due();
    await Promise.all(found.map(deliverTo));
    return found.length > 0;
  }

  async function beginDue(): Promise<void> {
    for (const id of await due()) begin(id);
  }

  async function look(): Promise<void> {
    await wakeInhibited(parts.db, now());
    await beginDue();
    beginRun(async () => {
      await decide();
      await beginDue();
    }, null);
  }

  async function drain(): Promise<void> {
    await batcher.drain();
    while (begun.size > 0) await Promise.all(begun);
    await batcher.drain();
  }

  const halt = () => {
    stopping = true;
  };
  return {
    take: batcher.add,
    submit,
    decide,
    beginDecide,
    deliver: deliverTo,
    begin,
    notify,
    applyEdit,
    sweep,
    look,
    drain,
    halt,
  };
}
