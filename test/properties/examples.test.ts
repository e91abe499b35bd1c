/** Histories that once went wrong, each as small as it could be made. */
import type { EmbeddedDb } from '../../src/store/pglite.ts';
import { freshDb } from '../support/fresh-db.ts';
import type { GroupSetup, Setup } from './configuration.ts';
import type { Event } from './history.ts';
import { expectTruth, play } from './play.ts';

let db: EmbeddedDb;
beforeAll(async () => {
  db = await freshDb();
});
afterAll(() => db.close());

const minute = 60_000;
const nobody: GroupSetup = {
  matches: 0,
  continue: false,
  members: [false, false, false],
  room: false,
  groupWaitMs: 0,
  groupIntervalMs: minute,
  repeatIntervalMs: 10 * minute,
  gates: {},
};
const bob: GroupSetup = { ...nobody, members: [false, true, false] };
const setup = (first: GroupSetup, second: GroupSetup = nobody): Setup => ({
  groups: [first, second],
  sendResolved: true,
  groupByName: true,
});
const change = (alert: number, reporters: number[] = [0]): Event => ({ do: 'change', alert, reporters, shiftMs: 0 });
const wait = (minutes: number, rest = true): Event => ({ do: 'wait', ms: minutes * minute, rest });
const sends = (...fates: Extract<Event, { do: 'providers' }>['fates'][number][]): Event => ({
  do: 'providers',
  address: 'bob@test',
  fates,
});

describe('histories that once went wrong', () => {
  it('an alert that is repeated all the time does not expire when its rhythm is learned (rule 2)', async () => {
    await expectTruth(await play(db, setup(bob), [change(0), wait(3)]));
  });

  it('an alert whose source comes back after it had expired is told again (rule 2)', async () => {
    const world = await play(db, setup(bob), [change(0), wait(1), wait(25 * 60), wait(1)]);
    await expectTruth(world);
    const told = world.providers.arrivals.flatMap((a) => a.told.map(([, episode, state]) => `${episode} ${state}`));
    expect(told).toEqual(['1 firing', '1 resolved', '2 firing']);
  });

  it('a message that may have arrived stays the same to the last byte when its repeat is refused (rules 5 and 13)', async () => {
    const world = await play(db, setup(bob), [
      sends('crash_arrived', 'transient'),
      change(0),
      wait(1),
      wait(2),
      change(1),
      wait(10),
    ]);
    await expectTruth(world);
  });

  it('a reminder that can never be delivered is given up, not sent for ever (rule 5)', async () => {
    await expectTruth(
      await play(db, setup(bob), [change(0), wait(1), sends(...Array(200).fill('permanent')), wait(11)]),
    );
  });

  it('a former member whose message was on its way when it left is told of the end (rule 8)', async () => {
    const leaves: Event = { do: 'member', group: 0, contact: 1 };
    await expectTruth(
      await play(db, setup(bob), [
        sends('crash_arrived'),
        change(0),
        wait(0.5),
        leaves,
        wait(3, false),
        change(0),
        wait(0),
      ]),
    );
  });

  it('an alert that an edit moves while its message is on its way is told once, and its end too (rules 4 and 8)', async () => {
    const moves: Event = { do: 'matchers', group: 0, choice: 2 };
    const events: Event[] = [
      sends('in_doubt_arrived'),
      change(0),
      wait(0.5, false),
      { do: 'decide' },
      { do: 'deliver' },
      moves,
    ];
    await expectTruth(
      await play(db, setup(bob, bob), [...events, { do: 'decide' }, wait(0), wait(3, false), change(0), wait(0)]),
    );
    await expectTruth(await play(db, setup(bob), [...events, wait(3, false), change(0), wait(0)]));
  });

  it('two alert groups with the same member do not argue while the message of one is in doubt (rules 4 and 5)', async () => {
    const both = setup({ ...bob, continue: true }, bob);
    const world = await play(db, both, [sends('in_doubt_arrived', 'in_doubt_lost'), change(0), wait(0.5), wait(5)]);
    await expectTruth(world);
    const rows = await db.query(`select from notification where reason <> 'repeat' and created_at < $1`, [
      new Date(Date.UTC(2026, 0, 5, 8, 5)),
    ]);
    expect(rows.rows.length).toBeLessThanOrEqual(2);
  });

  it('an alert that an edit has moved is still repeated to whom it was told before (rules 6 and 8)', async () => {
    const moves: Event = { do: 'matchers', group: 0, choice: 2 };
    const world = await play(db, setup(bob, bob), [change(0), wait(1), moves, wait(1)]);
    await expectTruth(world);
    const told = world.providers.arrivals.map((a) => a.told.length);
    expect(told[0]).toBe(1);
    expect(told.slice(1).length).toBeGreaterThan(3);
    expect(told.slice(1).every((news) => news === 0)).toBe(true);
  });

  it('an acknowledgement ends with its incident, also when that opens again (rule 7)', async () => {
    const acknowledge: Event = { do: 'acknowledge', nth: 0 };
    const events: Event[] = [change(0), wait(3), acknowledge, change(0), wait(6), change(0), wait(1)];
    const world = await play(db, setup({ ...bob, groupIntervalMs: 5 * minute }), events);
    await expectTruth(world);
    const rows = await db.query('select acknowledged_at from incident where acknowledged_at is not null');
    expect(rows.rows).toEqual([]);
  });
});
