import type { Report } from '../../../src/alert/alert.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import type { Known } from '../../../src/pipeline/dedupe/known.ts';
import { createGuess, type Guess } from '../../../src/pipeline/receive/guess.ts';

const now = new Date('2026-01-05T08:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
const report = (groupKey = 'g'): Report => ({
  ...{ sourceId: 1, fingerprint: 'f', alertFingerprint: 'f', labels: labelsOf([]), replicaLabels: null },
  ...{ annotations: labelsOf([]), generatorUrl: null, groupKey, status: 'firing', startsAt: now, endsAt: null },
  ...{ lane: 'normal', pinnedGroup: null },
});
const rhythm = { lastPostAt: now, longestGapMs: 0, repeats: 0 };
const nothing: Known = { reporters: new Map(), ended: new Set(), rhythms: new Map(), othersReported: false };
const known: Known = { ...nothing, reporters: new Map([['1 f', { firingAt: now, resolvedAt: null, lastSeen: now }]]) };
const learnt = [{ sourceId: 1, groupKey: 'g', rhythm }];

/** Whether a batch of one report is guessed to be a first one. */
const guesses = (guess: Guess, at = now, groupKey = 'g') => guess.known([report(groupKey)], at) !== null;
function afterFirstReports(batches: number): Guess {
  const guess = createGuess();
  for (let i = 0; i < batches; i++) guess.read(nothing, learnt);
  return guess;
}

describe('a batch', () => {
  it('is guessed to bring first reports after two that did', () => {
    expect(guesses(afterFirstReports(1))).toBe(false);
    expect(guesses(afterFirstReports(2))).toBe(true);
    expect(afterFirstReports(2).known([report()], now)).toEqual({ ...nothing, rhythms: new Map([['1 g', rhythm]]) });
  });

  it('is read after one that brought something known', () => {
    const guess = afterFirstReports(5);
    guess.read(known, []);
    expect(guesses(guess)).toBe(false);
    guess.read({ ...nothing, othersReported: true }, []);
    expect(guesses(guess)).toBe(false);
  });

  it('is read when a group of it is not known, or its post teaches something', () => {
    expect(guesses(afterFirstReports(2), now, 'another')).toBe(false);
    expect(guesses(afterFirstReports(2), later(59))).toBe(true);
    expect(guesses(afterFirstReports(2), later(60))).toBe(false);
  });

  it('without alerts is read', () => {
    expect(afterFirstReports(2).known([], now)).toBeNull();
  });

  it('is guessed the less often the more often that was wrong, and again as often when it is right', () => {
    const guess = createGuess();
    const batchesUntilGuess = () => {
      for (let n = 0; ; n++) {
        if (guesses(guess)) return n;
        guess.read(nothing, learnt);
      }
    };
    const wrong = () => {
      const n = batchesUntilGuess();
      guess.was(false);
      return n;
    };
    expect([wrong(), wrong(), wrong(), wrong()]).toEqual([2, 4, 8, 16]);
    for (let i = 0; i < 20; i++) wrong();
    expect(batchesUntilGuess()).toBe(1_024);
    for (let i = 0; i < 20; i++) guess.was(true);
    guess.read(known, []);
    expect(batchesUntilGuess()).toBe(2);
  });

  it('keeps only so many groups in mind', () => {
    const guess = afterFirstReports(2);
    for (let i = 0; i < 10_000; i++) guess.read(nothing, [{ sourceId: 1, groupKey: `other ${i}`, rhythm }]);
    expect(guesses(guess)).toBe(false);
    expect(guesses(guess, now, 'other 0')).toBe(true);
  });
});
