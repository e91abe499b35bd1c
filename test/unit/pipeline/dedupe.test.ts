import { dedupe, fires, type ReporterState } from '../../../src/pipeline/dedupe/dedupe.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 5, 8, 0, seconds));
const firing = (startsAt: number) => ({
  status: 'firing' as const,
  ...{ startsAt: at(startsAt), endsAt: null, expiresAt: null },
});
const resolved = (startsAt: number, endsAt: number) => ({
  status: 'resolved' as const,
  ...{ startsAt: at(startsAt), endsAt: at(endsAt), expiresAt: null },
});
const quarter = 6 * 3600_000;

function told(...reports: (ReturnType<typeof firing> | ReturnType<typeof resolved>)[]) {
  let state: ReporterState | null = null;
  const reasons: string[] = [];
  for (const report of reports) {
    const outcome = dedupe(report, state, at(1000), quarter);
    state = outcome.state;
    reasons.push(outcome.reason);
  }
  return { state: state as unknown as ReporterState, reasons };
}

describe('dedupe (rule 1)', () => {
  it('names every kind of report', () => {
    expect(told(firing(0)).reasons).toEqual(['new_alert']);
    expect(told(firing(0), firing(0)).reasons[1]).toBe('repeated');
    expect(told(firing(0), firing(60)).reasons[1]).toBe('start_shifted');
    expect(told(firing(60), firing(0)).reasons[1]).toBe('start_shifted');
    expect(told(firing(0), resolved(0, 100)).reasons[1]).toBe('resolved');
    expect(told(firing(0), resolved(0, 100), resolved(0, 100)).reasons[2]).toBe('repeated_resolved');
    expect(told(firing(0), resolved(0, 100), firing(200)).reasons[2]).toBe('fired_again');
    expect(told(firing(0), resolved(0, 100), firing(0)).reasons[2]).toBe('late_firing');
    expect(told(firing(200), resolved(0, 100)).reasons[1]).toBe('late_resolved');
    expect(told(resolved(0, 100)).reasons).toEqual(['resolved_unknown']);
  });

  it('ends in the same state whatever the order of the reports', () => {
    const reports = [firing(0), resolved(0, 100), firing(200), firing(200), resolved(0, 100)];
    const orders = [
      [0, 1, 2, 3, 4],
      [4, 3, 2, 1, 0],
      [2, 0, 4, 1, 3],
      [1, 2, 0, 4, 3],
    ];
    const ends = orders.map((order) => told(...order.map((i) => reports[i] as ReturnType<typeof firing>)).state);
    for (const end of ends) expect(end).toEqual(ends[0]);
    expect(fires(ends[0] as ReporterState)).toBe(true);
  });

  it('does not write an unchanged repeat until a quarter of the expiry has passed', () => {
    const before: ReporterState = { firingAt: at(0), resolvedAt: null, lastSeen: at(0), expiresAt: null };
    const soon = new Date(at(0).getTime() + quarter - 1);
    const late = new Date(at(0).getTime() + quarter);
    expect(dedupe(firing(0), before, soon, quarter)).toMatchObject({ write: false, news: false });
    expect(dedupe(firing(0), before, late, quarter)).toMatchObject({ write: true, news: false });
  });

  it('takes a time from the future as now, so that a clock that is ahead can still resolve', () => {
    const arrival = at(10);
    const started = dedupe({ ...firing(70) }, null, arrival, quarter).state;
    expect(started.firingAt).toEqual(arrival);
    const ended = dedupe(resolved(70, 90), started, at(40), quarter);
    expect(ended.reason).toBe('resolved');
    expect(fires(ended.state)).toBe(false);
  });

  it('never takes an end for earlier than the start that the same report names', () => {
    const outcome = dedupe(
      resolved(50, 20),
      { firingAt: at(50), resolvedAt: null, lastSeen: at(50), expiresAt: null },
      at(100),
      quarter,
    );
    expect(fires(outcome.state)).toBe(false);
  });

  describe('of one that names its end', () => {
    const until = (startsAt: number, expiresAt: number) => ({ ...firing(startsAt), expiresAt: at(expiresAt) });
    const state = (expiresAt: number | null, resolvedAt: number | null = null): ReporterState => ({
      ...{ firingAt: at(0), resolvedAt: resolvedAt === null ? null : at(resolvedAt), lastSeen: at(0) },
      expiresAt: expiresAt === null ? null : at(expiresAt),
    });

    it('writes a repeat that puts the end off by a quarter of what is left', () => {
      const hear = (now: number, expiresAt: number) => dedupe(until(0, expiresAt), state(240), at(now), quarter);
      expect(hear(60, 300)).toMatchObject({ write: true, news: false, state: { expiresAt: at(300) } });
      expect(hear(59, 299).write).toBe(false);
      expect(hear(0, 240).write).toBe(false);
      expect(hear(5, 3600).write).toBe(true);
    });

    it('writes the first end that is named', () => {
      expect(dedupe(until(0, 240), state(null), at(0), quarter)).toMatchObject({ write: true, reason: 'repeated' });
    });

    it('keeps the latest end of a firing, and none of one that has ended', () => {
      expect(dedupe(until(0, 100), state(240), at(20), quarter).state.expiresAt).toEqual(at(240));
      expect(dedupe(until(50, 100), state(240, 40), at(60), quarter).state.expiresAt).toEqual(at(100));
      expect(dedupe(until(10, 900), state(240, 40), at(60), quarter).state.expiresAt).toEqual(at(240));
      expect(dedupe(resolved(0, 40), state(240), at(60), quarter).state.expiresAt).toEqual(at(240));
    });
  });
});
