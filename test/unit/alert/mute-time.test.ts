import type { Recurrence } from '../../../src/alert/config.ts';
import { mutedAt, mutedFrom } from '../../../src/alert/mute-time.ts';
import { parseTimeInterval } from '../../../src/alert/time-interval-text.ts';

const hours = (...named: [name: string, from: string, to: string][]): Recurrence => {
  const intervals = named.map(([name, start_time, end_time]) => ({
    name,
    interval: parseTimeInterval([{ times: [{ start_time, end_time }] }]),
  }));
  return { intervals, together: intervals.flatMap(({ interval }) => interval) };
};
const at = (time: string, day = '05') => new Date(`2026-01-${day}T${time}:00Z`);
const none = { muteTimes: null, activeTimes: null };

describe('mute and active times', () => {
  it('keep nobody from anything where there are none', () => {
    expect(mutedAt(none, at('03:00'))).toBeNull();
    expect(mutedFrom(none, at('03:00'))).toBeNull();
  });

  it.each([
    ['before a mute time', '01:59', null],
    ['at its start', '02:00', { interval: 'backup', until: at('04:00') }],
    ['at its end', '04:00', null],
  ])('mute: %s', (_, time, muted) => {
    expect(mutedAt({ ...none, muteTimes: hours(['backup', '02:00', '04:00']) }, at(time))).toEqual(muted);
  });

  it.each([
    ['before an active time', '08:59', { interval: null, until: at('09:00') }],
    ['within it', '09:00', null],
    ['after it, until the next day', '17:00', { interval: null, until: at('09:00', '06') }],
  ])('active: %s', (_, time, muted) => {
    expect(mutedAt({ ...none, activeTimes: hours(['office', '09:00', '17:00']) }, at(time))).toEqual(muted);
  });

  it('end together when one takes over from the other', () => {
    const times = { muteTimes: hours(['lunch', '12:00', '13:00']), activeTimes: hours(['early', '06:00', '12:30']) };
    expect(mutedAt(times, at('12:10'))).toEqual({ interval: 'lunch', until: at('06:00', '06') });
  });

  it('begin next with whichever comes first', () => {
    const times = { muteTimes: hours(['night', '22:00', '24:00']), activeTimes: hours(['office', '09:00', '17:00']) };
    expect(mutedFrom(times, at('10:00'))).toEqual(at('17:00'));
  });

  it('that never end say so', () => {
    const never = { muteTimes: hours(['always', '00:00', '24:00']), activeTimes: null };
    expect(mutedAt(never, at('10:00'))).toEqual({ interval: 'always', until: null });
  });
});
