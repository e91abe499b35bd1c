import { createOutgoingHeartbeat, type OutgoingParts, readOutgoing } from '../../../src/outside/heartbeat.ts';
import { sendHeartbeat } from '../../../src/outside/send.ts';
import type { Db } from '../../../src/store/db.ts';
import { handClock } from '../../support/clock.ts';
import { freshDb } from '../../support/fresh-db.ts';
import { startListener } from '../../support/listener.ts';
import { eventually } from '../../support/wait.ts';

describe('the outgoing heartbeat of several replicas', () => {
  let db: Db;
  beforeEach(async () => {
    db = await freshDb();
  });
  afterEach(() => db.close());

  /** One replica, and what became of its beats. */
  function replica(parts: Pick<OutgoingParts, 'settings' | 'now' | 'send'>) {
    const halt = new AbortController();
    const results: string[] = [];
    const log = { info: () => {}, warn: () => {} };
    const unwell = async () => ({ reasons: [], failingChannels: [] });
    const count = (result: string) => void results.push(result);
    return { halt, results, tick: createOutgoingHeartbeat({ ...parts, db, unwell, count, log, stopped: halt.signal }) };
  }

  it('is sent by another at once when one stops in the middle of a request, which is no failure', async () => {
    await using outside = await startListener();
    const settings = { url: outside.url, method: 'GET', intervalMs: 3_600_000 } as const;
    const parts = { settings, now: handClock().now, send: sendHeartbeat };
    const [one, other] = [replica(parts), replica(parts)];
    outside.hang();
    const underWay = one.tick();
    await eventually(() => outside.heard.length === 1);
    one.halt.abort();
    await underWay;
    expect(one.results).toEqual([]);
    expect(await readOutgoing(db)).toEqual({ lastSentAt: null, withheld: [], failure: null });
    outside.answer(200);
    await other.tick();
    expect(other.results).toEqual(['sent']);
  });

  it('is sent by another before the one whose requests hang tries again', async () => {
    const clock = handClock();
    const settings = { url: 'http://outside.example', method: 'GET', intervalMs: 60_000 } as const;
    const lucky = replica({ settings, now: clock.now, send: async () => null });
    const hanging = replica({
      ...{ settings, now: clock.now },
      async send() {
        clock.advance(5_000);
        await lucky.tick();
        clock.advance(5_000);
        return 'no answer within 10 s';
      },
    });
    for (let ticks = 0; ticks < 36; ticks++) {
      await hanging.tick();
      await lucky.tick();
      clock.advance(5_000);
    }
    expect(hanging.results).toEqual(['failed']);
    expect(lucky.results).toEqual(['sent', 'sent', 'sent']);
  });
});
