/** What the probes of one peer have come to since this process began to watch it. Pure. */

/** One round of probes, as far as it is about one peer. void: we were away ourselves, so it says nothing. */
export type Probed = 'answered' | 'missed' | 'void';

export interface Watch {
  /** The last probes, the newest last: whether each was answered. */
  recent: readonly boolean[];
  /** In a row. */
  misses: number;
  good: number;
  /** For how long it has been silent while we were there, since its last answer or since we began to look. */
  silentMs: number;
  /** For how long each of these has been so while we were there. */
  leavingMs: number;
  notReadyMs: number;
  clockOffMs: number;
  /** Answers in a row that had nothing of that. */
  readyRun: number;
  clockRun: number;
  /** Answers in a row that were not understood. */
  unreadRun: number;
}

export const unwatched: Watch = {
  ...{ recent: [], misses: 0, good: 0, silentMs: 0 },
  ...{ leavingMs: 0, notReadyMs: 0, clockOffMs: 0, readyRun: 0, clockRun: 0, unreadRun: 0 },
};

/** How many probes `recent` holds. */
export const recentProbes = 10;

/** What a round has shown. */
export interface Round {
  probed: Probed;
  /** Whether what it answered is understood. */
  understood: boolean;
  /** Time since the round before in which we were there; 0 in the first, and after an absence of ours. */
  gapMs: number;
  /** Whether it is on an announced stop, answers that it cannot work (null: not known), or has a clock that is too far from ours. */
  leaving: boolean;
  notReady: boolean | null;
  clockOff: boolean;
}

/** The watch after one more round. */
export function watched(before: Watch, round: Round): Watch {
  const { probed, gapMs, leaving } = round;
  if (probed === 'void') return before;
  const answered = probed === 'answered';
  return {
    ...before,
    recent: [...before.recent, answered].slice(-recentProbes),
    misses: answered ? 0 : before.misses + 1,
    good: answered ? before.good + 1 : 0,
    silentMs: answered ? 0 : before.silentMs + gapMs,
    leavingMs: leaving ? before.leavingMs + gapMs : 0,
    ...(answered ? conditions(before, round) : {}),
  };
}

/** Of a silent peer nothing new is known. */
function conditions(before: Watch, { gapMs, understood, notReady, clockOff }: Round) {
  return {
    unreadRun: understood ? 0 : before.unreadRun + 1,
    ...(notReady === null ? {} : readiness(before, { gapMs, notReady })),
    clockOffMs: clockOff ? before.clockOffMs + gapMs : 0,
    clockRun: clockOff ? 0 : before.clockRun + 1,
  };
}

function readiness(before: Watch, { gapMs, notReady }: { gapMs: number; notReady: boolean }) {
  return notReady
    ? { notReadyMs: before.notReadyMs + gapMs, readyRun: 0 }
    : { notReadyMs: 0, readyRun: before.readyRun + 1 };
}

/**
 * The watch after an absence of ours (a blocked event loop, a stopped process, a lease that was another's): what was missed
 * then counts for nothing, so the silence begins anew.
 */
export function afterAbsence(before: Watch): Watch {
  return { ...before, misses: 0, silentMs: 0 };
}

/** The watch of one that has come back: what it missed before says nothing about the road of now. */
export function cameBack(before: Watch): Watch {
  return { ...before, recent: [] };
}

/** How long between two rounds is an absence of ours, and not a slow one. */
export function isAbsence(
  gapMs: number,
  { intervalMs, timeoutMs }: { intervalMs: number; timeoutMs: number },
): boolean {
  return gapMs > 2 * Math.max(intervalMs, timeoutMs) + 1_000;
}
