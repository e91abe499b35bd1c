import type { AlertGroup } from '../../../src/alert/config.ts';
import type { StormState } from '../../../src/pipeline/converge/storm.ts';
import { dueStormEnds } from '../../../src/pipeline/notice/storm.ts';
import { usualPolicy } from '../../support/policy.ts';

const minute = 60_000;
const start = Date.UTC(2026, 0, 5, 8, 0, 0);
const at = (minutes: number) => new Date(start + minutes * minute);

const group = {
  id: 7,
  name: 'database',
  policy: { ...usualPolicy, groupWaitMs: 30_000, storm: { alerts: 10, withinMs: 5 * minute, intervalMs: 10 * minute } },
} as AlertGroup;

/** Thirty alerts at eight, told of first at once. */
const storm = (more: Partial<StormState> = {}): StormState => ({
  ...{ beganAt: at(0), firstAt: at(0), endedAt: null, alerts: 30, recent: [[start, 30]] },
  ...more,
});

describe('the end of a storm is to be told', () => {
  it.each<[string, Partial<StormState>, number, boolean]>([
    ['not while it goes on', {}, 9, false],
    ['not before what it kept back has been decided', {}, 11, false],
    ['then, although nothing was decided since', {}, 12, true],
    ['for an hour', {}, 71, true],
    ['and not after it', {}, 72, false],
    ['also when a decision has noticed it', { endedAt: at(20) }, 22, true],
    ['not where there was none', { beganAt: null, firstAt: null }, 30, false],
  ])('%s', (_, more, minutes, due) => {
    const found = dueStormEnds([group], new Map([[group.id, storm(more)]]), at(minutes));
    expect(found).toHaveLength(due ? 1 : 0);
  });

  it('once for each storm, with what it came to', () => {
    const [end] = dueStormEnds([group], new Map([[group.id, storm()]]), at(12));
    expect(end).toEqual({
      ...{ key: 'storm/7/2026-01-05T08:00:00.000Z', group, alerts: 30 },
      ...{ beganAt: at(0), endedAt: at(10) },
    });
  });

  it('not of an alert group whose policy knows no storms any more', () => {
    const calmer = { ...group, policy: { ...group.policy, storm: null } };
    expect(dueStormEnds([calmer], new Map([[group.id, storm()]]), at(12))).toEqual([]);
  });
});
