import { activityOf, intervalInForce } from '../../../src/alert/silence.ts';
import { parseTimeInterval, type WindowText } from '../../../src/alert/time-interval-text.ts';

const named = (name: string, ...entries: WindowText[]) => ({ name, interval: parseTimeInterval(entries) });
const night = named('night', { times: [{ start_time: '22:00', end_time: '24:00' }] });
const early = named('early', { times: [{ start_time: '00:00', end_time: '06:00' }] });
const recursBy = (...intervals: (typeof night)[]) => ({ intervals, together: intervals.flatMap((i) => i.interval) });

const silence = (recurs: ReturnType<typeof recursBy> | null) => ({
  startsAt: new Date('2026-03-05T20:00:00Z'),
  endsAt: new Date('2026-03-07T02:00:00Z'),
  recurs,
});
const at = (time: string) => new Date(`2026-03-${time}Z`);
const said = (recurs: ReturnType<typeof recursBy> | null, time: string) => {
  const { active, until } = activityOf(silence(recurs), at(time));
  return [active, until?.toISOString().slice(8, 16) ?? null];
};

describe('a silence', () => {
  it('without intervals hides from its start to its end', () => {
    expect(said(null, '05T19:59:59')).toEqual([false, '05T20:00']);
    expect(said(null, '05T20:00:00')).toEqual([true, '07T02:00']);
    expect(said(null, '07T01:59:59')).toEqual([true, '07T02:00']);
    expect(said(null, '07T02:00:00')).toEqual([false, null]);
  });

  it('that recurs hides only while one of its intervals is active, within its start and its end', () => {
    const nights = recursBy(night, early);
    expect(said(nights, '05T10:00:00')).toEqual([false, '05T22:00']);
    expect(said(nights, '05T21:00:00')).toEqual([false, '05T22:00']);
    expect(said(nights, '05T22:00:00')).toEqual([true, '06T06:00']);
    expect(said(nights, '06T06:00:00')).toEqual([false, '06T22:00']);
    expect(said(nights, '06T23:00:00')).toEqual([true, '07T02:00']);
    expect(said(nights, '07T02:00:00')).toEqual([false, null]);
  });

  it('that will not hide again before its end says so', () => {
    expect(said(recursBy(early), '07T01:00:00')).toEqual([true, '07T02:00']);
    expect(said(recursBy(night), '07T00:00:00')).toEqual([false, null]);
    expect(said(recursBy(named('gone')), '06T00:00:00')).toEqual([false, null]);
    expect(said(recursBy(named('never', { years: ['2030'] })), '05T00:00:00')).toEqual([false, null]);
    expect(said(recursBy(named('always', {})), '05T00:00:00')).toEqual([false, '05T20:00']);
  });

  it('names the interval by which it hides', () => {
    const one = silence(recursBy(night, early));
    expect(['05T23:00:00', '06T01:00:00', '06T12:00:00'].map((t) => intervalInForce(one, at(t)))).toEqual([
      'night',
      'early',
      null,
    ]);
    expect(intervalInForce(silence(null), at('06T01:00:00'))).toBeNull();
  });
});
