import type { Alarm } from '../../../src/alert/alarm.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import { createLastRoad, type LastRoadParts } from '../../../src/last-road/last-road.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 5, 8, 0, second));

const lost: Alarm = {
  labels: labelsOf([['alertname', 'HeartbeatLost']]),
  annotations: labelsOf([]),
  ...{ startsAt: at(60), endsAt: null, lane: 'watchdog', pinnedGroup: null },
};

/** A road whose database has been away since second 0, and which tells one contact. */
function roadOf(change: Partial<LastRoadParts> = {}) {
  const state = { now: at(70) };
  const done: string[] = [];
  const named = (what: string) => async (alarms: readonly Alarm[]) => {
    done.push(`${what} ${alarms.map(({ labels, endsAt }) => `${labels['alertname']}${endsAt ? ' ended' : ''}`)}`);
  };
  const road = createLastRoad({
    ...{ sender: { site: 'hq', externalUrl: 'https://mm.example.org', mailDomain: 'example.org' } },
    ...{ now: () => state.now, stopping: () => false, tickedAt: () => at(0), count: () => {} },
    prove: async () => 'the database cannot be reached',
    failureOf: () => ({ kind: 'transient', reason: 'provider_error', answer: 'no', retryAfterMs: null }),
    log: { info() {}, warn() {}, error() {} },
    destinations: [destination('a', async () => {})],
    alarms: [],
    ...{ submit: named('submit'), submitPast: named('submitPast') },
    saveHistory: async (told) => {
      done.push(`history of ${told.length}`);
    },
    ...change,
  });
  return { road, state, done };
}

function destination(name: string, send: () => Promise<void>) {
  return {
    ...{ channel: 'email', address: name, name, locale: 'en', timezone: 'UTC' },
    render: () => ({ summary: '' }),
    async send() {
      await send();
      return { text: 'accepted' };
    },
  };
}

describe('nobody waits for anybody else', () => {
  it('who cannot be told for a while delays no other destination, and is told once', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const sent: string[] = [];
    const hanging = async () => {
      sent.push('hanging');
      await held;
    };
    const destinations = [destination('a', hanging), destination('b', async () => void sent.push('quick'))];
    const { road, state } = roadOf({
      destinations,
      alarms: [async (now) => (now < at(80) ? [] : [lost])],
    });
    await road.look();
    state.now = at(80);
    await road.look();
    expect(sent).toEqual(['hanging', 'quick', 'quick']);
    release();
    await road.quiet(1_000);
    await road.look();
    await road.quiet(1_000);
    expect(sent).toEqual(['hanging', 'quick', 'quick', 'hanging']);
  });

  it('a part that is long in finding out, or fails, keeps back no alarm of another', async () => {
    const never = new Promise<never>(() => {});
    const refusing = async () => Promise.reject(new Error('no'));
    const { road } = roadOf({ tickedAt: () => at(20), alarms: [() => never, refusing, async () => [lost]] });
    await road.look();
    await road.quiet(1_000);
    expect(road.told()).toMatchObject([{ alarms: [lost] }]);
  });

  it('a send that hangs is waited for no longer than was asked', async () => {
    const { road } = roadOf({ destinations: [destination('a', () => new Promise<never>(() => {}))] });
    await road.look();
    await road.quiet(10);
    expect(road.told()).toEqual([]);
  });
});

describe('what was told, when the database is back', () => {
  it('is stored once, also when the end of our own alarm is refused at first', async () => {
    let refused = 2;
    const { road, done } = roadOf({
      async submit() {
        done.push('submit');
        if (refused-- > 0) throw new Error('no');
      },
    });
    await road.look();
    await road.quiet(1_000);
    expect(road.told()).toHaveLength(1);
    for (let i = 0; i < 2; i++) await expect(road.back()).rejects.toThrow('no');
    await road.back();
    await road.back();
    expect(done).toEqual(['submitPast DatabaseAway', 'history of 1', 'submit', 'submit', 'submit']);
  });

  it('is kept until the history has it', async () => {
    let refused = 1;
    const { road, done } = roadOf({
      async saveHistory() {
        if (refused-- > 0) throw new Error('no');
      },
    });
    await road.look();
    await road.quiet(1_000);
    await expect(road.back()).rejects.toThrow('no');
    expect(road.told()).toHaveLength(1);
    await road.back();
    expect(road.told()).toEqual([]);
    expect(done.at(-1)).toBe('submit DatabaseAway ended');
  });
});
