import type { Schedule } from '../../../src/web/client/schedule-types.ts';
import { bodyOf, draftOf } from '../../../src/web/pages/schedules/draft.ts';
import { daysFrom, gapsIn, weeksOf } from '../../../src/web/pages/schedules/weeks.ts';

describe('a schedule under edit', () => {
  it('makes the body that it was made of', () => {
    const body = {
      ...{ name: 'dba', timezone: 'Asia/Shanghai', hand_over_card: true },
      layers: [
        {
          ...{
            contacts: ['a', 'b'],
            every: 2,
            unit: 'week',
            hand_over: '09:00',
            weekday: 'friday',
            starts: '2026-01-05',
          },
          only: [{ weekdays: ['monday:friday'], times: [{ start_time: '09:00', end_time: '18:00' }] }],
        },
        { contacts: ['c'], every: 1, unit: 'day', hand_over: '00:00', starts: '2028-02-29' },
      ],
      overrides: [
        { contact: null, starts_at: '2026-01-05T08:00:30.500Z', ends_at: '2026-01-06T08:00:00.000Z' },
        { contact: 'd', starts_at: '2026-01-07T08:00:00.000Z', ends_at: '2026-01-08T08:00:00.000Z' },
      ],
    };
    const stored = body as unknown as Schedule;
    expect(bodyOf(draftOf(stored), stored.overrides)).toEqual(body);
  });
});

describe('the strip of two weeks', () => {
  const days = daysFrom(new Date(2026, 0, 7, 15).getTime(), 2);
  const at = (day: number) => days[day] as number;
  const shift = (contact: string, from: number, until: number) => ({
    ...{ contact, starts_at: new Date(from).toISOString(), ends_at: new Date(until).toISOString() },
  });

  it('begins at midnight, has whole days, and cuts shifts at the end of a week', () => {
    expect([days.length, new Date(at(0)).getHours(), new Date(at(14)).getDate()]).toEqual([15, 0, 21]);
    const [first, second] = weeksOf(days, [shift('a', at(0) - 5_000, at(3)), shift('b', at(3), at(10))]);
    expect(first?.pieces.map(({ contact, from, until }) => [contact, from, until])).toEqual([
      ['a', at(0), at(3)],
      ['b', at(3), at(7)],
    ]);
    expect(second?.pieces.map(({ contact }) => contact)).toEqual(['b', null]);
    for (const { pieces } of [first, second].flatMap((week) => week ?? []))
      expect(pieces.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(100);
  });

  it('tells when nobody is on call', () => {
    const shifts = [shift('a', at(1), at(2)), shift('b', at(2), at(4))];
    expect(gapsIn(shifts, at(0), at(5))).toEqual([
      { from: at(0), until: at(1) },
      { from: at(4), until: at(5) },
    ]);
    expect(gapsIn(shifts, at(1), at(4))).toEqual([]);
  });
});
