/** What the pages of people, sources and heartbeats work out by themselves. */
import type { DestinationHealth, HeartbeatStream, RateLimit } from '../../../src/web/client/types.ts';
import { declarationHref, declarationIn } from '../../../src/web/pages/heartbeats/declaration.ts';
import { healthIn, rankOf } from '../../../src/web/pages/people/address-health.ts';
import { groupsOfContact, groupsOfRoom } from '../../../src/web/pages/people/telling.ts';
import { labelsOf, rowsOfLabels } from '../../../src/web/pages/sources/labels.ts';
import { nearLimit, tightest } from '../../../src/web/parts/rate-left.ts';

const destination = (more: Partial<DestinationHealth>): DestinationHealth => ({
  ...{ id: '1', channel: 'email', address: 'li.wei@example.org', name: 'li.wei', state: 'ok' as const },
  ...{ retry_at: null, waiting: 0, undeliverable: 0, last_accepted_at: null, last_failed_at: null },
  ...{ rate_limits: [], rate_limited: 0 },
  ...{ last_failure: null, last_reason: null, last_remedies: null },
  ...more,
});
const early = '2026-01-05T08:00:00.000Z';
const late = '2026-01-05T09:00:00.000Z';

describe('the limit that is shown', () => {
  const limit = (left: number, burst: number): RateLimit => ({ name: 'minute', burst, per_minute: 15, left });

  it('is the one with the least left, and none while all are full', () => {
    expect(tightest([limit(5, 5), limit(500, 500)])).toBeNull();
    expect(tightest([limit(4, 5), limit(100, 500)])).toEqual(limit(100, 500));
    expect(tightest([])).toBeNull();
  });

  it('is worth a line above the deliveries once messages wait for it, or half of it is gone', () => {
    const near = destination({ id: '2', rate_limits: [limit(2, 5)] });
    const held = destination({ id: '3', rate_limits: [limit(4, 5)], rate_limited: 2 });
    const fine = destination({ id: '4', rate_limits: [limit(4, 5)] });
    expect(nearLimit([near, fine, held]).map(({ id }) => id)).toEqual(['3', '2']);
  });
});

describe('an address', () => {
  const address = { channel: 'email', address: 'li.wei@example.org' };
  const stateOf = (destinations: DestinationHealth[], configured = ['email']) =>
    healthIn(destinations, new Set(configured))(address).state;

  it.each([
    ['was never written to', [], 'unsent'],
    ['has a message that waits', [destination({ waiting: 1 })], 'unsent'],
    ['took the last message', [destination({ last_accepted_at: late, last_failed_at: early })], 'ok'],
    ['refused the last message', [destination({ last_accepted_at: early, last_failed_at: late })], 'failing'],
    ['is tried again', [destination({ state: 'backing_off', last_failed_at: early })], 'failing'],
    ['was given up', [destination({ state: 'given_up', last_accepted_at: late })], 'given_up'],
    ['is of somebody else', [destination({ address: 'other@example.org', state: 'given_up' })], 'unsent'],
  ] as const)('that %s', (_, destinations, state) => {
    expect(stateOf([...destinations])).toBe(state);
  });

  it('is what the outbox keeps, while its channel is not configured', () => {
    const kept = destination({ channel: 'outbox', address: 'email:li.wei@example.org', last_accepted_at: late });
    const gone = destination({ state: 'given_up' });
    expect(stateOf([gone, kept], [])).toBe('outbox');
    expect(healthIn([gone, kept], new Set())(address).facts).toBe(kept);
  });

  it('that is in trouble puts its owner before the others', () => {
    const ranks = ['given_up', 'failing', 'ok', 'unsent', 'outbox'].map((state) =>
      rankOf([
        { ...address, state: 'ok', facts: null },
        { ...address, state: state as 'ok', facts: null },
      ]),
    );
    expect(ranks).toEqual([0, 1, 2, 2, 2]);
  });
});

describe('a discovered stream', () => {
  const stream: HeartbeatStream = {
    ...{ name: 'Watchdog', declared: false, source: 'az-a', site: null, state: 'ok', state_since: early, beats: 9 },
    ...{ last_beat_at: early, cadence_ms: 30_000, timeout_ms: 180_000, left_ms: 1, alarmed_at: null },
    last_day: [],
    labels: { alertname: 'Watchdog', prometheus: 'mon/a & "b"', severity: 'none', empty: '' },
  };
  const read = (one: HeartbeatStream) => declarationIn(new URL(declarationHref(one), 'http://x').searchParams);

  it('becomes the draft of a heartbeat that matches it, whatever its labels hold', () => {
    expect(read(stream)).toEqual({
      ...{ name: 'Watchdog mon/a & "b" az-a', source: 'az-a', timeout: '180s' },
      matchers: ['alertname="Watchdog"', 'prometheus="mon/a & \\"b\\""'],
    });
  });

  it('has a name that is not too long', () => {
    const long = read({ ...stream, labels: { alertname: 'x'.repeat(5_000) } });
    expect(long.name).toHaveLength(100);
    expect(long.matchers[0]).toHaveLength(5_000 + 'alertname=""'.length);
  });
});

describe('labels as rows', () => {
  it('are the same when nothing is typed', () => {
    const labels = { az: 'a', odd: 'line\nbreak', empty: '' };
    expect(labelsOf(rowsOfLabels(labels))).toEqual(labels);
  });

  it('do not count while nothing is typed in them', () => {
    expect(labelsOf([{ key: 0, name: '', value: '' }])).toEqual({});
  });
});

describe('the alert groups of somebody', () => {
  const nobody = { members: [], schedules: [], robots: [] };
  const group = (name: string, more: object) => ({ name, ...nobody, escalation: [], ...more });
  const layer = { every: 1, unit: 'day' as const, hand_over: '09:00', starts: '2026-01-05' };
  const schedules = [
    { name: 'dba', layers: [{ ...layer, contacts: ['li.wei'] }], overrides: [] },
    { name: 'web', layers: [], overrides: [{ contact: 'li.wei', starts_at: early, ends_at: late }] },
    { name: 'net', layers: [{ ...layer, contacts: ['zhang.san'] }], overrides: [] },
  ];
  const groups = [
    group('named', { members: ['li.wei'], robots: ['ops'] }),
    group('on call', { schedules: ['dba'] }),
    group('stands in', { schedules: ['web'] }),
    group('later', { escalation: [{ ...nobody, schedules: ['dba'], robots: ['ops'] }] }),
    group('others', { members: ['zhang.san'], schedules: ['net'] }),
  ];

  it('are those that name them, or a schedule by which they are on call, in an escalation step too', () => {
    expect(groupsOfContact(groups, schedules, 'li.wei')).toEqual(['named', 'on call', 'stands in', 'later']);
    expect(groupsOfRoom(groups, 'ops')).toEqual(['named', 'later']);
  });
});
