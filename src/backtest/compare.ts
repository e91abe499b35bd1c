/** What a draft changes: the figures of two replays side by side. Pure. */
import type { Labels } from '../alert/labels.ts';
import type { CriticalTold, Received, Tally } from './tally.ts';

/** A figure as it is, and as the draft would make it. */
export interface BeforeAfter {
  before: number;
  after: number;
}

/** One person or room on one channel. */
export interface Receiver {
  name: string;
  channel: string;
  kind: Received['kind'];
  messages: BeforeAfter;
  reminders: BeforeAfter;
  limited: BeforeAfter;
  /** It got messages, and would get none. */
  stops: boolean;
}

/** A critical alert that would be told later, or never. */
export interface CriticalChange {
  fingerprint: string;
  labels: Labels;
  startsAt: Date;
  toldAt: Date;
  /** Null: never. */
  wouldBeToldAt: Date | null;
}

/** Messages over time, in parts of the same length. */
export interface TwoTimelines {
  startsAt: Date;
  stepMs: number;
  before: number[];
  after: number[];
}

/** What a draft changes. */
export interface Comparison {
  messages: BeforeAfter;
  /** Incidents of which anybody was told. */
  incidents: BeforeAfter;
  /** Incidents told that waited for a rate limit, or shared a message because of one. */
  limited: BeforeAfter;
  timeline: TwoTimelines;
  /** Those that change most first. */
  receivers: Receiver[];
  criticals: { told: BeforeAfter; later: number; never: number; sooner: number; examples: CriticalChange[] };
}

/** Critical alerts that are listed; all are counted. */
const listedAtMost = 50;

/** Compares what was told with what would be, in the same time. */
export function compare(before: Tally, after: Tally): Comparison {
  const receivers = receiversOf(before, after);
  const sum = (of: (r: Receiver) => number) => receivers.reduce((all, r) => all + of(r), 0);
  return {
    messages: { before: before.messages, after: after.messages },
    incidents: { before: before.incidents, after: after.incidents },
    limited: { before: sum((r) => r.limited.before), after: sum((r) => r.limited.after) },
    timeline: timelineOf(before, after),
    receivers,
    criticals: criticalsOf(before, after),
  };
}

function timelineOf({ timeline: was }: Tally, { timeline: will }: Tally): TwoTimelines {
  return { startsAt: was.startsAt, stepMs: was.stepMs, before: was.messages, after: will.messages };
}

function receiversOf(before: Tally, after: Tally): Receiver[] {
  const keys = [...new Set([...before.received.keys(), ...after.received.keys()])];
  return keys
    .map((key) => receiverOf(before.received.get(key), after.received.get(key)))
    .sort((a, b) => changeOf(b) - changeOf(a) || (a.name < b.name ? -1 : 1));
}

function receiverOf(was: Received | undefined, will: Received | undefined): Receiver {
  const { name, channel, kind } = (will ?? was) as Received;
  const both = (of: (r: Received) => number): BeforeAfter => ({
    before: was === undefined ? 0 : of(was),
    after: will === undefined ? 0 : of(will),
  });
  return {
    ...{ name, channel, kind },
    messages: both((r) => r.messages),
    reminders: both((r) => r.reminders),
    limited: both((r) => r.limited),
    stops: was !== undefined && will === undefined,
  };
}

function changeOf({ messages }: Receiver): number {
  return Math.abs(messages.after - messages.before);
}

/** Of those that were told in the time that is looked at; they may be told before or after it with the draft. */
function criticalsOf(before: Tally, after: Tally): Comparison['criticals'] {
  const worse: CriticalChange[] = [];
  let sooner = 0;
  for (const [key, was] of toldWithin(before)) {
    const will = after.criticals.get(key)?.at ?? null;
    if (will !== null && will < was.at) sooner += 1;
    if (will === null || will > was.at) worse.push(changed(was, will));
  }
  const never = worse.filter((c) => c.wouldBeToldAt === null).length;
  return {
    told: { before: toldWithin(before).length, after: toldWithin(after).length },
    ...{ later: worse.length - never, never, sooner },
    examples: worse.sort((a, b) => delayOf(b) - delayOf(a)).slice(0, listedAtMost),
  };
}

function toldWithin({ criticals, from, to }: Tally): [string, CriticalTold][] {
  return [...criticals].filter(([, { at }]) => at >= from && at <= to);
}

function changed({ alert, at }: CriticalTold, wouldBeToldAt: Date | null): CriticalChange {
  const { fingerprint, labels, since } = alert;
  return { fingerprint, labels, startsAt: since, toldAt: at, wouldBeToldAt };
}

/** Never first; of those the newest first. */
function delayOf({ toldAt, wouldBeToldAt }: CriticalChange): number {
  return wouldBeToldAt === null ? toldAt.getTime() : wouldBeToldAt.getTime() - toldAt.getTime();
}
