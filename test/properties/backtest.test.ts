import type { Sent } from '../../src/backtest/deliver.ts';
import { loadHistory } from '../../src/backtest/load.ts';
import { replay } from '../../src/backtest/replay.ts';
import { makeMatcher } from '../../src/matcher/compile.ts';
import type { EmbeddedDb } from '../../src/store/pglite.ts';
import * as fc from '../support/fast-check.ts';
import { freshDb } from '../support/fresh-db.ts';
import { sources } from './configuration.ts';
import { attendedHistory, type Event, escalatingSetups, happen, saidIn } from './history.ts';
import { runs, timeoutMs } from './runs.ts';
import { createWorld, type World } from './world.ts';

const second = 1_000;

let db: EmbeddedDb;
beforeAll(async () => {
  db = await freshDb();
});
afterAll(() => db.close());

/** What was told to whom and when: `time address: alert state, ...`. */
type Said = string;

const said = (at: Date, address: string, told: readonly (readonly unknown[])[]): Said =>
  `${at.toISOString()} ${address}: ${told
    .map(([alert, , state]) => `${alert} ${state}`)
    .sort()
    .join(', ')}`;

async function reallySent(world: World): Promise<Said[]> {
  const { rows } = await world.db.query<{ at: Date; address: string; told: [string, number, string][] }>(
    `select n.finished_at as at, d.address, n.told from notification n join destination d on d.id = n.destination_id
     where n.state = 'accepted' and n.carrier_id is null`,
  );
  return rows.map((row) => said(row.at, row.address, row.told)).sort();
}

async function replayed(world: World, from: Date): Promise<Said[]> {
  const messages: Said[] = [];
  const onSent = ({ at, destination, parts }: Sent) => {
    const told = parts.flatMap((p) => p.told);
    messages.push(said(at, destination.address.address, told));
  };
  const configuration = {
    snapshot: world.snapshot(),
    channels: world.providers.channels,
    critical: [makeMatcher('severity', '=', 'critical')],
  };
  await replay(await loadHistory(world.db, from), configuration, { to: world.clock.now(), onSent });
  return messages.sort();
}

/** Time goes by as the schedule would have it: whatever is due is done at its moment. */
async function pass(world: World, ms: number): Promise<void> {
  const end = world.clock.now().getTime() + ms;
  for (;;) {
    await world.settle();
    const next = await nextDue(world);
    if (next === null || next.getTime() > end) break;
    world.clock.set(next);
  }
  world.clock.set(new Date(end));
  await world.settle();
}

async function nextDue({ db: store, clock }: World): Promise<Date | null> {
  const { rows } = await store.query<{ at: Date | null }>(
    `select least(
       (select min(due_at) from incident where closed_at is null),
       (select min(d.due_at) from incident_due d join incident i on i.id = d.incident_id and i.closed_at is null),
       (select min(next_at) from notification where state = 'pending')) as at`,
  );
  const at = rows[0]?.at ?? null;
  return at !== null && at > clock.now() ? at : null;
}

/**
 * Each request comes at a moment of its own, and so does whoever acknowledges: of those that come in the same millisecond nobody
 * keeps which was first.
 */
async function play(world: World, events: readonly Event[]): Promise<void> {
  for (const event of events) {
    if (event.do === 'wait') await pass(world, event.ms);
    else if (event.do === 'change' || event.do === 'report') await report(world, event);
    else await atItsMoment(world, () => happen(world, event));
  }
  // Longer than any history waits to remind.
  await pass(world, 90 * 60 * second);
}

async function report(world: World, event: Extract<Event, { do: 'change' | 'report' }>): Promise<void> {
  for (let n = 0; n < (event.do === 'report' ? event.times : 1); n++) {
    const said = saidIn(world, event);
    for (const { id } of sources) {
      const own = said.filter((r) => r.sourceId === id);
      if (own.length > 0) await atItsMoment(world, () => world.post(own));
    }
  }
}

async function atItsMoment(world: World, act: () => Promise<void>): Promise<void> {
  await act();
  await pass(world, second);
}

describe('a backtest of the real configuration over the real history', () => {
  it(
    'gives the messages that were really sent',
    async () => {
      let messages = 0;
      await fc.assert(
        fc.asyncProperty(escalatingSetups, attendedHistory, async (setup, events) => {
          const world = await createWorld(db, setup);
          const from = world.clock.now();
          await play(world, events);
          const sent = await reallySent(world);
          messages += sent.length;
          expect(await replayed(world, from)).toEqual(sent);
        }),
        runs(1),
      );
      expect(messages).toBeGreaterThan(0);
    },
    timeoutMs,
  );
});
