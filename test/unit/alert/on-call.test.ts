import {
  type Layer,
  nextHandOver,
  type Override,
  onCallAt,
  type Schedule,
  shifts,
  stableUntil,
  wholeShifts,
} from '../../../src/alert/on-call.ts';
import { parseTimeInterval, type WindowText } from '../../../src/alert/time-interval-text.ts';
import { dayOf } from '../../../src/alert/wall-clock.ts';
import * as fc from '../../support/fast-check.ts';

const at = (text: string) => new Date(text);
const layer = (contacts: string[], starts: string, of: Partial<Layer> = {}): Layer => ({
  ...{ contacts, days: 1, minute: 9 * 60, weekday: null, only: null },
  ...of,
  starts: dayOf(starts),
});
const only = (zone: string, ...entries: WindowText[]) =>
  parseTimeInterval(entries.map((entry) => ({ ...entry, location: zone })));
const override = (contact: string | null, startsAt: string, endsAt: string): Override => ({
  contact,
  startsAt: at(startsAt),
  endsAt: at(endsAt),
});
const schedule = (timezone: string, layers: Layer[], overrides: Override[] = []): Schedule => ({
  ...{ name: 'ops', timezone, layers, overrides },
});
const said = (all: readonly { contact: string; startsAt: Date; endsAt: Date }[]) =>
  all.map((s) => `${s.contact} ${s.startsAt.toISOString().slice(5, 16)} ${s.endsAt.toISOString().slice(5, 16)}`);

describe('who is on call', () => {
  const nights = only('UTC', { times: [{ start_time: '20:00', end_time: '24:00' }] });
  const two = schedule('UTC', [
    layer(['ann', 'bob'], '2026-01-05'),
    layer(['zoe'], '2026-01-05', { only: nights, minute: 0 }),
  ]);

  it.each([
    ['before anything begins, nobody', '2026-01-04T23:00:00Z', []],
    ['the first of the first layer', '2026-01-05T09:00:00Z', ['ann']],
    ['a later layer, while it is restricted to that time', '2026-01-05T20:00:00Z', ['zoe']],
    ['the first layer again', '2026-01-06T00:00:00Z', ['ann']],
    ['the second of it, after the hand-over', '2026-01-06T09:00:00Z', ['bob']],
  ])('is %s', (_, moment, contacts) => {
    expect(onCallAt(two, at(moment))).toEqual(contacts);
  });

  it('is whom an override names, or nobody, and of several overrides the last', () => {
    const overrides = [
      override('eve', '2026-01-05T19:00:00Z', '2026-01-05T23:00:00Z'),
      override(null, '2026-01-05T21:00:00Z', '2026-01-05T22:00:00Z'),
    ];
    const found = shifts(schedule('UTC', [...two.layers], overrides), at('2026-01-05T09:00Z'), at('2026-01-06T09:00Z'));
    expect(said(found)).toEqual([
      'ann 01-05T09:00 01-05T19:00',
      'eve 01-05T19:00 01-05T21:00',
      'eve 01-05T22:00 01-05T23:00',
      'zoe 01-05T23:00 01-06T00:00',
      'ann 01-06T00:00 01-06T09:00',
    ]);
  });

  it('is by the clock of the schedule, also where the clocks change meanwhile', () => {
    const days = only('Europe/Berlin', { times: [{ start_time: '09:00', end_time: '17:00' }] });
    const berlin = schedule('Europe/Berlin', [layer(['ann'], '2026-03-01', { only: days })]);
    expect(said(shifts(berlin, at('2026-03-28T00:00Z'), at('2026-03-30T00:00Z')))).toEqual([
      'ann 03-28T08:00 03-28T16:00',
      'ann 03-29T07:00 03-29T15:00',
    ]);
  });

  it('is nobody without layers, for good', () => {
    const empty = schedule('UTC', []);
    expect(onCallAt(empty, at('2026-01-05T09:00Z'))).toEqual([]);
    expect(stableUntil(empty, at('2026-01-05T09:00Z'))).toBeNull();
    expect(nextHandOver(empty, at('2026-01-05T09:00Z'), at('2030-01-01T00:00Z'))).toBeNull();
    expect(shifts(empty, at('2026-01-05T09:00Z'), at('2030-01-01T00:00Z'))).toEqual([]);
  });
});

describe('the next hand-over', () => {
  const next = (of: Schedule, from: string, until = '2027-01-01T00:00Z') =>
    nextHandOver(of, at(from), at(until))?.toISOString() ?? null;

  it('is when somebody else comes, and not the end of a turn of somebody who stays', () => {
    const alone = schedule(
      'UTC',
      [layer(['ann'], '2026-01-05')],
      [override('bob', '2026-02-01T00:00Z', '2026-02-02T00:00Z')],
    );
    expect(next(alone, '2026-01-01T00:00Z')).toBe('2026-01-05T09:00:00.000Z');
    expect(next(alone, '2026-01-05T09:00Z')).toBe('2026-02-01T00:00:00.000Z');
    expect(next(alone, '2026-02-01T00:00Z')).toBe('2026-02-02T00:00:00.000Z');
    expect(next(alone, '2026-02-02T00:00Z')).toBeNull();
    expect(next(alone, '2026-01-05T09:00Z', '2026-02-01T00:00Z')).toBeNull();
  });
});

describe('shifts for a calendar', () => {
  it('are whole, and the same whenever they are asked for', () => {
    const weekly = schedule('UTC', [layer(['ann'], '2026-01-05', { days: 7, weekday: 1 })]);
    const asked = (from: string) => said(wholeShifts(weekly, at(from), at('2026-01-20T00:00Z')));
    expect(asked('2026-01-14T00:00Z')).toEqual(['ann 01-12T09:00 01-19T09:00', 'ann 01-19T09:00 01-26T09:00']);
    expect(asked('2026-01-12T09:00Z')).toEqual(asked('2026-01-18T00:00Z'));
  });

  it('begin where an override has ended', () => {
    const weekly = schedule(
      'UTC',
      [layer(['ann'], '2026-01-05', { days: 7, weekday: 1 })],
      [override('bob', '2026-01-13T00:00Z', '2026-01-14T00:00Z')],
    );
    expect(said(wholeShifts(weekly, at('2026-01-15T00:00Z'), at('2026-01-16T00:00Z')))).toEqual([
      'ann 01-14T00:00 01-19T09:00',
    ]);
  });
});

describe('shifts of any schedule', () => {
  const minute = 60_000;
  const begin = Date.parse('2026-01-01T00:00Z');
  const moment = fc.integer({ min: 0, max: 366 * 24 * 4 }).map((n) => new Date(begin + n * 15 * minute));
  const window: fc.Arbitrary<WindowText> = fc.record(
    {
      times: fc.constantFrom(
        [{ start_time: '09:00', end_time: '18:00' }],
        [{ start_time: '00:00', end_time: '02:30' }],
        [{ start_time: '22:00', end_time: '24:00' }],
      ),
      weekdays: fc.constantFrom(['monday:friday'], ['saturday:saturday', 'sunday']),
    },
    { requiredKeys: [] },
  );
  const anySchedule = fc
    .record({
      timezone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Shanghai'),
      layers: fc.array(
        fc.record({
          contacts: fc.subarray(['ann', 'bob', 'cat', 'dan'], { minLength: 1 }),
          days: fc.constantFrom(1, 2, 7, 14, 30),
          minute: fc.nat(1_439),
          starts: fc.integer({ min: dayOf('2025-12-20'), max: dayOf('2026-06-01') }),
          windows: fc.option(fc.array(window, { minLength: 1, maxLength: 2 })),
        }),
        { maxLength: 3 },
      ),
      overrides: fc.array(
        fc.tuple(fc.option(fc.constantFrom('eve', 'ann')), moment, fc.integer({ min: 1, max: 400 })),
        {
          maxLength: 3,
        },
      ),
    })
    .map(
      ({ timezone, layers, overrides }): Schedule => ({
        ...{ name: 'any', timezone },
        layers: layers.map(({ windows, ...rest }) => ({
          ...rest,
          weekday: null,
          only: windows && only(timezone, ...windows),
        })),
        overrides: overrides.map(([contact, startsAt, length]) => ({
          ...{ contact, startsAt, endsAt: new Date(startsAt.getTime() + length * 15 * minute) },
        })),
      }),
    );

  it('are in order, do not overlap, and say at every moment who is on call', () => {
    fc.assert(
      fc.property(anySchedule, moment, fc.array(fc.nat(30 * 24 * 60 - 1), { maxLength: 20 }), (of, from, looks) => {
        const to = new Date(from.getTime() + 30 * 24 * 60 * minute);
        const found = shifts(of, from, to);
        for (const [i, one] of found.entries()) {
          expect(one.startsAt < one.endsAt).toBe(true);
          const before = found[i - 1];
          if (before === undefined) continue;
          expect(before.endsAt <= one.startsAt).toBe(true);
          // One who stays has one shift.
          if (before.endsAt.getTime() === one.startsAt.getTime()) expect(before.contact).not.toBe(one.contact);
        }
        const within = (when: Date) => found.filter((s) => s.startsAt <= when && when < s.endsAt).map((s) => s.contact);
        const edges = found.flatMap((s) => [s.startsAt, new Date(s.endsAt.getTime() - 1), s.endsAt]);
        const moments = [...looks.map((n) => new Date(from.getTime() + n * minute)), ...edges];
        for (const when of moments.filter((m) => m < to)) expect(within(when)).toEqual(onCallAt(of, when));
      }),
      { numRuns: 100 },
    );
  });

  it('change at hand-overs only, and are stable until told otherwise', () => {
    fc.assert(
      fc.property(anySchedule, moment, fc.float({ min: 0, max: 1, noNaN: true }), (of, from, share) => {
        const end = new Date(from.getTime() + 60 * 24 * 60 * minute);
        for (const until of [nextHandOver(of, from, end), stableUntil(of, from)]) {
          const last = (until ?? end).getTime() - 1;
          const when = new Date(Math.floor(from.getTime() + share * (last - from.getTime())));
          expect(onCallAt(of, when)).toEqual(onCallAt(of, from));
        }
        const next = nextHandOver(of, from, end);
        if (next !== null) expect(onCallAt(of, next)).not.toEqual(onCallAt(of, from));
      }),
      { numRuns: 100 },
    );
  });

  it('are the same by turns as merged', () => {
    fc.assert(
      fc.property(anySchedule, moment, (of, from) => {
        const to = new Date(from.getTime() + 20 * 24 * 60 * minute);
        const whole = wholeShifts(of, from, to);
        for (const { contact, startsAt, endsAt } of whole) {
          expect(onCallAt(of, startsAt)).toEqual([contact]);
          expect(onCallAt(of, new Date(endsAt.getTime() - 1))).toEqual([contact]);
        }
        const length = (all: readonly { startsAt: Date; endsAt: Date }[]) =>
          all.reduce((sum, s) => sum + Math.min(+s.endsAt, +to) - Math.max(+s.startsAt, +from), 0);
        expect(length(whole)).toBe(length(shifts(of, from, to)));
        expect(new Set(whole.map((s) => s.startsAt.getTime())).size).toBe(whole.length);
      }),
      { numRuns: 100 },
    );
  });
});
