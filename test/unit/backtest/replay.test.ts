import type { AlertGroup, Contact, Policy, Snapshot } from '../../../src/alert/config.ts';
import type { TimeInterval } from '../../../src/alert/time-interval.ts';
import type { Sent } from '../../../src/backtest/deliver.ts';
import { createEngine, type Pauses } from '../../../src/backtest/engine.ts';
import type { Acknowledgement, Changes } from '../../../src/backtest/history.ts';
import { replay } from '../../../src/backtest/replay.ts';
import { makeMatcher } from '../../../src/matcher/compile.ts';
import { usualPolicy } from '../../support/policy.ts';

const second = 1_000;
const minute = 60 * second;
const start = Date.UTC(2026, 0, 5, 8);

const person = (id: number, name: string): Contact => ({
  ...{ id, name, email: `${name}@example.org`, wecom: null, openid: null, locale: 'en', timezone: 'UTC', digest: null },
});
const ann = person(1, 'ann');
const ben = person(2, 'ben');

function snapshotOf(policy: Partial<Policy>, escalation: AlertGroup['escalation'] = []): Snapshot {
  const empty: AlertGroup = {
    ...{ id: 1, name: 'unrouted', builtin: 'unrouted', matchers: [], continue: false, version: 1 },
    ...{ members: [], schedules: [], channels: ['email'], robots: [], escalation: [], policy: usualPolicy },
  };
  const group: AlertGroup = {
    ...{ ...empty, id: 11, name: 'all', builtin: null, members: [ann], escalation },
    policy: { ...usualPolicy, ...policy },
  };
  const builtin = {
    unrouted: empty,
    self: { ...empty, id: 2, name: 'self', builtin: 'self' as const },
    watchdog: { ...empty, id: 3, name: 'watchdog', builtin: 'watchdog' as const },
  };
  return {
    ...{ version: 1, routingVersion: 1, sources: new Map(), sourceByTokenHash: new Map(), groups: [group], builtin },
    groupsById: new Map([group, ...Object.values(builtin)].map((g) => [g.id, g])),
    ...{
      silences: [],
      inhibitionRules: [],
      timeIntervals: new Map(),
      schedules: new Map(),
      heartbeats: [],
      dailyMessages: [],
    },
  };
}

/** Each begins and ends at these minutes; the one named `critical` is critical. */
type Fired = Record<string, [from: number, to: number]>;

function changesOf(fired: Fired): Changes {
  const rows = Object.values(fired)
    .flatMap(([from, to], alert) => [
      { at: start + from * minute, alert, state: 0, since: start + from * minute, ended: Number.NaN },
      { at: start + to * minute, alert, state: 1, since: start + from * minute, ended: start + to * minute },
    ])
    .sort((a, b) => a.at - b.at);
  return {
    length: rows.length,
    heardAt: Float64Array.from(rows, (r) => r.at),
    alert: Int32Array.from(rows, (r) => r.alert),
    state: Uint8Array.from(rows, (r) => r.state),
    since: Float64Array.from(rows, (r) => r.since),
    endedAt: Float64Array.from(rows, (r) => r.ended),
  };
}

/** What is sent: `minutes name: alerts that have begun / that have ended`. */
async function told(
  fired: Fired,
  snapshot: Snapshot,
  { minutes = 60, acknowledgements = [] }: { minutes?: number; acknowledgements?: Acknowledgement[] } = {},
): Promise<string[]> {
  const alerts = Object.keys(fired).map((alertname) => ({
    ...{ fingerprint: alertname, lane: 'normal' as const, pinnedGroup: null },
    labels: { alertname, severity: alertname === 'critical' ? 'critical' : 'warning' },
  }));
  const sent: string[] = [];
  await replay(
    { alerts, changes: changesOf(fired), acknowledgements },
    {
      snapshot,
      critical: [makeMatcher('severity', '=', 'critical')],
      channels: new Map([['email', { rateLimits: [] }]]),
    },
    { to: new Date(start + minutes * minute), onSent: (message) => sent.push(textOf(message)) },
  );
  return sent;
}

function textOf({ at, destination, parts }: Sent): string {
  const names = (kind: 'fresh' | 'resolved') =>
    parts
      .flatMap(({ difference }) => difference[kind].map((a) => a.fingerprint))
      .sort()
      .join(' ');
  const minutes = (at.getTime() - start) / minute;
  return `${minutes} ${destination.address.name}: ${names('fresh')} / ${names('resolved')}`;
}

describe('a replay', () => {
  const storm = { alerts: 2, withinMs: 5 * minute, intervalMs: 10 * minute };

  it('tells a storm in one message at a time, and what is critical at once', async () => {
    const fired: Fired = { a: [0, 90], b: [0, 90], c: [0, 90], critical: [1, 90], d: [2, 90] };
    expect(await told(fired, snapshotOf({ storm }))).toEqual([
      '0.75 ann: a b c / ',
      `${1.5 + 3 / 60} ann: critical / `,
      '10.75 ann: d / ',
    ]);
    expect(await told(fired, snapshotOf({}))).toHaveLength(5);
  });

  it('tells what quiet hours have kept back in one message when they end', async () => {
    const window = { weekdays: null, daysOfMonth: null, months: null, years: null, zone: 'UTC' };
    const together: TimeInterval = [{ ...window, times: [{ from: 8 * 60, to: 8 * 60 + 30 }] }];
    const quietTimes = { intervals: [{ name: 'night', interval: together }], together };
    const fired: Fired = { a: [0, 90], b: [5, 90], short: [6, 20], critical: [7, 90] };
    expect(await told(fired, snapshotOf({ quietTimes }))).toEqual(['7.5 ann: critical / ', '30.25 ann: a b / ']);
  });

  it('tells what is not critical in the digest of whoever wants one', async () => {
    const digest = { zone: 'UTC', minutes: [8 * 60 + 20, 8 * 60 + 40] };
    const both = snapshotOf({});
    const [group] = both.groups as [AlertGroup];
    const groups = [{ ...group, members: [ann, { ...ben, digest }] }];
    const fired: Fired = { a: [0, 25], short: [6, 12], critical: [7, 90], late: [21, 90] };
    const sent = await told(fired, { ...both, groups });
    expect(sent.filter((message) => message.includes('ben'))).toEqual([
      ...['7.5 ben: critical / ', '20.25 ben: a / ', '40.25 ben: late / a'],
    ]);
    expect(sent.filter((message) => message.includes('ann'))).toHaveLength(6);
  });

  it('calls in whom an escalation step names, unless somebody acknowledges before, and tells them the end', async () => {
    const steps = [{ afterMs: 15 * minute, members: [ben], schedules: [], robots: [] }];
    const fired: Fired = { a: [0, 30] };
    const beginning = ['0.5 ann: a / '];
    expect(await told(fired, snapshotOf({}, steps))).toEqual([
      ...[...beginning, '15.5 ben: a / '],
      ...['30 ann:  / a', '30 ben:  / a'],
    ]);
    const acknowledgements = [
      { at: new Date(start + 10 * minute), takenBack: false, groupId: 11, groupKey: 'unknown', alerts: ['a'] },
    ];
    expect(await told(fired, snapshotOf({}, steps), { acknowledgements })).toEqual([...beginning, '30 ann:  / a']);
  });

  it('pauses for others where much is due at the same moment', () => {
    const names = Array.from({ length: 450 }, (_, i) => `alert-${i}`);
    const alerts = names.map((alertname) => ({
      ...{ fingerprint: alertname, labels: { alertname }, lane: 'normal' as const, pinnedGroup: null },
    }));
    const changes = changesOf(Object.fromEntries(names.map((name) => [name, [0, 90]])));
    const channels = new Map([['email', { rateLimits: [] }]]);
    let messages = 0;
    const engine = createEngine(
      { alerts, changes, acknowledgements: [] },
      { snapshot: snapshotOf({}), critical: [], channels },
      () => {
        messages += 1;
      },
    );
    const pauses = (work: Pauses) => [...work].length;
    expect(pauses(engine.hear(0, 450, new Date(start)))).toBe(450);
    expect(pauses(engine.settle(new Date(start)))).toBe(0);
    // Twice three batches of 200 incidents at most, and what they have to say to Ann in between.
    expect(pauses(engine.settle(new Date(start + 30 * second)))).toBe(7);
    expect(messages).toBe(450);
  });

  it('leaves the end of an alert to the incident that told of its beginning', async () => {
    const both = snapshotOf({});
    const [first] = both.groups as [AlertGroup];
    const other: AlertGroup = { ...first, id: 12, name: 'other', members: [ben] };
    const groups = [{ ...first, continue: true }, other];
    const fired: Fired = { a: [0, 30] };
    expect(await told(fired, { ...both, groups })).toEqual([
      ...['0.5 ann: a / ', '0.5 ben: a / '],
      ...['30 ann:  / a', '30 ben:  / a'],
    ]);
  });
});
