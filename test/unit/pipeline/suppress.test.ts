import fc from 'fast-check';
import type { Silence } from '../../../src/alert/config.ts';
import { parseTimeInterval } from '../../../src/alert/time-interval-text.ts';
import { makeMatcher, matchesAll } from '../../../src/matcher/compile.ts';
import { suppressAt, suppressedFrom, suppressionsIn } from '../../../src/pipeline/converge/suppress.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 0, 5, hour));
const between = (start_time: string, end_time: string) => {
  const interval = parseTimeInterval([{ times: [{ start_time, end_time }] }]);
  return { intervals: [{ name: `${start_time} to ${end_time}`, interval }], together: interval };
};
const silence = (id: string, from: number, to: number, more: Partial<Silence> = {}): Silence => ({
  ...{ id, name: null, startsAt: at(from), endsAt: at(to), recurs: null, createdBy: 'li.wei', comment: 'work' },
  matchers: [[makeMatcher('team', '=', 'db')]],
  ...more,
});
const alert = { labels: { team: 'db' }, lane: 'normal' as const };
const by = (silences: Silence[], hour: number) => {
  const found = suppressAt(silences, at(hour))(alert);
  return found && [found.by.id, found.until];
};

describe('what suppresses an alert', () => {
  it('is the silence that hides it for longest from now on, not the one that ends last', () => {
    const silences = [
      silence('short', 0, 10),
      silence('night', 0, 1_000, { recurs: between('08:00', '12:00') }),
      silence('long', 0, 20),
    ];
    expect(by(silences, 9)).toEqual(['long', at(20)]);
    expect(by(silences.slice(0, 2), 9)).toEqual(['night', at(12)]);
    expect(by(silences.slice(0, 2), 7)).toEqual(['short', at(10)]);
    expect(by(silences.slice(0, 2), 12)).toBeNull();
  });

  it('is nothing for a watchdog alarm, nor for what no matcher matches', () => {
    const suppress = suppressAt([silence('s', 0, 10)], at(5));
    expect(suppress({ ...alert, lane: 'watchdog' })).toBeNull();
    expect(suppress({ ...alert, labels: { team: 'web' } })).toBeNull();
    expect(suppress(alert)?.by.id).toBe('s');
  });

  it('will be the first silence that begins, or goes on after a pause, and matches', () => {
    const silences = [
      silence('later', 12, 20),
      silence('goes on', 0, 100, { recurs: between('09:00', '10:00') }),
      silence('of others', 6, 20, { matchers: [[makeMatcher('team', '=', 'web')]] }),
      silence('over', 0, 4),
    ];
    const from = suppressedFrom(silences, at(5));
    expect(from(alert)).toEqual(at(9));
    expect(from({ ...alert, labels: { team: 'web' } })).toEqual(at(6));
    expect(from({ ...alert, lane: 'watchdog' })).toBeNull();
    expect(from({ ...alert, labels: {} })).toBeNull();
  });

  it('is found among many silences as if each of them were asked', () => {
    const label = fc.constantFrom('team', 'instance', 'constructor');
    const value = fc.constantFrom('', 'a', 'b', 'ab');
    const matcher = fc
      .tuple(label, fc.constantFrom('=', '!=', '=~', '!~'), value)
      .map(([name, op, text]) => makeMatcher(name, op, op.includes('~') ? `${text}|b.*` : text));
    const times = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }));
    const some = fc
      .array(fc.tuple(fc.array(fc.array(matcher, { maxLength: 3 }), { maxLength: 3 }), times), { maxLength: 12 })
      .map((all) => all.map(([matchers, [from, to]], n) => silence(`s${n}`, from, to, { matchers })));
    const labels = fc.dictionary(label, value, { maxKeys: 3 });
    fc.assert(
      fc.property(some, labels, (silences, of) => {
        const covering = silences.filter((s) => s.matchers.some((set) => set.length > 0 && matchesAll(set, of)));
        const until = covering.filter((s) => s.startsAt <= at(5) && s.endsAt > at(5)).map((s) => s.endsAt.getTime());
        const from = covering.filter((s) => s.startsAt > at(5) && s.endsAt > at(5)).map((s) => s.startsAt.getTime());
        const asked = { labels: of, lane: 'normal' as const };
        expect(suppressAt(silences, at(5))(asked)?.until.getTime() ?? -Infinity).toBe(Math.max(...until));
        expect(suppressedFrom(silences, at(5))(asked)?.getTime() ?? Infinity).toBe(Math.min(...from));
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('is named once each, with its interval, in words that the database takes', () => {
    const one = silence('one', 0, 100, { recurs: between('00:00', '24:00'), comment: `${'x'.repeat(99)}😀😀` });
    const many = Array.from({ length: 9 }, (_, n) => silence(`s${n}`, 0, 100));
    const suppressions = [one, one, ...many].map((s) => ({ by: s, until: at(6), reason: 'silenced' as const }));
    const named = suppressionsIn(suppressions, at(5))['silences'] as unknown[];
    expect(named).toHaveLength(5);
    expect(named[0]).toEqual({
      ...{ id: 'one', name: null, time_interval: '00:00 to 24:00', until: at(6) },
      comment: `${'x'.repeat(99)}😀`,
    });
    expect(named[1]).toMatchObject({ id: 's0', time_interval: null });
  });
});
