import { compare } from '../../../src/backtest/compare.ts';
import type { CriticalTold, Received, Tally } from '../../../src/backtest/tally.ts';
import { backtestText } from '../../../src/cli/backtest-text.ts';
import { plainly } from '../../support/truth.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 0, 5, 8, minutes));

function tally(received: Record<string, number>, criticals: Record<string, number> = {}): Tally {
  const messages = Object.values(received).reduce((all, n) => all + n, 0);
  const receivedBy = (name: string, n: number): Received => ({
    ...{ name, channel: 'email', kind: 'person', messages: n, reminders: 0, limited: 0 },
  });
  const told = (name: string, minutes: number): CriticalTold => ({
    alert: {
      ...{ fingerprint: name, labels: { alertname: name }, state: 'firing', episode: 1, since: at(0), endedAt: null },
      ...{ changedAt: at(0), critical: true, suppressedBy: null, ...plainly },
    },
    at: at(minutes),
  });
  return {
    received: new Map(Object.entries(received).map(([name, n]) => [name, receivedBy(name, n)])),
    messages,
    timeline: { startsAt: at(0), stepMs: 60_000, messages: [messages] },
    incidents: messages,
    ...{ from: at(0), to: at(50) },
    criticals: new Map(Object.entries(criticals).map(([name, minutes]) => [name, told(name, minutes)])),
  };
}

describe('what a draft changes', () => {
  it('lists everybody who got something or would, the largest change first, and who gets nothing any more', () => {
    const { receivers, messages } = compare(tally({ ann: 5, bob: 9, cat: 1 }), tally({ ann: 5, bob: 2, dan: 3 }));
    expect(messages).toEqual({ before: 15, after: 10 });
    expect(receivers.map((r) => [r.name, r.messages.before, r.messages.after, r.stops])).toEqual([
      ['bob', 9, 2, false],
      ['dan', 0, 3, false],
      ['cat', 1, 0, true],
      ['ann', 5, 5, false],
    ]);
  });

  it('has both in the same parts of the time', () => {
    const { timeline } = compare(tally({ ann: 5 }), tally({ ann: 2 }));
    expect(timeline).toEqual({ startsAt: at(0), stepMs: 60_000, before: [5], after: [2] });
  });

  it('counts critical alerts that would be told later, never or sooner, those that never are first', () => {
    const before = tally({}, { same: 1, later: 1, never: 1, sooner: 5 });
    const { criticals } = compare(before, tally({}, { same: 1, later: 4, sooner: 2, gained: 1 }));
    expect(criticals).toMatchObject({ told: { before: 4, after: 4 }, later: 1, never: 1, sooner: 1 });
    expect(criticals.examples.map((c) => [c.fingerprint, c.wouldBeToldAt])).toEqual([
      ['never', null],
      ['later', at(4)],
    ]);
  });

  it('is a table for people', () => {
    const { criticals, ...rest } = compare(tally({ ann: 5, bob: 9 }, { gone: 1 }), tally({ ann: 7 }));
    const examples = criticals.examples.map((c) => ({
      ...{ labels: c.labels, starts_at: c.startsAt.toISOString(), told_at: c.toldAt.toISOString() },
      would_be_told_at: null,
    }));
    const result = { ...rest, criticals: { ...criticals, examples } };
    const facts = { from: at(0).toISOString(), to: at(50).toISOString(), changes: 12, result };
    expect(backtestText({ ...facts, knownSince: at(10).toISOString() })).toContain(
      'only what happened since 2026-01-05T08:10:00Z is known',
    );
    expect(backtestText({ ...facts, knownSince: null })).toContain('no change of an alert has been kept yet');
    expect(backtestText({ ...facts, knownSince: at(0).toISOString() })).toBe(
      `2026-01-05T08:00:00Z to 2026-01-05T08:50:00Z, 12 changes of alerts replayed, those of the day before included

                         now  draft  change
messages                  14      7      -7
incidents told            14      7      -7
held up by a rate limit    0      0
critical alerts told       1      0      -1

who  channel  now  draft  change
bob  email      9      0      -9  gets nothing any more
ann  email      5      7      +2

critical alerts told never: 1, later: 0, sooner: 0
  never     told 2026-01-05T08:01:00Z  {alertname="gone"}
`,
    );
  });
});
