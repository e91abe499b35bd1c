import { isActive, nextChange, spanAt, type TimeInterval, type Window } from '../../../src/alert/time-interval.ts';
import { parseTimeInterval, type WindowText } from '../../../src/alert/time-interval-text.ts';
import * as fc from '../../support/fast-check.ts';

const minute = 60_000;
const of = (...entries: WindowText[]) => parseTimeInterval(entries);
const times = (start_time: string, end_time: string) => [{ start_time, end_time }];
const nextOf = (interval: TimeInterval, from: string) => nextChange(interval, new Date(from))?.toISOString() ?? null;

describe('a time interval', () => {
  // 2026-03-05 is a Thursday.
  it.each<[WindowText, string, boolean]>([
    [{}, '2026-03-05T12:00:00Z', true],
    [{ times: times('09:00', '17:00') }, '2026-03-05T08:59:59.999Z', false],
    [{ times: times('09:00', '17:00') }, '2026-03-05T09:00:00Z', true],
    [{ times: times('09:00', '17:00') }, '2026-03-05T16:59:59.999Z', true],
    [{ times: times('09:00', '17:00') }, '2026-03-05T17:00:00Z', false],
    [{ times: times('22:00', '24:00') }, '2026-03-05T23:59:59.999Z', true],
    [{ times: times('22:00', '24:00') }, '2026-03-06T00:00:00Z', false],
    [{ times: [...times('00:00', '01:00'), ...times('05:00', '06:00')] }, '2026-03-05T05:30:00Z', true],
    [{ weekdays: ['monday:friday'] }, '2026-03-06T23:59:59Z', true],
    [{ weekdays: ['monday:friday'] }, '2026-03-07T00:00:00Z', false],
    [{ weekdays: ['sunday'] }, '2026-03-08T12:00:00Z', true],
    [{ weekdays: ['Saturday', 'SUNDAY'] }, '2026-03-07T12:00:00Z', true],
    [{ days_of_month: ['1:5'] }, '2026-03-05T12:00:00Z', true],
    [{ days_of_month: ['1:5'] }, '2026-03-06T00:00:00Z', false],
    [{ days_of_month: ['-1'] }, '2026-03-31T12:00:00Z', true],
    [{ days_of_month: ['-1'] }, '2026-04-30T12:00:00Z', true],
    [{ days_of_month: ['-1'] }, '2026-04-29T12:00:00Z', false],
    [{ days_of_month: ['-1'] }, '2028-02-29T12:00:00Z', true],
    [{ days_of_month: ['-1'] }, '2028-02-28T12:00:00Z', false],
    [{ days_of_month: ['-1'] }, '2026-02-28T12:00:00Z', true],
    [{ days_of_month: ['-3:-1'] }, '2026-02-26T00:00:00Z', true],
    [{ days_of_month: ['-3:-1'] }, '2026-02-25T23:59:00Z', false],
    [{ days_of_month: ['25:-2'] }, '2026-04-29T12:00:00Z', true],
    [{ days_of_month: ['25:-2'] }, '2026-04-30T12:00:00Z', false],
    [{ days_of_month: ['29:31'] }, '2026-02-28T12:00:00Z', false],
    [{ days_of_month: ['20:31'] }, '2026-02-28T12:00:00Z', true],
    [{ days_of_month: ['-31:-28'] }, '2026-02-01T12:00:00Z', true],
    [{ days_of_month: ['-31:-29'] }, '2026-02-01T12:00:00Z', false],
    [{ days_of_month: ['31'] }, '2026-04-30T12:00:00Z', false],
    [{ days_of_month: ['29'], months: ['february'] }, '2028-02-29T12:00:00Z', true],
    [{ months: ['may:august'] }, '2026-05-01T00:00:00Z', true],
    [{ months: ['may:august'] }, '2026-09-01T00:00:00Z', false],
    [{ months: ['12', '1:2'] }, '2026-02-28T12:00:00Z', true],
    [{ years: ['2026:2028'] }, '2028-12-31T23:59:00Z', true],
    [{ years: ['2026:2028'] }, '2029-01-01T00:00:00Z', false],
    [{ weekdays: ['thursday'], times: times('12:00', '13:00') }, '2026-03-05T12:30:00Z', true],
    [{ weekdays: ['friday'], times: times('12:00', '13:00') }, '2026-03-05T12:30:00Z', false],
    [{ times: times('09:00', '10:00'), location: 'Asia/Shanghai' }, '2026-03-05T01:30:00Z', true],
    [{ weekdays: ['friday'], location: 'Asia/Shanghai' }, '2026-03-05T16:00:00Z', true],
    [{ days_of_month: ['-1'], location: 'America/New_York' }, '2026-04-01T03:59:00Z', true],
    [{ years: ['2027'], location: 'Pacific/Kiritimati' }, '2026-12-31T10:00:00Z', true],
    [{ times: times('05:30', '06:30'), location: 'Asia/Kolkata' }, '2026-03-05T00:15:00Z', true],
  ])('%j at %s: %s', (entry, at, active) => {
    expect(isActive(of(entry), new Date(at))).toBe(active);
  });

  it('is active when any of its entries is, and never without entries', () => {
    const night = of({ times: times('22:00', '24:00') }, { times: times('00:00', '06:00') });
    const at = (time: string) => isActive(night, new Date(`2026-03-05T${time}Z`));
    expect(['21:59:00', '22:00:00', '05:59:00', '06:00:00'].map(at)).toEqual([false, true, true, false]);
    expect(isActive([], new Date())).toBe(false);
    expect(nextChange([], new Date())).toBeNull();
  });

  it('takes the clock of this machine for Local', () => {
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    expect(of({ location: 'Local' })[0]?.zone).toBe(timeZone);
  });
});

describe('the next change', () => {
  it.each<[WindowText[], string, string | null]>([
    [[{ times: times('09:00', '17:00') }], '2026-03-05T08:00:00Z', '2026-03-05T09:00:00.000Z'],
    [[{ times: times('09:00', '17:00') }], '2026-03-05T09:00:00Z', '2026-03-05T17:00:00.000Z'],
    [[{ times: times('09:00', '17:00') }], '2026-03-05T17:00:00Z', '2026-03-06T09:00:00.000Z'],
    // A night is one change at each end, not one at midnight.
    [
      [{ times: times('22:00', '24:00') }, { times: times('00:00', '06:00') }],
      '2026-03-05T23:30:30Z',
      '2026-03-06T06:00:00.000Z',
    ],
    [[{ weekdays: ['saturday:saturday', 'sunday'] }], '2026-03-05T12:00:00Z', '2026-03-07T00:00:00.000Z'],
    [[{ weekdays: ['saturday', 'sunday'] }], '2026-03-07T12:00:00Z', '2026-03-09T00:00:00.000Z'],
    [[{ days_of_month: ['-1'] }], '2028-02-28T23:59:00Z', '2028-02-29T00:00:00.000Z'],
    [[{ days_of_month: ['29'], months: ['2'] }], '2026-03-05T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    [[{ days_of_month: ['29'], months: ['2'] }], '2028-02-29T00:00:00Z', '2028-03-01T00:00:00.000Z'],
    [[{ years: ['2028'], location: 'Asia/Shanghai' }], '2026-03-05T00:00:00Z', '2027-12-31T16:00:00.000Z'],
    [[{ years: ['2020'] }], '2026-03-05T00:00:00Z', null],
    [[{ years: ['2050'] }], '2026-03-05T00:00:00Z', null],
    [[{}], '2026-03-05T00:00:00Z', null],
    [[{ weekdays: ['monday:friday'] }, { weekdays: ['saturday', 'sunday'] }], '2026-03-05T00:00:00Z', null],
    // Two places that hand over to each other at the same moment: no change.
    [
      [
        { times: times('08:00', '16:00'), location: 'Asia/Shanghai' },
        { times: times('08:00', '20:00'), location: 'UTC' },
      ],
      '2026-03-05T01:00:00Z',
      '2026-03-05T20:00:00.000Z',
    ],
  ])('of %j after %s is at %s', (entries, from, next) => {
    expect(nextOf(of(...entries), from)).toBe(next);
  });

  // [zone, times, from, the changes that follow]
  it.each<[string, [string, string], string, string[]]>([
    // Berlin, spring: 02:00 to 03:00 does not exist on 2026-03-29.
    ['Europe/Berlin', ['02:15', '02:45'], '2026-03-28T00:00:00Z', ['28T01:15', '28T01:45', '30T00:15', '30T00:45']],
    ['Europe/Berlin', ['01:00', '02:30'], '2026-03-29T00:00:00Z', ['29T01:00', '29T23:00']],
    ['Europe/Berlin', ['02:30', '05:00'], '2026-03-28T12:00:00Z', ['29T01:00', '29T03:00']],
    ['Europe/Berlin', ['22:00', '24:00'], '2026-03-28T20:00:00Z', ['28T21:00', '28T23:00', '29T20:00', '29T22:00']],
    // Autumn: 02:00 to 03:00 comes twice on 2026-10-25.
    ['Europe/Berlin', ['02:15', '02:45'], '2026-10-24T12:00:00Z', ['25T00:15', '25T00:45', '25T01:15', '25T01:45']],
    ['Europe/Berlin', ['01:00', '02:00'], '2026-10-24T12:00:00Z', ['24T23:00', '25T00:00']],
    ['Europe/Berlin', ['02:30', '04:00'], '2026-10-24T12:00:00Z', ['25T00:30', '25T01:00', '25T01:30', '25T03:00']],
    ['America/New_York', ['02:00', '03:00'], '2026-03-08T00:00:00Z', ['09T06:00', '09T07:00']],
    ['America/New_York', ['01:30', '02:00'], '2026-11-01T04:00:00Z', ['01T05:30', '01T06:00', '01T06:30', '01T07:00']],
    // Half an hour: back at 2026-04-04T15:00Z, forward at 2026-10-03T15:30Z.
    ['Australia/Lord_Howe', ['01:30', '02:00'], '2026-04-04T12:00:00Z', ['04T14:30', '04T15:30']],
    ['Australia/Lord_Howe', ['02:00', '02:20'], '2026-10-03T12:00:00Z', ['04T15:00', '04T15:20']],
    // No clock is put back here.
    ['Asia/Shanghai', ['02:15', '02:45'], '2026-03-28T12:00:00Z', ['28T18:15', '28T18:45', '29T18:15', '29T18:45']],
  ])('in %s of %j after %s follows the clock on the wall', (location, [start, end], from, expected) => {
    const interval = of({ times: times(start, end), location });
    const found: string[] = [];
    for (let at = new Date(from); found.length < expected.length; ) {
      const next = nextChange(interval, at);
      if (next === null) break;
      found.push(next.toISOString().slice(8, 16));
      at = next;
    }
    expect(found).toEqual(expected);
  });

  // The time that a test may take is the limit; followed one by one these would take minutes.
  it('is found soon, also where many places take over from each other all the time', () => {
    const halfHours = Array.from({ length: 24 }, (_, n) => `${String(n).padStart(2, '0')}`).map((hour) => ({
      start_time: `${hour}:00`,
      end_time: `${hour}:30`,
    }));
    const zones = [
      'Asia/Shanghai',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Tokyo',
      'Asia/Kolkata',
      'Asia/Kathmandu',
    ];
    const places = zones.map((location) => ({ times: halfHours, location }));
    expect(nextOf(of(...places), '2026-03-05T00:00:00Z')).toBeNull();
    expect(nextOf(of(...places, {}), '2026-03-05T00:00:00Z')).toBeNull();
    const until2027 = places.map((place) => ({ ...place, years: ['2026'] }));
    expect(nextOf(of(...until2027, { years: ['2026:2028'] }), '2026-03-05T00:00:00Z')).toBe('2029-01-01T00:00:00.000Z');
  });

  it('is not looked for beyond a given end', () => {
    const daily = of({ times: times('09:00', '17:00') });
    const within = (end: string) => nextChange(daily, new Date('2026-03-05T10:00:00Z'), new Date(end));
    expect(within('2026-03-05T16:59:00Z')).toBeNull();
    expect(within('2026-03-05T17:01:00Z')).toEqual(new Date('2026-03-05T17:00:00Z'));
    expect(spanAt(daily, new Date('2026-03-05T10:00:00Z'), new Date('2026-03-05T12:00:00Z')).until).toBeNull();
    expect(spanAt(daily, new Date('2026-03-05T11:00:00Z')).until).toEqual(new Date('2026-03-05T17:00:00Z'));
  });

  it('is remembered only for as long as it holds', () => {
    const interval = of({ times: times('09:00', '17:00') });
    const at = (time: string) => {
      const { active, until } = spanAt(interval, new Date(`2026-03-05T${time}:00Z`));
      return [active, until?.toISOString().slice(11, 16)];
    };
    expect(['09:00', '16:59', '17:00', '08:59', '12:00'].map(at)).toEqual([
      [true, '17:00'],
      [true, '17:00'],
      [false, '09:00'],
      [false, '09:00'],
      [true, '17:00'],
    ]);
  });
});

describe('any time interval', () => {
  const zones = [
    ...['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Shanghai', 'Australia/Lord_Howe', 'Africa/Casablanca'],
    ...['Asia/Kathmandu', 'America/Santiago', 'Pacific/Chatham'],
  ];
  const range = (min: number, max: number) =>
    fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map(([a, b]) => ({
      from: Math.min(a, b),
      to: Math.max(a, b),
    }));
  const some = <T>(one: fc.Arbitrary<T>) => fc.option(fc.array(one, { minLength: 1, maxLength: 3 }));
  const window: fc.Arbitrary<Window> = fc.record({
    times: some(range(0, 1_440).filter(({ from, to }) => from < to)),
    weekdays: some(range(0, 6)),
    daysOfMonth: some(fc.oneof(range(1, 31), range(-31, -1))),
    months: fc.constantFrom(null, null, null, [{ from: 3, to: 4 }], [{ from: 10, to: 12 }]),
    years: fc.constantFrom(null, null, null, [{ from: 2026, to: 2026 }], [{ from: 2027, to: 2028 }]),
    zone: fc.constantFrom(...zones),
  });
  const interval = fc.array(window, { minLength: 1, maxLength: 3 });
  // Around the days on which clocks are put forward and back, and the ends of months and years.
  const moments = [
    ...['2026-03-08T06:00Z', '2026-03-29T00:00Z', '2026-04-04T12:00Z', '2026-04-05T02:00Z', '2026-10-03T14:00Z'],
    ...['2026-10-25T00:00Z', '2026-11-01T04:00Z', '2026-12-31T20:00Z', '2028-02-28T22:00Z', '2026-02-15T01:00Z'],
    ...['2026-03-22T01:00Z', '2026-09-06T02:00Z'],
  ];
  const moment = fc
    .tuple(fc.constantFrom(...moments), fc.integer({ min: -36 * 3_600, max: 36 * 3_600 }))
    .map(([near, seconds]) => new Date(Date.parse(near) + seconds * 1_000));

  it('changes next when a look at every minute says so', () => {
    const scanned = 2 * 1_440;
    fc.assert(
      fc.property(interval, moment, (windows, at) => {
        const was = isActive(windows, at);
        const first = Math.floor(at.getTime() / minute) + 1;
        let found: number | null = null;
        for (let n = 0; n < scanned && found === null; n++) {
          if (isActive(windows, new Date((first + n) * minute)) !== was) found = (first + n) * minute;
        }
        const next = nextChange(windows, at)?.getTime() ?? null;
        if (found !== null) expect(next).toBe(found);
        else if (next !== null) expect(next).toBeGreaterThanOrEqual((first + scanned) * minute);
        if (next !== null) expect(isActive(windows, new Date(next))).toBe(!was);
      }),
      { numRuns: 300 },
    );
  });

  it('is active as the clock and the calendar of its place say', () => {
    const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
    const within = (ranges: readonly { from: number; to: number }[] | null, value: number) =>
      ranges === null || ranges.some(({ from, to }) => value >= from && value <= to);
    const reads = ({ zone, ...w }: Window, at: Date) => {
      const parts = new Map(
        new Intl.DateTimeFormat('en-US', {
          ...({ timeZone: zone, hourCycle: 'h23', weekday: 'short', year: 'numeric', month: 'numeric' } as const),
          ...({ day: 'numeric', hour: 'numeric', minute: 'numeric' } as const),
        })
          .formatToParts(at)
          .map(({ type, value }) => [type, value]),
      );
      const [year, month, day] = ['year', 'month', 'day'].map((type) => Number(parts.get(type as 'year')));
      const last = new Date(Date.UTC(year as number, month as number, 0)).getUTCDate();
      const minutes = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
      const dayOf = (n: number) => (n > 0 ? n : last + 1 + n);
      return (
        (w.times === null || w.times.some(({ from, to }) => minutes >= from && minutes < to)) &&
        within(w.weekdays, weekdays.indexOf(parts.get('weekday') ?? '')) &&
        within(w.months, month as number) &&
        within(w.years, year as number) &&
        within(w.daysOfMonth?.map(({ from, to }) => ({ from: dayOf(from), to: dayOf(to) })) ?? null, day as number)
      );
    };
    fc.assert(
      fc.property(window, moment, (w, at) => {
        expect(isActive([w], at)).toBe(reads(w, at));
      }),
      { numRuns: 1_000 },
    );
  });
});
