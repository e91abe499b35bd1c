import type { Sent } from '../../src/backtest/deliver.ts';
import { loadHistory } from '../../src/backtest/load.ts';
import { replay } from '../../src/backtest/replay.ts';
import { makeMatcher } from '../../src/matcher/compile.ts';
import type { EmbeddedDb } from '../../src/store/pglite.ts';
import * as fc from '../support/fast-check.ts';
import { freshDb } from '../support/fresh-db.ts';
import { attendedHistory, type Event, happen, setups } from './history.ts';
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

/** Whatever comes at one moment is looked at together, as the replay does; whoever acknowledges does so at a moment of its own. */
async function play(world: World, events: readonly Event[]): Promise<void> {
  for (const event of events) {
    if (event.do === 'acknowledge') await pass(world, second);
    if (event.do === 'wait') await pass(world, event.ms);
    else await happen(world, event);
    if (event.do === 'acknowledge') await pass(world, second);
  }
  await pass(world, 3 * 3_600 * second);
}

describe('a backtest of the real configuration over the real history', () => {
  it(
    'gives the messages that were really sent',
    async () => {
      let messages = 0;
      await fc.assert(
        fc.asyncProperty(setups, attendedHistory, async (setup, events) => {
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
