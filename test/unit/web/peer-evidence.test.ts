/** What the page says of a peer, and why. */
import type { Peer } from '../../../src/web/client/peer-types.ts';
import { byWorst, evidenceLines, kindOf } from '../../../src/web/pages/peers/evidence.ts';
import { en } from '../../../src/web/text/en.ts';

const speech = { text: en, clock: (at: string) => at.slice(11, 16), span: (ms: number) => `${ms / 1_000} s` };
const status = { ready: true, not_ready: [], leaving: null } as unknown as NonNullable<Peer['status']>;
const calm = {
  ...{ name: 'az-b', state: 'up', verdict: null, config_match: true, clock_offset_ms: 12, status, told: [] },
  evidence: { last_ok_at: null, last_probe_at: null, last_error: null, misses: 0, third: [], self: null },
} as unknown as Peer;
const missed = { ...calm.evidence, misses: 4, last_error: 'connect ECONNREFUSED' };

describe('what is said of a peer', () => {
  it('is nothing while it answers and is well', () => {
    expect(kindOf(calm)).toBe('up');
    expect(evidenceLines(calm, speech)).toEqual([]);
  });

  it('is why it is not ready, though it answers', () => {
    const peer = { ...calm, status: { ...status, ready: false, not_ready: ['database', 'stopping'] } };
    expect(kindOf(peer)).toBe('notReady');
    expect(evidenceLines(peer, speech)).toEqual(['the database takes no write', 'it is stopping']);
  });

  it('is that it is not understood, though it answers', () => {
    const peer: Peer = { ...calm, evidence: { ...calm.evidence, last_error: 'it refuses us: malformed' } };
    expect(kindOf(peer)).toBe('unread');
    expect(evidenceLines(peer, speech)).toEqual([
      'It answers, so it runs, but how it fares is not known: it refuses us: malformed. Do the two sites run the same version?',
    ]);
  });

  it('is what was found before it was called down: probes, other peers, ourselves', () => {
    const peer: Peer = {
      ...{ ...calm, state: 'down', verdict: 'down' },
      evidence: {
        ...missed,
        third: [
          { peer: 'az-c', says: 'does_not' },
          { peer: 'az-d', says: 'no_answer' },
        ],
        self: { at: '2026-11-25T12:00:00Z', lag_ms: 2_000, database: true, way_out: 'open' },
      },
    };
    expect(evidenceLines(peer, speech)).toEqual([
      'It does not answer: it is down, or the road to it.',
      '4 probes missed in a row: connect ECONNREFUSED',
      'az-c does not reach it either.',
      'az-d was asked about it, and gave no answer.',
      'Of ourselves then: the database took a write, our way out was open, we were 2 s late.',
    ]);
  });

  it('names the road when another peer reaches it, and ourselves when we are cut off', () => {
    const road: Peer = { ...calm, state: 'down', verdict: 'road', evidence: missed };
    expect(evidenceLines(road, speech)[0]).toMatch(/only the road/);
    const cutOff: Peer = { ...road, state: 'suspect', verdict: 'cut_off' };
    expect(kindOf(cutOff)).toBe('cut_off');
    expect(evidenceLines(cutOff, speech)[0]).toMatch(/rather this site that is cut off/);
  });

  it('says until when one that restarts is expected, and what of it is odd', () => {
    const back = '2026-11-25T12:10:00Z';
    const leaving: Peer = {
      ...{ ...calm, state: 'leaving', config_match: false, clock_offset_ms: -90_000 },
      status: { ...status, leaving: { since: back, back_by: back } },
    };
    expect(evidenceLines(leaving, speech)).toEqual([
      'It has said that it stops, and is expected back by 12:10.',
      'It is configured differently: the two sites may tell different people.',
      'Its clock is 90 s behind ours.',
    ]);
  });
});

it('the worst peer comes first', () => {
  const named = (name: string, more: Partial<Peer>): Peer => ({ ...calm, name, ...more });
  const peers = [
    named('b', {}),
    named('a', {}),
    named('road', { state: 'down', verdict: 'road' }),
    named('suspect', { state: 'suspect' }),
    named('down', { state: 'down', verdict: 'down' }),
  ];
  expect(byWorst(peers).map(({ name }) => name)).toEqual(['down', 'road', 'suspect', 'a', 'b']);
});
