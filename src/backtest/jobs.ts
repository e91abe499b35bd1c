/** Backtests under way and done, in memory: a restart forgets them, and each replica knows its own. */
import { randomUUID } from 'node:crypto';
import type { Snapshot } from '../alert/config.ts';
import type { Db } from '../store/db.ts';
import { type Comparison, compare } from './compare.ts';
import { failureWords } from './failure.ts';
import type { History } from './history.ts';
import { loadHistory, TooMuch } from './load.ts';
import { replay } from './replay.ts';
import { createCounter, type Tally } from './tally.ts';
import type { Configuration } from './world.ts';

/** What is replayed, and through what. */
export interface BacktestRequest {
  from: Date;
  to: Date;
  /** As configured now. */
  before: Snapshot;
  /** With the draft. */
  after: Snapshot;
}

/** One backtest. */
export interface Backtest {
  id: string;
  askedAt: Date;
  from: Date;
  to: Date;
  state: 'waiting' | 'running' | 'done' | 'failed';
  /** From 0 to 1. */
  progress: number;
  /** How many changes of alerts were replayed; null until they are read. */
  changes: number | null;
  /** When the oldest change that is kept was heard of; null: none is kept, or they are not read yet. */
  knownSince: Date | null;
  /** Why it failed, null unless it did. */
  error: string | null;
  result: Comparison | null;
}

/** What backtests need from the rest of the service. */
export interface BacktestParts extends Pick<Configuration, 'critical' | 'channels'> {
  db: Db;
  now: () => Date;
  /** A failure that is none of the request's. */
  onFault: (error: unknown) => void;
}

/** The backtests of this process. */
export interface Backtests {
  /** Null: too many wait already. */
  start(request: BacktestRequest): Backtest | null;
  /** Undefined: there is none, or it is forgotten. */
  find(id: string): Backtest | undefined;
  /** How many wait, and run. */
  counts(): { waiting: number; running: number };
  /** Breaks off what is under way. */
  stop(): void;
}

/**
 * Before the time that is looked at, so much more is replayed, and not counted: whoever was told before of what fires then is
 * not told of it again.
 */
export const warmUpMs = 24 * 3_600_000;
/** And so much more after it, in which nothing new happens: what fires at its end may be told a little later. */
const afterwardsMs = 3_600_000;
const keptAtMost = 20;
const waitingAtMost = 5;

/** One backtest runs at a time: it takes what one processor has to spare. */
export function createBacktests(parts: BacktestParts): Backtests {
  const all = new Map<string, Backtest>();
  const stopping = new AbortController();
  let last: Promise<void> = Promise.resolve();

  function forgetOldest(): void {
    for (const [id, { state }] of all) {
      if (all.size <= keptAtMost) return;
      if (state === 'done' || state === 'failed') all.delete(id);
    }
  }

  async function run(backtest: Backtest, request: BacktestRequest): Promise<void> {
    if (stopping.signal.aborted) return;
    backtest.state = 'running';
    try {
      backtest.result = await carryOut(parts, backtest, request, stopping.signal);
      backtest.state = 'done';
      backtest.progress = 1;
    } catch (error) {
      backtest.state = 'failed';
      backtest.error = failureWords(error);
      if (!(error instanceof TooMuch || stopping.signal.aborted)) parts.onFault(error);
    }
  }

  const count = (state: Backtest['state']) => [...all.values()].filter((b) => b.state === state).length;

  return {
    start(request) {
      if (count('waiting') >= waitingAtMost) return null;
      const { from, to } = request;
      const backtest: Backtest = {
        ...{ id: randomUUID(), askedAt: parts.now(), from, to, state: 'waiting', progress: 0 },
        ...{ changes: null, knownSince: null, error: null, result: null },
      };
      all.set(backtest.id, backtest);
      forgetOldest();
      last = last.then(() => run(backtest, request));
      return backtest;
    },
    find: (id) => all.get(id),
    counts: () => ({ waiting: count('waiting'), running: count('running') }),
    stop: () => stopping.abort(),
  };
}

async function carryOut(
  { db, critical, channels }: BacktestParts,
  backtest: Backtest,
  { from, to, before, after }: BacktestRequest,
  signal: AbortSignal,
): Promise<Comparison> {
  const start = new Date(from.getTime() - warmUpMs);
  const history = await loadHistory(db, start);
  backtest.changes = history.changes.length;
  backtest.knownSince = history.knownSince;
  const tallyOf = async (snapshot: Snapshot, done: number): Promise<Tally> => {
    const onProgress = (at: Date) => {
      signal.throwIfAborted();
      const share = (at.getTime() - start.getTime()) / (to.getTime() - start.getTime());
      backtest.progress = done + Math.min(1, Math.max(0, share)) / 2;
    };
    return tally(history, { snapshot, critical, channels }, { from, to, onProgress });
  };
  return compare(await tallyOf(before, 0), await tallyOf(after, 0.5));
}

async function tally(
  history: History,
  configuration: Configuration,
  { from, to, onProgress }: { from: Date; to: Date; onProgress: (at: Date) => void },
): Promise<Tally> {
  const counter = createCounter({ from, to });
  const end = new Date(to.getTime() + afterwardsMs);
  await replay(history, configuration, { to: end, onSent: counter.note, onProgress });
  return counter.result();
}
