/** Plays histories to their end and checks what must hold then. */
import type { EmbeddedDb } from '../../src/store/pglite.ts';
import type { Setup } from './configuration.ts';
import { comeToRest, type Event, happen } from './history.ts';
import { crowded, deceived, firingAlerts, toldTwice, unfinished, untold } from './truth.ts';
import { createWorld, type World } from './world.ts';

/** Plays a history to its end; after each event no conversation may have two unfinished notifications (rule 5). */
export async function play(db: EmbeddedDb, setup: Setup, events: readonly Event[]): Promise<World> {
  const world = await createWorld(db, setup);
  for (const event of events) {
    await happen(world, event);
    expect(await crowded(world)).toEqual([]);
  }
  await comeToRest(world);
  expect(world.faults).toEqual([]);
  return world;
}

/** What holds at the end of every history: the receipts equal the truth, and nobody was told anything twice. */
export async function expectTruth(world: World): Promise<void> {
  expect(toldTwice(world.providers.arrivals, world.providers.doubtful)).toEqual([]);
  expect(await firingAlerts(world)).toEqual([...world.cluster.firing()].sort());
  expect(await untold(world)).toEqual([]);
  if (world.groups.every((g) => g.policy.sendResolved)) expect(await deceived(world)).toEqual([]);
  expect(await unfinished(world)).toEqual([]);
}
