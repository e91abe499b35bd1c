import type { Alarm } from '../../../src/alert/alarm.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import { episodeKey, nextStep, rate, type Spoken, tryAgainAt } from '../../../src/last-road/decide.ts';
import { awayAlarm, findClosed } from '../../../src/last-road/outage.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 5, 8, 0, second));
const alarm = (heartbeat: string, second = 0): Alarm => ({
  labels: labelsOf([['heartbeat', heartbeat]]),
  annotations: labelsOf([]),
  ...{ startsAt: at(second), endsAt: null, lane: 'watchdog', pinnedGroup: null },
});
const silent: Spoken = { settled: new Set(), open: null, begunAt: [] };

describe('what goes out by the last road', () => {
  it('is every alarm that is out, in one message', () => {
    expect(nextStep([alarm('a'), alarm('b')], silent, at(0))).toEqual({
      kind: 'send',
      alarms: [alarm('a'), alarm('b')],
    });
  });

  it('is each episode once, and the next episode of the same alarm again', () => {
    const spoken = { ...silent, settled: new Set([episodeKey(alarm('a'))]) };
    expect(nextStep([alarm('a')], spoken, at(9))).toEqual({ kind: 'wait' });
    expect(nextStep([alarm('a'), alarm('a', 5)], spoken, at(9))).toEqual({ kind: 'send', alarms: [alarm('a', 5)] });
  });

  it('is nothing that has ended', () => {
    expect(nextStep([{ ...alarm('a'), endsAt: at(5) }], silent, at(9))).toEqual({ kind: 'wait' });
  });

  it('waits for the message that has failed, which comes first', () => {
    const spoken = { ...silent, open: { nextAt: at(10) } };
    expect(nextStep([alarm('b')], spoken, at(9))).toEqual({ kind: 'wait' });
    expect(nextStep([alarm('b')], spoken, at(10))).toEqual({ kind: 'repeat' });
  });

  it('has a rate of its own, and merges what is over it', () => {
    const spoken = { ...silent, begunAt: Array.from({ length: rate.messages }, (_, i) => at(i)) };
    expect(nextStep([alarm('a'), alarm('b')], spoken, at(60))).toEqual({ kind: 'wait' });
    expect(nextStep([alarm('a'), alarm('b')], spoken, at(600))).toMatchObject({ kind: 'send', alarms: [{}, {}] });
  });

  it('is tried ever later, and every five minutes as long as it certainly has not arrived', () => {
    const transient = { kind: 'transient', retryAfterMs: null };
    const waits = [1, 2, 3, 4, 5, 6, 7, 100].map((count) => tryAgainAt(transient, { count, doubts: 0 }, at(0)));
    expect(waits).toEqual([5, 15, 30, 60, 120, 300, 300, 300].map(at));
    expect(tryAgainAt({ kind: 'limited', retryAfterMs: 40_000 }, { count: 1, doubts: 0 }, at(0))).toEqual(at(40));
  });

  it('is given up when the provider says never, or when it may have arrived seven times', () => {
    expect(tryAgainAt({ kind: 'permanent', retryAfterMs: null }, { count: 1, doubts: 0 }, at(0))).toBe(null);
    const inDoubt = { kind: 'in_doubt', retryAfterMs: null };
    expect(tryAgainAt(inDoubt, { count: 6, doubts: 6 }, at(0))).toEqual(at(300));
    expect(tryAgainAt(inDoubt, { count: 7, doubts: 7 }, at(0))).toBe(null);
  });
});

describe('the ordinary road', () => {
  const asked: string[] = [];
  beforeEach(() => {
    asked.length = 0;
  });
  const parts = (trouble: string | null) => ({
    tickedAt: () => at(0),
    prove: async () => {
      asked.push('proof');
      return trouble;
    },
  });

  it('is open while ticks succeed, and nobody asks', async () => {
    expect(await findClosed(parts('the database cannot be reached'), at(10))).toBe(null);
    expect(asked).toEqual([]);
  });

  it('is closed since the last tick once a write fails too; a slow tick closes nothing', async () => {
    expect(await findClosed(parts('the disk is full'), at(11))).toEqual({ since: at(0), trouble: 'the disk is full' });
    expect(await findClosed(parts(null), at(40))).toBe(null);
  });

  it('being closed is an alarm of its own after a minute', () => {
    const closed = { since: at(0), trouble: 'the database cannot be reached' };
    expect(awayAlarm(closed, 'hq', at(59))).toBe(null);
    expect(awayAlarm(closed, 'hq', at(60))).toMatchObject({
      labels: { alertname: 'DatabaseAway' },
      startsAt: at(0),
      pinnedGroup: 'self',
    });
  });
});
