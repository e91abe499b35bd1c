import { type AlertEpisode, deriveAlert, type ReporterFacts } from '../../../src/pipeline/dedupe/derive.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 5, 8, 0, seconds));
const fresh: AlertEpisode = {
  state: 'resolved',
  episode: 0,
  since: at(0),
  endedAt: null,
  changedAt: at(0),
  periods: [],
};
const firingSince = (since: number, episode = 1): AlertEpisode => ({
  state: 'firing',
  episode,
  since: at(since),
  endedAt: null,
  changedAt: at(since),
  periods: [],
});
const reporter = (
  firingAt: number,
  resolvedAt: number | null = null,
  more: Partial<ReporterFacts> = {},
): ReporterFacts => ({
  firingAt: at(firingAt),
  resolvedAt: resolvedAt === null ? null : at(resolvedAt),
  live: true,
  expired: false,
  ...more,
});

describe('deriveAlert (rules 1 and 2)', () => {
  it('begins an episode when the alert goes from not firing to firing', () => {
    const alert = deriveAlert(fresh, [reporter(10)], at(20));
    expect(alert).toMatchObject({ state: 'firing', episode: 1, since: at(10), changedAt: at(20) });
  });

  it('begins none when startsAt shifts', () => {
    const before = firingSince(10);
    expect(deriveAlert(before, [reporter(70)], at(80))).toBe(before);
  });

  it('fires while any live reporter fires', () => {
    const before = firingSince(10);
    expect(deriveAlert(before, [reporter(10, 50), reporter(12)], at(60))).toBe(before);
  });

  it('resolves when one reporter said so and no live one fires', () => {
    const quiet = reporter(12, null, { live: false });
    const alert = deriveAlert(firingSince(10), [reporter(10, 50), quiet], at(60));
    expect(alert).toMatchObject({ state: 'resolved', episode: 1, endedAt: at(50) });
  });

  it('is stale while all its firing reporters are quiet, and goes on as the same episode', () => {
    const stale = deriveAlert(firingSince(10), [reporter(10, null, { live: false })], at(60));
    expect(stale).toMatchObject({ state: 'stale', episode: 1, endedAt: null });
    expect(deriveAlert(stale, [reporter(10)], at(70))).toMatchObject({ state: 'firing', episode: 1, since: at(10) });
  });

  it('expires when none of its reporters has been heard for too long, and then begins a new episode', () => {
    const expired = deriveAlert(firingSince(10), [reporter(10, null, { expired: true })], at(60));
    expect(expired).toMatchObject({ state: 'expired', episode: 1, endedAt: at(60) });
    expect(deriveAlert(expired, [reporter(10)], at(70))).toMatchObject({ state: 'firing', episode: 2 });
  });

  it('does not take a resolve of an earlier episode for the end of this one', () => {
    const alert = deriveAlert(firingSince(100, 2), [reporter(0, 50), reporter(100, null, { live: false })], at(200));
    expect(alert.state).toBe('stale');
  });

  it('sees that it ended and began again between two looks', () => {
    expect(deriveAlert(firingSince(10), [reporter(60, 50)], at(70))).toMatchObject({ episode: 2, since: at(60) });
  });

  it('sees no pause that another reporter covers', () => {
    const before = firingSince(10);
    expect(deriveAlert(before, [reporter(60, 50), reporter(12)], at(70))).toBe(before);
    expect(deriveAlert(before, [reporter(60, 50), reporter(12, 65)], at(70))).toBe(before);
  });

  it('stays silent about what never fired', () => {
    expect(deriveAlert(fresh, [reporter(10, 50)], at(60))).toBe(fresh);
  });
});
