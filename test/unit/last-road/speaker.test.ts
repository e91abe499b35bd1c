import type { Alarm } from '../../../src/alert/alarm.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import type { ToldDirectly } from '../../../src/alert/last-road.ts';
import { createSpeaker, type Failure } from '../../../src/last-road/speaker.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 5, 8, 0, second));
const alarm = (heartbeat: string): Alarm => ({
  labels: labelsOf([['heartbeat', heartbeat]]),
  annotations: labelsOf([]),
  ...{ startsAt: at(0), endsAt: null, lane: 'watchdog', pinnedGroup: null },
});
const closed = (since: number) => ({ since: at(since), trouble: 'the database cannot be reached' });
const failure = (kind: string): Failure => ({ kind, reason: 'provider_error', answer: 'no', retryAfterMs: null });

/** Somebody to tell by a channel that fails as long as it is told to. */
function speaking() {
  const state = { now: at(0), fails: null as Failure | null };
  const tried: { second: number; names: string[]; repeat: boolean }[] = [];
  const told: ToldDirectly[] = [];
  const speaker = createSpeaker(
    {
      ...{ replica: 'r', sender: { site: 'hq', externalUrl: 'https://mm.example.org', mailDomain: 'example.org' } },
      ...{ now: () => state.now, failureOf: (error) => error as Failure, count: () => {} },
      log: { info() {}, warn() {}, error() {} },
      onTold: (one) => told.push(one),
    },
    {
      ...{ channel: 'email', address: 'a@example.org', name: 'a', locale: 'en', timezone: 'UTC' },
      render: ({ notice }) => ({
        summary: '',
        names: notice?.kind === 'last_road' ? notice.alarms.map(({ labels }) => labels['heartbeat']) : [],
      }),
      async send(content, { repeat }) {
        tried.push({
          second: state.now.getTime() / 1000 - at(0).getTime() / 1000,
          repeat,
          names: content['names'] as string[],
        });
        if (state.fails !== null) throw state.fails;
        return { text: 'accepted' };
      },
    },
  );
  return {
    ...{
      tried,
      told,
      speaker,
      fail: (kind: string | null) => {
        state.fails = kind === null ? null : failure(kind);
      },
    },
    /** Looks at that second. */
    look(second: number, alarms: readonly Alarm[], since = 0) {
      state.now = at(second);
      speaker.speak(alarms, closed(since));
      return speaker.quiet();
    },
  };
}

describe('a message that could not be sent', () => {
  it('is sent again as it was, also when its alarm has ended meanwhile', async () => {
    const { look, fail, tried, told } = speaking();
    fail('transient');
    await look(0, [alarm('a')]);
    fail(null);
    await look(10, []);
    expect(tried.map(({ names }) => names)).toEqual([['a'], ['a']]);
    expect(told).toHaveLength(1);
  });

  it('does not outlive its outage: in the next one only what is out then is told', async () => {
    const { look, fail, tried, told } = speaking();
    fail('transient');
    await look(0, [alarm('a')]);
    fail(null);
    await look(604_800, [alarm('b')], 604_000);
    expect(tried.map(({ names }) => names)).toEqual([['a'], ['b']]);
    expect(told).toMatchObject([{ alarms: [alarm('b')], awaySince: at(604_000) }]);
  });

  it('is dropped when the database is back, and said anew if the database goes away again', async () => {
    const { look, fail, tried, speaker } = speaking();
    fail('transient');
    await look(0, [alarm('a')]);
    speaker.drop();
    fail(null);
    await look(20, []);
    expect(tried).toHaveLength(1);
    await look(22, [alarm('a'), alarm('b')]);
    expect(tried.at(-1)).toMatchObject({ second: 22, names: ['a', 'b'] });
  });

  it('is tried until it goes, an hour later too, and remembers how it went first and last', async () => {
    const { look, fail, tried, told } = speaking();
    fail('transient');
    for (let second = 0; second < 10_000; second += 10) await look(second, [alarm('a')]);
    fail(null);
    await look(10_300, [alarm('a')]);
    expect(tried.length).toBeGreaterThan(30);
    const [message] = told;
    expect(message?.attempts).toHaveLength(21);
    expect([message?.attempts[0].startedAt, message?.attempts.at(-1)?.startedAt]).toEqual([at(0), at(10_300)]);
  });

  it('is given up at once when it never will be taken', async () => {
    const { look, fail, tried } = speaking();
    fail('permanent');
    for (const second of [0, 10, 600]) await look(second, [alarm('a')]);
    expect(tried).toHaveLength(1);
  });
});
