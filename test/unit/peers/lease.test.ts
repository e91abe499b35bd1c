/** Of several replicas of a site one probes, and only what it finds while it does is told. */
import { randomUUID } from 'node:crypto';
import type { Alarm } from '../../../src/alert/alarm.ts';
import { leaseMs } from '../../../src/peers/lease.ts';
import { createPeers } from '../../../src/peers/peers.ts';
import { handClock } from '../../support/clock.ts';
import { freshDb } from '../../support/fresh-db.ts';

const second = 1_000;
const rules = {
  ...{ intervalMs: 5 * second, timeoutMs: 2 * second, downAfterMs: 15 * second },
  ...{ upAfter: 5, leavingGraceMs: 600 * second },
};

/** A replica whose only peer was up, and does not answer any more. */
async function watching(meanwhile: (db: Awaited<ReturnType<typeof freshDb>>) => Promise<unknown>) {
  const [db, clock, submitted] = [await freshDb(), handClock(), [] as Alarm[]];
  // Nobody listens there.
  const url = 'http://127.0.0.1:1';
  await db.query(`insert into peer (name, url, secret, updated_at) values ('site-b', $1, 'secret', 'epoch')`, [url]);
  await db.query(`insert into peer_state (peer_id, state, since, evidence)
    values (1, 'up', 'epoch', '{"last_ok_at":null,"last_probe_at":null,"last_error":null,"misses":0,"third":[],"self":null}')`);
  const quiet = () => {};
  const peers = createPeers({
    ...{ db, clock, rules, site: 'site-a', version: '1', startedAt: clock.now() },
    ...{
      unwell: async () => ({ reasons: [], failingChannels: [] }),
      configHash: async () => '',
      prove: async () => null,
    },
    peers: () => [{ id: 1, name: 'site-b', url, secret: 'secret' }],
    submit: async (alarms) => {
      submitted.push(...alarms);
    },
    // Asked for just before somebody is accused, so in the middle of the round.
    wayOut: async () => {
      await meanwhile(db);
      return 'open';
    },
    ...{ leaseOffsetMs: () => 0, onProbe: quiet, onRefused: quiet, log: { info: quiet, warn: quiet, error: quiet } },
  });
  for (let round = 0; round < 4; round++) {
    clock.advance(rules.intervalMs);
    await peers.tick();
  }
  const [row] = await peers.rows();
  await db.close();
  return { row, submitted: submitted.map(({ labels }) => labels['alertname']) };
}

describe('a replica', () => {
  it('tells of a peer that is silent', async () => {
    expect(await watching(async () => {})).toMatchObject({
      ...{ row: { state: 'down', told: ['PeerDown'] }, submitted: ['PeerDown'] },
    });
  });

  it('stores and tells nothing of a round in which another one has taken the lease', async () => {
    const taken = await watching((db) =>
      db.query('update peer_lease set holder = $1, until = $2', [randomUUID(), new Date('2100-01-01')]),
    );
    expect(taken).toMatchObject({ row: { state: 'suspect', told: [] }, submitted: [] });
  });
});

describe('the lease', () => {
  it.each([
    [5, 2, 20],
    [0.2, 0.1, 10],
    [60, 10, 170],
  ])('with a probe every %d s that may take %d s is for %d s', (interval, timeout, expected) => {
    const ms = leaseMs({ intervalMs: interval * second, timeoutMs: timeout * second });
    expect(ms).toBe(expected * second);
  });
});
