/** Raises the alarm when a heartbeat goes quiet. The rows are the truth; every replica may tick. */
import type { Alarm, Submit } from '../alert/alarm.ts';
import type { Report } from '../alert/alert.ts';
import type { Snapshot } from '../alert/config.ts';
import type { Outage } from '../alert/outage.ts';
import type { Matcher } from '../matcher/matcher.ts';
import type { Db, Queryable } from '../store/db.ts';
import { absenceToleranceMs, loadOutages, recordTick } from '../store/outages.ts';
import { heartbeatName, lostAlarm, recoveredAlarm, withdrawnAlarm } from './alarms.ts';
import { type Asking, askForBlame } from './ask.ts';
import { type Beat, type HeartbeatMatching, heartbeatOf, saveBeats, splitBeats } from './beats.ts';
import type { HeartbeatDecision } from './decide.ts';
import { createGiven } from './given.ts';
import { type Decided, decideStream } from './judge.ts';
import { createMemory } from './memory.ts';
import { loadRaised, saveMissed, saveRaised } from './missed.ts';
import {
  deleteStream,
  loadStreams,
  rehomeStream,
  type Stream,
  type StreamChange,
  saveChanges,
  tidyStreams,
} from './streams.ts';
import { type AlarmsNow, createSubmitter } from './submitter.ts';

/** How often {@link Watchdog.tick} is meant to be called: an alarm is at most this late. */
export const watchdogTickMs = 2_000;

export interface WatchdogOptions extends Pick<Asking, 'askPeers' | 'readPolls'> {
  db: Db;
  snapshots: () => Snapshot;
  submit: Submit;
  /** The same, and decides it at once: for alarms that may have ended by now, whose end would hide them else. */
  submitPast: Submit;
  /** What makes an undeclared alert a heartbeat: a matcher of `alertname`. */
  discover: Matcher;
  now: () => Date;
  log: { info(facts: object, text: string): void; warn(facts: object, text: string): void };
}

/** One stream as people and metrics see it. */
export interface HeartbeatView extends Pick<HeartbeatDecision, 'state' | 'reason' | 'dueAt'> {
  id: number;
  /** Name of the declared heartbeat, or what a discovered one is called in its alarm. */
  name: string;
  declared: boolean;
  /** Name; null: not heard from any source yet. */
  source: string | null;
  site: string;
  labels: Stream['labels'];
  stateSince: Date;
  firstBeatAt: Date | null;
  lastBeatAt: Date | null;
  beats: number;
  cadenceMs: number | null;
  timeoutMs: number;
  /** Since when the alarm is out. */
  alarmedAt: Date | null;
  /** Which part is gone, while the alarm is out. */
  blame: Stream['blame'];
  /** Time since the last beat in which we were there, null before the first. */
  silentMs: number | null;
}

export interface Watchdog {
  /** Takes the beats out of one request's reports. */
  splitBeats(reports: readonly Report[], snapshot: Snapshot): { beats: Beat[]; rest: Report[] };
  /** Stores beats inside the transaction of their request. */
  saveBeats(tx: Queryable, beats: readonly Beat[], now: Date): Promise<void>;
  /** Counts the beats of a request that could not be stored. */
  hear(reports: readonly Report[], now: Date): void;
  /** Records that we are here, decides every stream, and submits what changed. */
  tick(now: Date): Promise<void>;
  /** Says that this process is there, whether or not the database is. */
  here(now: Date): void;
  /** Decides every stream without the database, see {@link createMemory}; the alarms that somebody has to be told of. */
  fromMemory(now: Date): Alarm[];
  /** Looks up which of the alarms from memory the database has already, and how. */
  recall(): Promise<void>;
  /** An alarm of {@link Watchdog.fromMemory} as the database has it, as far as that is known. */
  asStored(alarm: Alarm): Alarm;
  /** Every stream, for the API and the metrics. */
  states(): Promise<HeartbeatView[]>;
}

/**
 * @param options.submit takes our alarms into the pipeline; what it rejects is submitted again at the next tick
 */
export function createWatchdog(options: WatchdogOptions): Watchdog {
  const { db, discover } = options;
  const submitAlarms = createSubmitter(options.submit);
  const memory = createMemory(absenceToleranceMs);
  const given = createGiven();

  /** All streams, each at the heartbeat that it belongs to now. */
  async function loadFitting(snapshot: Snapshot): Promise<Stream[]> {
    const streams = await loadStreams(db);
    const misfits = findMisfits(streams, { snapshot, discover });
    if (misfits.length === 0 || !(await isCurrent(db, snapshot))) return streams;
    for (const { stream, owner } of misfits) {
      if (owner === null) await deleteStream(db, stream.id);
      else await rehomeStream(db, stream, owner === 'discovered' ? null : owner.id);
    }
    return loadStreams(db);
  }

  async function outagesOf(streams: readonly Stream[], now: Date): Promise<Outage[]> {
    const beats = streams.flatMap((stream) => stream.lastBeatAt ?? []);
    return loadOutages(db, new Date(Math.min(now.getTime(), ...beats.map((at) => at.getTime()))));
  }

  /** Until it has succeeded the memory keeps everything: the next tick does all of it again. */
  async function storeMemory(now: Date): Promise<void> {
    const raised = memory.raised();
    const gone = given.learn(raised, await saveRaised(db, raised, now));
    await saveMissed(db, memory.missed());
    if (raised.length > 0) await options.submitPast(raised.map(({ alarm }) => given.asStored(alarm)));
    if (gone.length > 0) await options.submit(gone.map(({ alarm }) => withdrawnAlarm(alarm, now)));
    memory.stored(raised);
  }

  /**
   * A raise is recorded first and submitted from its row: its start is then the same for everybody who repeats it, and
   * when this process dies in between, the next tick of any process submits it. A recovery is submitted first and
   * recorded afterwards: until it is recorded, the next tick submits the same again.
   */
  async function tick(now: Date): Promise<void> {
    await recordTick(db, { now, tickMs: watchdogTickMs, toleranceMs: absenceToleranceMs });
    await storeMemory(now);
    await tidyStreams(db, now, absenceToleranceMs);
    const snapshot = options.snapshots();
    const streams = await loadFitting(snapshot);
    const outages = await outagesOf(streams, now);
    const decided = decideAll(streams, snapshot, now, outages);
    const recovered = decided.filter(({ decision }) => decision.alarm === 'clear');
    const others = decided.filter(({ decision }) => decision.alarm !== 'clear');
    const blamed = await withBlame(others, streams, now);
    const saved = await save(blamed, now);
    const out = blamed.flatMap((each) => alarmOut(each, saved.has(each.stream.id) ? now : null));
    const calm = idsOf(others);
    for (const { streamId } of out) calm.delete(streamId);
    const undecided = idsOf(streams.map((stream) => ({ stream })));
    for (const { stream } of decided) undecided.delete(stream.id);
    await submitAlarms({ out, recovered: recovered.map(recovery), undecided, calm }, now);
    await save(recovered, now);
    memory.remember(await loadStreams(db), outages, now);
  }

  /** Those that are raised now with the part that is gone: found once, and stored with the raise. */
  async function withBlame(decided: readonly Decided[], streams: readonly Stream[], now: Date): Promise<Decided[]> {
    const raised = decided.filter(({ decision }) => decision.alarm === 'raise');
    const found = await askForBlame(options, raised, { streams, now });
    return decided.map((each) => {
      const blame = found.get(each.stream.id);
      return blame === undefined ? each : { ...each, facts: { ...each.facts, stream: { ...each.stream, blame } } };
    });
  }

  async function save(decided: readonly Decided[], now: Date): Promise<Set<number>> {
    const changed = decided.filter(isChange);
    const saved = await saveChanges(
      db,
      changed.map((each) => changeOf(each, now)),
      now,
    );
    for (const each of changed) if (saved.has(each.stream.id)) logChange(options.log, each);
    return saved;
  }

  async function states(): Promise<HeartbeatView[]> {
    const now = options.now();
    const streams = await loadStreams(db);
    return decideAll(streams, options.snapshots(), now, await outagesOf(streams, now)).map(viewOf);
  }

  return {
    splitBeats: (reports, snapshot) => splitBeats(reports, { snapshot, discover }),
    async saveBeats(tx, beats, at) {
      // Before the commit, so that none is lost to a database that goes away with it.
      memory.hear(beats, at);
      await saveBeats(tx, beats, at);
    },
    hear: (reports, at) => memory.hear(splitBeats(reports, { snapshot: options.snapshots(), discover }).beats, at),
    tick,
    here: memory.here,
    async recall() {
      const raised = memory.raised();
      given.learn(raised, await loadRaised(db, raised));
    },
    asStored: given.asStored,
    fromMemory: (at) => memory.decide(options.snapshots(), at),
    states,
  };
}

function decideAll(streams: readonly Stream[], snapshot: Snapshot, now: Date, outages: readonly Outage[]): Decided[] {
  return streams.flatMap((stream) => decideStream(stream, snapshot, now, outages) ?? []);
}

/** Streams whose labels, since an edit, belong to another heartbeat, or to none. */
function findMisfits(
  streams: readonly Stream[],
  matching: HeartbeatMatching,
): { stream: Stream; owner: ReturnType<typeof heartbeatOf> }[] {
  return streams.flatMap((stream) => {
    if (stream.sourceId === null || stream.fingerprint === '') return [];
    const owner = heartbeatOf(stream.labels, stream.sourceId, matching);
    const ownerId = owner === null || owner === 'discovered' ? null : owner.id;
    return owner !== null && ownerId === stream.heartbeatId ? [] : [{ stream, owner }];
  });
}

/** Only a replica that knows the latest edit may move streams: else two that disagree would move them to and fro. */
async function isCurrent(db: Queryable, snapshot: Snapshot): Promise<boolean> {
  const { rows } = await db.query<{ version: string }>('select version::text from config_version');
  return rows[0]?.version === String(snapshot.version);
}

function idsOf(decided: readonly Pick<Decided, 'stream'>[]): Set<number> {
  return new Set(decided.map(({ stream }) => stream.id));
}

function isChange({ stream, decision }: Decided): boolean {
  return decision.alarm !== null || decision.state !== stream.state;
}

function changeOf({ stream, facts, decision }: Decided, now: Date): StreamChange {
  const alarmedAt = decision.alarm === null ? stream.alarmedAt : decision.alarm === 'raise' ? now : null;
  const blame = alarmedAt === null ? null : facts.stream.blame;
  return { before: stream, state: decision.state, alarmedAt, blame };
}

/** @param raisedAt when this tick recorded a raise; null: it did not, or another replica was first */
function alarmOut({ stream, facts, decision }: Decided, raisedAt: Date | null): AlarmsNow['out'] {
  const startsAt = decision.alarm === 'raise' ? raisedAt : stream.alarmedAt;
  return startsAt === null ? [] : [{ streamId: stream.id, alarm: lostAlarm(facts, startsAt) }];
}

function recovery({ stream, facts }: Decided): Alarm {
  return recoveredAlarm(facts, stream.alarmedAt as Date);
}

function logChange(log: WatchdogOptions['log'], { stream, facts, decision }: Decided): void {
  const about = {
    heartbeat: heartbeatName(facts),
    source: facts.source?.name ?? null,
    from: stream.state,
    to: decision.state,
    reason: decision.reason,
    part: facts.stream.blame?.verdict ?? null,
  };
  if (decision.alarm === 'raise') log.warn(about, 'heartbeat lost');
  else log.info(about, 'heartbeat changed');
}

function viewOf({ stream, facts, decision, silentMs }: Decided): HeartbeatView {
  const { id, labels, state, stateSince, firstBeatAt, lastBeatAt, beats, cadenceMs, alarmedAt, blame } = stream;
  return {
    id,
    name: heartbeatName(facts),
    declared: facts.heartbeat !== null,
    source: facts.source?.name ?? null,
    site: facts.source?.site ?? '',
    labels,
    state,
    stateSince,
    reason: decision.reason,
    dueAt: decision.dueAt,
    firstBeatAt,
    lastBeatAt,
    beats,
    cadenceMs,
    timeoutMs: facts.timeoutMs,
    alarmedAt,
    blame: alarmedAt === null ? null : blame,
    silentMs,
  };
}
