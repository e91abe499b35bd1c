import type { Report } from '../../src/alert/alert.ts';
import type { EmbeddedDb } from '../../src/store/pglite.ts';
import * as fc from '../support/fast-check.ts';
import { freshDb } from '../support/fresh-db.ts';
import type { Setup } from './configuration.ts';
import { comeToRest, type Event, happen, reportedHistory, saidIn, setups } from './history.ts';
import { expectTruth } from './play.ts';
import { dice, runs, timeoutMs, toItsEnd } from './runs.ts';
import { firingAlerts, receipts } from './truth.ts';
import { createWorld, type World } from './world.ts';

let db: EmbeddedDb;
beforeAll(async () => {
  db = await freshDb();
});
afterAll(() => db.close());

/** Brings everything that was said in one instant to the service. */
type Bring = (world: World, reports: readonly Report[]) => Promise<void>;

/** As it was said, one request per source, and everything that is due is done. */
const inOrder: Bring = async (world, reports) => {
  await world.post(reports);
  await world.settle();
};

/** Shuffled, some of it twice, in small requests, with looks at what is due in between or none at all. */
function anyhow(seed: number): Bring {
  const roll = dice(seed);
  return async (world, reports) => {
    const said = [...reports, ...reports.filter(() => roll() < 0.4)]
      .map((report) => ({ report, place: roll() }))
      .sort((a, b) => a.place - b.place)
      .map(({ report }) => report);
    while (said.length > 0) {
      await world.post(said.splice(0, 1 + Math.floor(roll() * 4)));
      const look = roll();
      if (look < 0.2) await world.pipeline.decide();
      else if (look < 0.4) await world.deliverDue();
      else if (look < 0.5) await world.pipeline.sweep();
    }
    if (roll() < 0.5) await world.settle();
  };
}

/** What is left at the end: who fires, and who has been told so. Episodes may be counted differently. */
async function endOf(setup: Setup, events: readonly Event[], bring: Bring): Promise<unknown> {
  const world = await createWorld(db, setup);
  const said: Report[] = [];
  for (const event of events) {
    if (event.do === 'change' || event.do === 'report') said.push(...saidIn(world, event));
    else {
      if (event.do === 'wait') await bring(world, said.splice(0));
      await happen(world, event);
    }
  }
  await bring(world, said);
  await comeToRest(world);
  await expectTruth(world);
  const firing = await firingAlerts(world);
  const told = (await receipts(world)).filter((r) => firing.includes(r.alert));
  return { firing, told: told.map((r) => [r.address, r.alert, r.state]) };
}

describe('where and how a history is noticed', () => {
  it(
    'leaves no trace in its end: order, duplicates, requests and looks in between do not matter (rules 1 to 3)',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          setups,
          reportedHistory,
          fc.nat(),
          toItsEnd(async (setup, events, seed) => {
            const expected = await endOf(setup, events, inOrder);
            expect(await endOf(setup, events, anyhow(seed))).toEqual(expected);
          }),
        ),
        runs(0.4),
      );
    },
    timeoutMs,
  );
});
