import type { AlertGroup, Snapshot } from '../../../src/alert/config.ts';
import { parseMatchers } from '../../../src/matcher/parse.ts';
import { judge, withDraft } from '../../../src/pipeline/preview/draft.ts';
import { usualPolicy } from '../../support/policy.ts';

const policy = { ...usualPolicy, groupBy: [], groupWaitMs: 0, groupIntervalMs: 0, repeatIntervalMs: 0 };
const group = (name: string, matchers: string, more: Partial<AlertGroup> = {}): AlertGroup => ({
  ...{ id: name.length, name, builtin: null, continue: false, version: 1, policy },
  ...{
    members: [],
    schedules: [],
    escalation: [],
    channels: [],
    robots: [],
    matchers: matchers === '' ? [] : parseMatchers(matchers).matchers,
  },
  ...more,
});
const builtin = (name: 'unrouted' | 'self' | 'watchdog') => group(name, '', { builtin: name });
const snapshotOf = (...groups: AlertGroup[]): Snapshot => ({
  ...{
    version: 1,
    routingVersion: 1,
    sources: new Map(),
    sourceByTokenHash: new Map(),
    silences: [],
    heartbeats: [],
    dailyMessages: [],
    timeIntervals: new Map(),
    schedules: new Map(),
    inhibitionRules: [],
  },
  groups,
  groupsById: new Map(),
  builtin: { unrouted: builtin('unrouted'), self: builtin('self'), watchdog: builtin('watchdog') },
});
const today = snapshotOf(group('db', 'team="db"'), group('all', 'team=~".+"'));

function judged(draft: AlertGroup, at: { replaces?: string; position?: number }, labels: Record<string, string>) {
  const whole = { group: draft, replaces: at.replaces ?? null, position: at.position ?? 0 };
  const alert = { labels, lane: 'normal' as const, pinnedGroup: null };
  const { today: before, after, change } = judge(alert, today, withDraft(today, whole), whole);
  return { before: before.map((g) => g.name), after: after.map((g) => g.name), change };
}

describe('a draft of an alert group', () => {
  it('takes from those behind it, and leaves them theirs when it says continue', () => {
    const labels = { team: 'db' };
    expect(judged(group('new', 'team="db"'), {}, labels)).toEqual({ before: ['db'], after: ['new'], change: 'gains' });
    const kind = group('new', 'team="db"', { continue: true });
    expect(judged(kind, {}, labels)).toEqual({ before: ['db'], after: ['new', 'db'], change: 'gains' });
  });

  it('gets nothing of what somebody before it takes', () => {
    expect(judged(group('new', 'team=~".+"'), { position: 2 }, { team: 'web' })).toMatchObject({
      after: ['all'],
      change: 'shadowed',
    });
    expect(judged(group('new', 'team="x"'), { position: 2 }, { team: 'web' }).change).toBeNull();
  });

  it('that replaces another keeps, loses and moves its alerts', () => {
    const narrower = group('renamed', 'team="db",severity="critical"');
    expect(judged(narrower, { replaces: 'db' }, { team: 'db', severity: 'critical' }).change).toBe('keeps');
    expect(judged(narrower, { replaces: 'db' }, { team: 'db' })).toMatchObject({ after: ['all'], change: 'loses' });
  });

  it('of the group for what nothing matches gets just that', () => {
    const draft = group('unrouted', '', { builtin: 'unrouted' });
    expect(judged(draft, { replaces: 'unrouted' }, { job: 'x' }).change).toBe('keeps');
    expect(judged(draft, { replaces: 'unrouted' }, { team: 'db' }).change).toBeNull();
  });
});
