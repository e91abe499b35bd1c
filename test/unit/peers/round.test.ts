/** What rounds of probes make of a peer that answers, but not as it should. */
import { createAsker } from '../../../src/peers/asker.ts';
import { claimKey, claimsOf } from '../../../src/peers/claims.ts';
import type { PeerRules } from '../../../src/peers/decide.ts';
import { createRounds, type Rounded } from '../../../src/peers/round.ts';
import { noEvidence, type PeerRow } from '../../../src/peers/rows.ts';
import { dailyLine } from '../../../src/peers/shown.ts';
import { handClock } from '../../support/clock.ts';
import { listening, status } from '../../support/peer-site.ts';

const second = 1_000;
const rules: PeerRules = {
  ...{ intervalMs: 5 * second, timeoutMs: 2 * second, downAfterMs: 15 * second },
  ...{ upAfter: 5, leavingGraceMs: 600 * second },
};
const unknown: PeerRow = {
  ...{ peerId: 2, name: 'site-b', state: 'unknown', since: null, verdict: null, evidence: noEvidence, status: null },
  ...{ clockOffsetMs: null, leavingSince: null, told: [] },
};

/** Probes a site that answers each time as `answers` says, by the seconds that have passed. */
async function probed(seconds: number, answers: (second: number) => object): Promise<Rounded> {
  const clock = handClock();
  const began = clock.monotonicMs();
  const passed = () => (clock.monotonicMs() - began) / second;
  await using site = await listening(() => answers(passed()));
  const rounds = createRounds({
    ...{
      clock,
      rules,
      asker: createAsker({ clock: { ...clock, monotonicMs: () => clock.monotonicMs() }, site: 'site-a' }),
    },
    ...{ prove: async () => null, wayOut: async () => 'open', onProbe: () => {} },
  });
  let row = unknown;
  for (;;) {
    const [rounded] = await rounds.run([{ peer: site.b, row }]);
    if (rounded === undefined) throw new Error('a round without the peer');
    if (passed() >= seconds) return rounded;
    row = rounded.row;
    clock.advance(rules.intervalMs);
    site.clock.advance(rules.intervalMs);
  }
}
const called = (rounded: Rounded) => claimsOf([rounded], 'site-a', rules).called.map(({ alertname }) => alertname);

describe('a peer', () => {
  it('whose answer is not understood is accused of nothing, and shown as what it is', async () => {
    const rounded = await probed(120, (at) => (at < 30 ? status : { ...status, queue: 'new in version 9' }));
    expect(rounded.row).toMatchObject({
      state: 'up',
      evidence: { misses: 0, last_error: 'its answer is not understood' },
    });
    expect(called(rounded)).toEqual([]);
    expect(dailyLine(rounded.row)).toMatchObject({
      well: false,
      words: { en: expect.stringContaining('not understood') },
    });
  });

  it('that comes back from an announced restart and is not understood is back, and silent when it falls silent', async () => {
    const leaving = { since: status.server_time, back_by: status.server_time };
    const rounded = await probed(60, (at) => (at < 30 ? { ...status, leaving } : { ...status, queue: 'newer' }));
    expect(rounded.row).toMatchObject({ state: 'up', leavingSince: null });
  });

  it('that could not work, and is not understood any more, is told of for a few answers more', async () => {
    const ill = { ...status, ready: false, not_ready: ['database'], server_time: '2026-01-05T09:00:00.000Z' };
    const kept = async (until: number) =>
      claimsOf([await probed(until, (at) => (at < 30 ? ill : { ...ill, queue: 'newer' }))], 'site-a', rules).kept;
    const key = claimKey({ peer: 'site-b', alertname: 'PeerNotReady' });
    expect([(await kept(25)).has(key), (await kept(45)).has(key), (await kept(60)).has(key)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each([
    [70, false, []],
    [80, false, ['PeerNotReady']],
    [80, true, []],
    [120, true, ['PeerNotReady']],
  ])(
    'that starts again and again and never gets ready is told of, after %d s, announced %s: %j',
    async (until, announced, alarms) => {
      const leaving = { since: status.server_time, back_by: status.server_time };
      const rounded = await probed(until, (at) => ({
        ...{ ...status, ready: false, server_time: startedAgo(at % 20) },
        leaving: announced && at % 20 >= 15 ? leaving : null,
      }));
      expect(called(rounded)).toEqual(alarms);
    },
  );
});

function startedAgo(seconds: number): string {
  return new Date(Date.parse(status.started_at) + seconds * second).toISOString();
}
