import type { Report } from '../../alert/alert.ts';
import type { Rhythm } from '../dedupe/expiry.ts';
import { groupKey, type Known } from '../dedupe/known.ts';
import { type Learnt, rhythmStepMs } from '../dedupe/reporters.ts';

/**
 * Guesses that a batch brings nothing but first reports, as those of a storm do one after the other: it can then be
 * written without reading first what is known of it, which takes half of the time. A wrong guess stores nothing, but costs
 * a statement and a line in the log of the database, so each makes the next guesses rarer.
 */
export interface Guess {
  /** What would be known of such a batch; null when it has to be read. */
  known(reports: readonly Report[], now: Date): Known | null;
  /** Takes in what was read of a batch, and what was learnt by it. */
  read(known: Known, learnt: readonly Learnt[]): void;
  /** Takes in whether the last guess was right. */
  was(right: boolean): void;
}

/** So many batches of first reports have to have come one after the other before the next is guessed to be one. */
const fewest = 2;
/** … and so many after wrong guesses. */
const most = 1_024;
/** Of Alertmanager groups whose last post is remembered. */
const groupsAtMost = 10_000;

/** Makes a guesser that begins by reading. */
export function createGuess(): Guess {
  let row = 0;
  let needed = fewest;
  const rhythms = new Map<string, Rhythm>();

  function remember(key: string, rhythm: Rhythm): void {
    rhythms.delete(key);
    rhythms.set(key, rhythm);
    const [oldest] = rhythms.keys();
    if (rhythms.size > groupsAtMost && oldest !== undefined) rhythms.delete(oldest);
  }

  return {
    known(reports, now) {
      if (row < needed || reports.length === 0) return null;
      const found = new Map<string, Rhythm>();
      for (const report of reports) {
        const key = groupKey(report);
        const rhythm = rhythms.get(key);
        // Its post would be learnt from, which needs what is stored now.
        if (rhythm === undefined || now.getTime() - rhythm.lastPostAt.getTime() >= rhythmStepMs) return null;
        found.set(key, rhythm);
      }
      return { reporters: new Map(), ended: new Set(), rhythms: found, othersReported: false };
    },
    read(known, learnt) {
      row = known.reporters.size > 0 || known.othersReported ? 0 : row + 1;
      for (const [key, rhythm] of known.rhythms) remember(key, rhythm);
      for (const group of learnt) remember(groupKey(group), group.rhythm);
    },
    was(right) {
      row = right ? row + 1 : 0;
      needed = right ? Math.max(fewest, needed / 2) : Math.min(most, needed * 2);
    },
  };
}
