/**
 * What this process knows of the streams without the database: what that last said, and the beats that this process has
 * heard since. With the database away it is a partial view, because other replicas may have heard more; the decision is the
 * same function as ever.
 */
import type { Alarm } from '../alert/alarm.ts';
import type { Snapshot } from '../alert/config.ts';
import type { Outage } from '../alert/outage.ts';
import { type AlarmFacts, lostAlarm } from './alarms.ts';
import { type Beat, echoMs, keyOf } from './beats.ts';
import { decideStream } from './judge.ts';
import type { Stream } from './streams.ts';

/** An alarm that was raised without the database, for its row. */
export interface Raised {
  /** Of the stream. */
  id: number;
  alarm: Alarm;
  /** What it was worded from. */
  facts: AlarmFacts;
}

/** Beats that were heard and are not stored. */
export interface Missed {
  /** Of the stream. */
  id: number;
  /** Of the last ones, the earliest first. */
  at: readonly Date[];
  /** How many there were. */
  count: number;
  resolvedAt: Date | null;
}

/** Two good beats end an alarm, so more times than these say nothing more. */
const timesKept = 3;
/** Nobody can know whether an alarm that the database took so shortly before it went away was told. */
const perhapsUntoldMs = 30_000;

interface Remembered {
  /** As the database has it, and what was heard since. */
  stream: Stream;
  missed: Missed;
  raised: Raised | null;
}

export type Memory = ReturnType<typeof createMemory>;

/** @param toleranceMs a silence of this process that is longer was an absence, and counts against nobody */
export function createMemory(toleranceMs: number) {
  let streams = new Map<string, Remembered>();
  let outages: readonly Outage[] = [];
  let rememberedAt: Date | null = null;
  let hereAt: Date | null = null;

  /** Says that this process is there. */
  function here(now: Date): void {
    if (hereAt !== null && now.getTime() - hereAt.getTime() > toleranceMs) {
      outages = [...outages, { from: hereAt, to: now }];
    }
    hereAt = now;
  }

  function hear(beats: readonly Beat[], now: Date): void {
    for (const beat of beats) {
      const key = JSON.stringify(keyOf(beat));
      const known = streams.get(key);
      if (known !== undefined) streams.set(key, beat.status === 'firing' ? beaten(known, now) : ended(known, now));
    }
  }

  /** Takes what the database says; of what was heard only what it has not got stays. */
  function remember(stored: readonly Stream[], absences: readonly Outage[], now: Date): void {
    const before = streams;
    streams = new Map();
    for (const stream of stored) {
      const key = JSON.stringify(keyOf({ ...stream, sourceId: stream.sourceId ?? 0 }));
      const missed = stillMissed(before.get(key)?.missed, stream, now);
      const known: Remembered = { stream, missed: noneMissed(stream.id), raised: before.get(key)?.raised ?? null };
      streams.set(key, replayed(known, missed));
    }
    outages = absences;
    rememberedAt = now;
    hereAt = now;
  }

  /** Decides every stream without the database. @returns the alarms that are out, and perhaps told by nobody */
  function decide(snapshot: Pick<Snapshot, 'heartbeats' | 'sources'>, now: Date): Alarm[] {
    const alarms: Alarm[] = [];
    for (const [key, known] of streams) {
      const decided = decideStream(known.stream, snapshot, now, outages);
      if (decided === null) continue;
      const { decision, facts } = decided;
      if (decision.alarm === 'raise') streams.set(key, raisedAt(known, facts, now));
      if (decision.alarm === 'clear') streams.set(key, clearedAt(known));
      const { stream, raised } = streams.get(key) as Remembered;
      if (stream.alarmedAt === null) continue;
      if (raised !== null) alarms.push(raised.alarm);
      else if (isRecent(stream.alarmedAt)) alarms.push(lostAlarm(facts, stream.alarmedAt));
    }
    return alarms;
  }

  const isRecent = (at: Date) => rememberedAt !== null && rememberedAt.getTime() - at.getTime() < perhapsUntoldMs;

  return {
    here,
    hear,
    remember,
    decide,
    /** The alarms that were raised without the database and that it has not been given, ended or not. */
    raised: (): Raised[] => [...streams.values()].flatMap(({ raised }) => raised ?? []),
    missed: (): Missed[] =>
      [...streams.values()].map(({ missed }) => missed).filter(({ count, resolvedAt }) => count > 0 || resolvedAt),
    /** The database has been given these. */
    stored(given: readonly Raised[]): void {
      for (const [key, known] of streams) {
        if (known.raised !== null && given.includes(known.raised)) streams.set(key, { ...known, raised: null });
      }
    },
  };
}

function noneMissed(id: number): Missed {
  return { id, at: [], count: 0, resolvedAt: null };
}

/** A stored beat at the same time, or later, says as much; and one from the future is of a clock that has been set back. */
function stillMissed(missed: Missed | undefined, { id, lastBeatAt, resolvedAt }: Stream, now: Date): Missed {
  if (missed === undefined) return noneMissed(id);
  const at = missed.at.filter((time) => time <= now && (lastBeatAt === null || time > lastBeatAt));
  return { id, at, count: at.length, resolvedAt: resolvedAt === null ? missed.resolvedAt : null };
}

/** Two posts within a few seconds are one beat, as where they are stored. */
function beaten(known: Remembered, at: Date): Remembered {
  const { stream, missed } = known;
  const sinceMs = stream.lastBeatAt === null ? echoMs : at.getTime() - stream.lastBeatAt.getTime();
  if (sinceMs >= 0 && sinceMs < echoMs) return known;
  const { beats, goodBeats } = stream;
  return {
    ...known,
    stream: { ...stream, lastBeatAt: at, beats: beats + 1, goodBeats: goodBeats + 1 },
    missed: { ...missed, at: [...missed.at, at].slice(-timesKept), count: missed.count + 1 },
  };
}

function ended(known: Remembered, at: Date): Remembered {
  const { stream, missed } = known;
  if (stream.resolvedAt !== null && stream.goodBeats === 0) return known;
  return {
    ...known,
    stream: { ...stream, resolvedAt: at, goodBeats: 0 },
    missed: { ...missed, resolvedAt: at },
  };
}

/** Hears once more, in the order of time, what a stream has missed. */
function replayed(known: Remembered, { at, resolvedAt }: Missed): Remembered {
  if (resolvedAt === null) return at.reduce(beaten, known);
  const until = at.filter((time) => time <= resolvedAt).reduce(beaten, known);
  return at.filter((time) => time > resolvedAt).reduce(beaten, ended(until, resolvedAt));
}

function raisedAt(known: Remembered, facts: AlarmFacts, now: Date): Remembered {
  const stream: Stream = { ...known.stream, state: 'lost', alarmedAt: now, goodBeats: 0 };
  return { ...known, stream, raised: { id: stream.id, alarm: lostAlarm(facts, now), facts } };
}

function clearedAt(known: Remembered): Remembered {
  const stream: Stream = { ...known.stream, state: 'ok', alarmedAt: null, resolvedAt: null };
  return { ...known, stream, missed: { ...known.missed, resolvedAt: null } };
}
