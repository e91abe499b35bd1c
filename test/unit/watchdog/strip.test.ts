/** A stream's last day, in steps of five minutes of which each shows its worst. */
import { stripMs, stripOf, stripStepMs } from '../../../src/watchdog/strip.ts';

const now = new Date('2026-11-25T12:00:00Z');
/** `minutes` before now. */
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const begin = ago(24 * 60);
const calm = { changes: [], state: 'ok', firstBeatAt: ago(100_000), outages: [] } as const;
const shown = (facts: Parameters<typeof stripOf>[0], at = now) =>
  stripOf(facts, at).map(({ from, state }) => [(now.getTime() - from.getTime()) / 60_000, state]);

describe('the strip of a stream', () => {
  it('is one piece over the whole day while nothing changes', () => {
    expect(stripOf(calm, now)).toEqual([{ from: begin, state: 'ok' }]);
  });

  it('shows what it was before the first change of the day', () => {
    const changes = [
      { at: ago(60), was: 'lost', state: 'recovering' } as const,
      { at: ago(55), was: 'recovering', state: 'ok' } as const,
    ];
    expect(shown({ ...calm, changes })).toEqual([
      [1440, 'lost'],
      [60, 'recovering'],
      [55, 'ok'],
    ]);
  });

  it('shows what lasted some seconds only, in the step in which it was', () => {
    const changes = [
      { at: new Date(ago(33).getTime() + 1_000), was: 'ok', state: 'lost' } as const,
      { at: new Date(ago(33).getTime() + 6_000), was: 'lost', state: 'ok' } as const,
    ];
    expect(shown({ ...calm, changes })).toEqual([
      [1440, 'ok'],
      [35, 'lost'],
      [30, 'ok'],
    ]);
  });

  it('says when we were away, but not over what was lost', () => {
    const outages = [{ from: ago(120), to: ago(60) }];
    expect(shown({ ...calm, outages })).toEqual([
      [1440, 'ok'],
      [120, 'away'],
      [60, 'ok'],
    ]);
    const changes = [{ at: ago(90), was: 'ok', state: 'lost' } as const];
    expect(shown({ ...calm, state: 'lost', changes, outages })).toEqual([
      [1440, 'ok'],
      [120, 'away'],
      [90, 'lost'],
    ]);
  });

  it('has nothing before the first beat, and nothing at all without one', () => {
    const changes = [{ at: ago(10), was: 'pending', state: 'ok' } as const];
    expect(shown({ ...calm, firstBeatAt: ago(20), changes })).toEqual([
      [1440, 'none'],
      [20, 'pending'],
      [10, 'ok'],
    ]);
    expect(shown({ ...calm, state: 'pending', firstBeatAt: null })).toEqual([[1440, 'none']]);
  });

  it('ends now and begins with a full step, a day and at most one step earlier', () => {
    const at = new Date(now.getTime() + 61_000);
    const [first] = stripOf(calm, at);
    expect(first?.from).toEqual(begin);
    expect(at.getTime() - begin.getTime()).toBeLessThan(stripMs + stripStepMs);
  });
});
