import type { Report } from '../../../src/alert/alert.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import type { Known } from '../../../src/pipeline/dedupe/known.ts';
import { createGuess, type Guess } from '../../../src/pipeline/receive/guess.ts';

const now = new Date('2026-01-05T08:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
const report = (groupKey = 'g'): Report => ({
  ...{ sourceId: 1, fingerprint: 'f', alertFingerprint: 'f', labels: labelsOf([]), replicaLabels: null },
  ...{
    annotations: labelsOf([]),
    generatorUrl: null,
    groupKey,
    status: 'firing',
    startsAt: now,
    endsAt: null,
    expiresAt: null,
  },
  ...{ lane: 'normal', pinnedGroup: null },
});
const rhythm = { lastPostAt: now, longestGapMs: 0, repeats: 0 };
const nothing: Known = {
  reporters: new Map(),
  ended: new Set(),
  polled: new Set(),
  rhythms: new Map(),
  othersReported: false,
};
const known: Known = {
  ...nothing,
  reporters: new Map([['1 f', { firingAt: now, resolvedAt: null, lastSeen: now, expiresAt: null }]]),
};
const learnt = (name: string) => [{ sourceId: 1, groupKey: name, rhythm }];
const judged = (reason: 'new_alert' | 'resolved_unknown' | 'repeated') =>
  [
    {
      report: report(),
      reason,
      state: { firingAt: now, resolvedAt: null, lastSeen: now, expiresAt: null },
      write: true,
      news: true,
    },
  ] as const;

/** Whether a batch of one report is guessed to be a first one. */
const guesses = (guess: Guess, at = now, group = 'g') => guess.known([report(group)], at) !== null;
function afterFirstReports(batches: number): Guess {
  const guess = createGuess();
  for (let i = 0; i < batches; i++) guess.read(nothing, judged('new_alert'));
  return guess;
}

describe('a batch', () => {
  it('is guessed to bring first reports after two that did', () => {
    expect(guesses(afterFirstReports(1))).toBe(false);
    expect(guesses(afterFirstReports(2))).toBe(true);
    expect(afterFirstReports(2).known([report()], now)).toEqual(nothing);
  });

  it.each([
    ['something known', known, judged('repeated')],
    ['what others have reported', { ...nothing, othersReported: true }, judged('new_alert')],
    ['the end of what nobody knows', nothing, judged('resolved_unknown')],
  ])('is read after one that brought %s', (_, found, brought) => {
    const guess = afterFirstReports(5);
    guess.read(found, brought);
    expect(guesses(guess)).toBe(false);
    guess.read(nothing, judged('new_alert'));
    expect(guesses(guess)).toBe(false);
    guess.read(nothing, judged('new_alert'));
    expect(guesses(guess)).toBe(true);
  });

  it('is not guessed any sooner for batches without alerts, and not any later', () => {
    const guess = createGuess();
    for (let i = 0; i < 9; i++) guess.read(nothing, []);
    expect(guesses(guess)).toBe(false);
    for (let i = 0; i < 2; i++) guess.read(nothing, judged('new_alert'));
    guess.read(nothing, []);
    expect(guesses(guess)).toBe(true);
    expect(guess.known([], now)).toBeNull();
  });

  it('is read when the post of one of its groups teaches something', () => {
    const guess = afterFirstReports(2);
    guess.stored(learnt('g'));
    expect(guess.known([report()], later(59))).toEqual({ ...nothing, rhythms: new Map([['1 g', rhythm]]) });
    expect(guesses(guess, later(60))).toBe(false);
    expect(guesses(guess, later(60), 'another')).toBe(true);
  });

  it('is read after a wrong guess, and guessed after a right one', () => {
    const guess = afterFirstReports(2);
    guess.was(true);
    expect(guesses(guess)).toBe(true);
    guess.was(false);
    expect(guesses(guess)).toBe(false);
  });

  it('keeps only so many groups in mind', () => {
    const guess = afterFirstReports(2);
    for (let i = 0; i <= 20_000; i++) guess.stored(learnt(`group ${i}`));
    const kept = (name: string) => guess.known([report(name)], now)?.rhythms.size;
    expect([kept('group 0'), kept('group 10000'), kept('group 20000')]).toEqual([0, 1, 1]);
  });
});
