import type { Sent } from '../../src/backtest/deliver.ts';
import { loadHistory } from '../../src/backtest/load.ts';
import { replay } from '../../src/backtest/replay.ts';
import { makeMatcher } from '../../src/matcher/compile.ts';
import type { EmbeddedDb } from '../../src/store/pglite.ts';
import * as fc from '../support/fast-check.ts';
import { freshDb } from '../support/fresh-db.ts';
import type { Setup } from './configuration.ts';
import { sources } from './configuration.ts';
import {
  attendedHistory,
  comeToRest,
  type Event,
  escalatingSetups,
  happen,
  refusedHistory,
  saidIn,
  setups,
} from './history.ts';
import { runs, timeoutMs, toItsEnd } from './runs.ts';
import { firingAlerts, receipts } from './truth.ts';
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
  await replayInto(world, from, ({ at, destination, parts }) => {
    const told = parts.flatMap((p) => p.told);
    messages.push(said(at, destination.address.address, told));
  });
  return messages.sort();
}

async function replayInto(world: World, from: Date, onSent: (sent: Sent) => void): Promise<void> {
  const configuration = {
    snapshot: world.snapshot(),
    channels: world.providers.channels,
    critical: [makeMatcher('severity', '=', 'critical')],
  };
  await replay(await loadHistory(world.db, from), configuration, { to: world.clock.now(), onSent });
}

/** What each address knows of these alerts at the end: `address: alert state`. */
async function knownInTheEnd(world: World, alerts: readonly string[]): Promise<string[]> {
  const known = (await receipts(world)).filter((r) => alerts.includes(r.alert));
  return known.map(({ address, alert, state }) => `${address}: ${alert} ${state}`).sort();
}

async function replayedInTheEnd(world: World, from: Date, alerts: readonly string[]): Promise<string[]> {
  const known = new Map<string, string>();
  await replayInto(world, from, ({ destination, parts }) => {
    for (const [alert, , state] of parts.flatMap((p) => p.told)) {
      if (alerts.includes(alert)) known.set(`${destination.address.address}: ${alert}`, state);
    }
  });
  return [...known].map(([what, state]) => `${what} ${state}`).sort();
}

/** Whether an alert flaps when it is told depends on when that is. */
const neverFlapping = (setup: Setup): Setup => {
  const [one, other] = setup.groups.map((group) => ({ ...group, gates: { ...group.gates, flapping: null } }));
  return { ...setup, groups: [one, other] as unknown as Setup['groups'] };
};

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
        fc.asyncProperty(
          escalatingSetups,
          attendedHistory,
          toItsEnd(async (setup, events) => {
            const world = await createWorld(db, setup);
            const from = world.clock.now();
            await play(world, events);
            const sent = await reallySent(world);
            messages += sent.length;
            expect(await replayed(world, from)).toEqual(sent);
          }),
        ),
        runs(1),
      );
      expect(messages).toBeGreaterThan(0);
    },
    timeoutMs,
  );

  it(
    'leaves everybody with what they knew in the end, however often providers refused',
    async () => {
      let known = 0;
      await fc.assert(
        fc.asyncProperty(
          setups.map(neverFlapping),
          refusedHistory,
          toItsEnd(async (setup, events) => {
            const world = await createWorld(db, setup);
            const from = world.clock.now();
            await play(world, events);
            await comeToRest(world);
            const firing = await firingAlerts(world);
            const really = await knownInTheEnd(world, firing);
            known += really.length;
            expect(await replayedInTheEnd(world, from, firing)).toEqual(really);
          }),
        ),
        runs(0.5),
      );
      expect(known).toBeGreaterThan(0);
    },
    timeoutMs,
  );
});
