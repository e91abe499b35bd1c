/** What rounds of probes make of a peer that answers, but not as it should. */
import { createAsker } from '../../../src/peers/asker.ts';
import { claimsOf } from '../../../src/peers/claims.ts';
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

  it('that could not work before its answers were not understood still counts as such', async () => {
    const ill = { ...status, ready: false, not_ready: ['database'], server_time: '2026-01-05T09:00:00.000Z' };
    const rounded = await probed(120, (at) => (at < 30 ? ill : { ...ill, queue: 'new in version 9' }));
    expect(called(rounded)).toEqual(['PeerNotReady']);
  });

  it.each([
    [70, []],
    [80, ['PeerNotReady']],
  ])('that starts again and again and never gets ready is told of, after %d s: %j', async (seconds, alarms) => {
    const rounded = await probed(seconds, (at) => ({ ...status, ready: false, server_time: startedAgo(at % 20) }));
    expect(called(rounded)).toEqual(alarms);
  });
});

function startedAgo(seconds: number): string {
  return new Date(Date.parse(status.started_at) + seconds * second).toISOString();
}
