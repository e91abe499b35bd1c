/**
 * The pipeline, in order: receive -> dedupe -> route -> converge -> deliver.
 *
 * `take` does the first three in one transaction and answers when it is committed; `decide` and `deliver` look at rows
 * that are due, woken by a nudge or by the sweep, any number of times and on any replica.
 */
import type { Alarm } from '../alert/alarm.ts';
import type { Snapshot } from '../alert/config.ts';
import type { Reason } from '../alert/reason.ts';
import { type DecideParts, decideDue } from './converge/decide.ts';
import { createDestinations } from './converge/destinations.ts';
import { type DelivererParts, deliver } from './deliver/deliver.ts';
import { type BatchLimits, createBatcher } from './receive/batch.ts';
import { type Delivery, type IntakeParts, type Taken, takeIn } from './receive/intake.ts';
import { createLastPosts } from './receive/sources.ts';
import { reportsOf } from './receive/submit.ts';
import { reroute, touchAfterEdit } from './route/reroute.ts';
import { createRunner, createRunners } from './runner.ts';
import { dueDestinations } from './sweep.ts';

/** What the pipeline needs from the rest of the service. */
export interface PipelineParts<Beat>
  extends Omit<IntakeParts<Beat>, 'lastPosts'>,
    Omit<DecideParts, 'members'>,
    Omit<DelivererParts, 'members' | 'submit' | 'onDue' | 'stopping'> {
  limits: BatchLimits;
  /** Asks that rows be looked at, now or later; it may get lost. */
  nudge: (nudges: { kind: 'decide' | 'deliver'; id: string; at: Date }[]) => void;
  /** Called once per commit with what became of the reports; counts. */
  onTaken: (taken: Taken) => void;
  /** Called once per decision with why destinations were not told; counts. */
  onUntold: (reasons: readonly Reason[]) => void;
}

/** The stages, as the rest of the service calls them. */
export interface Pipeline {
  /** Resolves when the delivery is committed. @throws Overloaded */
  take(delivery: Delivery): Promise<void>;
  /** The one way in for our own alarms: the same pipeline, no second path. */
  submit(alarms: readonly Alarm[]): Promise<void>;
  /** Decides every incident that is due. */
  decide(): Promise<void>;
  /** Sends what is due to one destination. */
  deliver(destinationId: number): Promise<void>;
  /** Carries an edit on to open alerts and incidents. */
  applyEdit(): Promise<void>;
  /** Finds due rows whose nudge was lost. Returns whether it found any to deliver. */
  sweep(): Promise<boolean>;
  /** Waits for commits under way. */
  drain(): Promise<void>;
  /** From now on no decision and no message is begun; the rows stay due for whoever goes on. */
  halt(): void;
}

const alertsAtOnce = 500;
const destinationsAtOnce = 100;
const destinationsSideBySide = 8;

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

  const lastPosts = createLastPosts();
  const batcher = createBatcher<Delivery>(
    async (deliveries) => {
      const taken = await takeIn({ ...parts, lastPosts }, deliveries, now());
      wake(taken.due.map(({ at }) => at));
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
      parts.onUntold(decided.untold);
      wake(decided.due.map(({ at }) => at));
      parts.nudge(decided.deliver.map((id) => ({ kind: 'deliver', id: String(id), at: now() })));
    }
  });

  const deliverTo = createRunners<number>((destinationId) =>
    deliver({ ...parts, members, submit, onDue: wakeNow, stopping: () => stopping }, destinationId),
  );

  const applyEdit = createRunner(async () => {
    const snapshot: Snapshot = await parts.snapshot();
    await members(snapshot);
    for (let found = alertsAtOnce; found === alertsAtOnce; ) {
      found = (await reroute(parts.db, snapshot, now(), alertsAtOnce)).alerts;
    }
    await touchAfterEdit(parts.db, snapshot.version, now());
    await decide();
  });

  async function sweep(): Promise<boolean> {
    await decide();
    const due = await dueDestinations(parts.db, now(), parts.leaseOffsetMs(), destinationsAtOnce);
    const left = [...due];
    const lanes = Array.from({ length: destinationsSideBySide }, async () => {
      for (let id = left.shift(); id !== undefined && !stopping; id = left.shift()) await deliverTo(id);
    });
    await Promise.all(lanes);
    return due.length > 0;
  }

  const halt = () => {
    stopping = true;
  };
  return { take: batcher.add, submit, decide, deliver: deliverTo, applyEdit, sweep, drain: batcher.drain, halt };
}
