import type { Report } from '../../alert/alert.ts';
import type { Rhythm } from '../dedupe/expiry.ts';
import { groupKey, type Known } from '../dedupe/known.ts';
import { type Judged, type Learnt, rhythmStepMs } from '../dedupe/reporters.ts';

/**
 * Guesses that a batch brings nothing but first reports, as those of a storm do one after the other: it can then be
 * written without reading first what is known of it. A wrong guess stores nothing, and costs what the read costs.
 */
export interface Guess {
  /** What would be known of such a batch; null when it has to be read. */
  known(reports: readonly Report[], now: Date): Known | null;
  /** Takes in what was read of a batch, and what that makes of its reports. */
  read(known: Known, judged: readonly Judged[]): void;
  /** Takes in whether the last guess was right. */
  was(right: boolean): void;
  /** Takes in what was stored of the rhythm of groups. */
  stored(learnt: readonly Learnt[]): void;
}

/** So many batches of first reports have to have come one after the other before the next is guessed to be one. */
const fewest = 2;
/** Of so many Alertmanager groups at least is the last post remembered, and of twice as many at most. */
const groupsRemembered = 10_000;

/** Makes a guesser that begins by reading. */
export function createGuess(): Guess {
  let row = 0;
  // Two generations: to look for the oldest in one map, of which many have been deleted, was felt in a storm.
  let lately = new Map<string, Rhythm>();
  let before = lately;

  function remember(key: string, rhythm: Rhythm): void {
    if (lately.size === groupsRemembered) {
      before = lately;
      lately = new Map();
    }
    lately.set(key, rhythm);
  }

  return {
    known(reports, now) {
      if (row < fewest || reports.length === 0) return null;
      const found = new Map<string, Rhythm>();
      for (const report of reports) {
        const key = groupKey(report);
        const rhythm = lately.get(key) ?? before.get(key);
        // A group that was never heard of is new, as its alerts are.
        if (rhythm === undefined) continue;
        // Its post would be learnt from, which needs what is stored now.
        if (now.getTime() - rhythm.lastPostAt.getTime() >= rhythmStepMs) return null;
        found.set(key, rhythm);
      }
      return { reporters: new Map(), ended: new Set(), polled: new Set(), rhythms: found, othersReported: false };
    },
    read(known, judged) {
      for (const [key, rhythm] of known.rhythms) remember(key, rhythm);
      const first = !known.othersReported && judged.every((j) => j.reason === 'new_alert');
      // A batch without alerts says nothing of the next.
      if (judged.length > 0) row = first ? row + 1 : 0;
    },
    was(right) {
      row = right ? row + 1 : 0;
    },
    stored(learnt) {
      for (const group of learnt) remember(groupKey(group), group.rhythm);
    },
  };
}
