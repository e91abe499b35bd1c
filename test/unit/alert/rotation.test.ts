import { beginningOf, type Rotation, turnAt } from '../../../src/alert/rotation.ts';
import { dayOf, readingAt, weekdayOf } from '../../../src/alert/wall-clock.ts';
import * as fc from '../../support/fast-check.ts';

const hour = 3_600_000;
const contacts = ['ann', 'bob', 'cat'];
const rotation = (starts: string, days: number, of: Partial<Rotation> = {}): Rotation => ({
  ...{ contacts, days, minute: 9 * 60, weekday: null },
  ...of,
  starts: dayOf(starts),
});

/** `contact from until` for each turn from a moment on. */
function turns(zone: string, of: Rotation, from: string, count: number): string[] {
  const found: string[] = [];
  for (let at = Date.parse(from); found.length < count; ) {
    const turn = turnAt(zone, of, at);
    if (turn === null) throw new Error('nobody has begun');
    found.push(`${turn.contact} ${new Date(turn.from).toISOString().slice(0, 16)} ${(turn.until - turn.from) / hour}h`);
    at = turn.until;
  }
  return found;
}

describe('a daily hand-over at 09:00', () => {
  it.each([
    ['Europe/Berlin', '2026-03-27', ['2026-03-27T08:00 24h', '2026-03-28T08:00 23h', '2026-03-29T07:00 24h']],
    ['Europe/Berlin', '2026-10-23', ['2026-10-23T07:00 24h', '2026-10-24T07:00 25h', '2026-10-25T08:00 24h']],
    ['America/New_York', '2026-03-06', ['2026-03-06T14:00 24h', '2026-03-07T14:00 23h', '2026-03-08T13:00 24h']],
    ['America/New_York', '2026-10-30', ['2026-10-30T13:00 24h', '2026-10-31T13:00 25h', '2026-11-01T14:00 24h']],
    ['Australia/Lord_Howe', '2026-10-02', ['2026-10-01T22:30 24h', '2026-10-02T22:30 23.5h', '2026-10-03T22:00 24h']],
    ['Australia/Lord_Howe', '2026-04-03', ['2026-04-02T22:00 24h', '2026-04-03T22:00 24.5h', '2026-04-04T22:30 24h']],
    ['Asia/Shanghai', '2026-03-27', ['2026-03-27T01:00 24h', '2026-03-28T01:00 24h', '2026-03-29T01:00 24h']],
  ])('stays at 09:00 in %s from %s on', (zone, starts, wanted) => {
    const of = rotation(starts, 1);
    const from = new Date(beginningOf(zone, of)).toISOString();
    expect(turns(zone, of, from, 3)).toEqual(wanted.map((turn, i) => `${contacts[i]} ${turn}`));
  });

  it.each([
    ['a leap day', '2028-02-28', ['2028-02-28', '2028-02-29', '2028-03-01']],
    ['a February without one', '2026-02-27', ['2026-02-27', '2026-02-28', '2026-03-01']],
    ['the end of a month', '2026-04-29', ['2026-04-29', '2026-04-30', '2026-05-01']],
    ['the end of a year', '2026-12-30', ['2026-12-30', '2026-12-31', '2027-01-01']],
    ['a century that has no leap day', '2100-02-27', ['2100-02-27', '2100-02-28', '2100-03-01']],
  ])('goes on across %s', (_, starts, days) => {
    expect(turns('UTC', rotation(starts, 1), `${starts}T09:00:00Z`, 3)).toEqual(
      days.map((day, i) => `${contacts[i]} ${day}T09:00 24h`),
    );
  });

  it('comes back to the first', () => {
    const found = turns('UTC', rotation('2026-01-05', 1), '2026-01-05T09:00:00Z', 7).map((turn) => turn.slice(0, 3));
    expect(found).toEqual(['ann', 'bob', 'cat', 'ann', 'bob', 'cat', 'ann']);
  });
});

describe('a hand-over at a time that a day does not have, or has twice', () => {
  it('is at the end of the gap, or at the first of the two', () => {
    const night = { minute: 2 * 60 + 30 };
    expect(turns('Europe/Berlin', rotation('2026-03-28', 1, night), '2026-03-28T01:30:00Z', 3)).toEqual([
      'ann 2026-03-28T01:30 23.5h',
      'bob 2026-03-29T01:00 23.5h',
      'cat 2026-03-30T00:30 24h',
    ]);
    expect(turns('Europe/Berlin', rotation('2026-10-24', 1, night), '2026-10-24T00:30:00Z', 3)).toEqual([
      'ann 2026-10-24T00:30 24h',
      'bob 2026-10-25T00:30 25h',
      'cat 2026-10-26T01:30 24h',
    ]);
  });

  it('gives nobody a day that was skipped', () => {
    // Samoa went from 29 to 31 December: the turn of the 30th had no length.
    const found = turns('Pacific/Apia', rotation('2011-12-29', 1, { minute: 0 }), '2011-12-29T10:00:00Z', 2);
    expect(found).toEqual(['ann 2011-12-29T10:00 24h', 'cat 2011-12-30T10:00 24h']);
  });
});

describe('a weekly hand-over', () => {
  it('is on its weekday, and the first turn is shorter where it began on another', () => {
    // 2026-01-07 is a Wednesday.
    expect(turns('UTC', rotation('2026-01-07', 7, { weekday: 1 }), '2026-01-07T09:00:00Z', 3)).toEqual([
      'ann 2026-01-07T09:00 120h',
      'bob 2026-01-12T09:00 168h',
      'cat 2026-01-19T09:00 168h',
    ]);
  });

  it('goes on across the clocks going forward, a leap day and the end of the year', () => {
    const sundays = { weekday: 0 };
    expect(turns('Europe/Berlin', rotation('2026-03-22', 7, sundays), '2026-03-22T08:00:00Z', 2)).toEqual([
      'ann 2026-03-22T08:00 167h',
      'bob 2026-03-29T07:00 168h',
    ]);
    expect(turns('UTC', rotation('2028-02-27', 7, sundays), '2028-02-27T09:00:00Z', 2)).toEqual([
      'ann 2028-02-27T09:00 168h',
      'bob 2028-03-05T09:00 168h',
    ]);
    expect(turns('UTC', rotation('2026-12-27', 14, sundays), '2026-12-27T09:00:00Z', 2)).toEqual([
      'ann 2026-12-27T09:00 336h',
      'bob 2027-01-10T09:00 336h',
    ]);
  });
});

describe('turns', () => {
  it('are nobody’s before the first', () => {
    expect(turnAt('UTC', rotation('2026-01-07', 1), Date.parse('2026-01-07T08:59:59.999Z'))).toBeNull();
    expect(turnAt('UTC', rotation('2026-01-07', 1), Date.parse('2026-01-07T09:00:00Z'))?.contact).toBe('ann');
  });

  it('follow each other without a gap, in order, each from one hand-over to the next by the clock on the wall', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Shanghai', 'Africa/Casablanca'];
    const any = fc.record({
      zone: fc.constantFrom(...zones),
      starts: fc.integer({ min: dayOf('2024-01-01'), max: dayOf('2029-12-31') }),
      weeks: fc.option(fc.record({ n: fc.integer({ min: 1, max: 5 }), weekday: fc.nat(6) })),
      days: fc.integer({ min: 1, max: 40 }),
      minute: fc.nat(1_439),
      later: fc.integer({ min: 0, max: 3 * 365 * 24 * 60 }),
    });
    fc.assert(
      fc.property(any, ({ zone, starts, weeks, days, minute, later }) => {
        const weekday = weeks?.weekday ?? null;
        const of: Rotation = { contacts, days: weeks === null ? days : weeks.n * 7, minute, weekday, starts };
        const turn = turnAt(zone, of, (starts + 2) * 24 * hour + later * 60_000);
        if (turn === null) throw new Error('nobody has begun');
        const next = turnAt(zone, of, turn.until);
        expect(next?.from).toBe(turn.until);
        expect(next?.contact).toBe(contacts[(contacts.indexOf(turn.contact) + 1) % 3]);
        expect(turnAt(zone, of, turn.until - 1)).toEqual(turn);
        const { day, minute: shown } = readingAt(zone, turn.until);
        // In none of these zones clocks are put forward by more than an hour.
        expect(shown - minute).toBeGreaterThanOrEqual(0);
        expect(shown - minute).toBeLessThan(60);
        if (weekday !== null) expect(weekdayOf(day)).toBe(weekday);
      }),
      { numRuns: 500 },
    );
  });
});
