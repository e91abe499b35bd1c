import type { EmbeddedDb } from '../../src/store/pglite.ts';
import * as fc from '../support/fast-check.ts';
import { freshDb } from '../support/fresh-db.ts';
import { anyHistory, setups } from './history.ts';
import { expectTruth, play } from './play.ts';
import { runs, timeoutMs, toItsEnd } from './runs.ts';

let db: EmbeddedDb;
beforeAll(async () => {
  db = await freshDb();
});
afterAll(() => db.close());

describe('any history of reports, edits, silences, refusals and crashes', () => {
  it(
    'ends with receipts that equal the truth, nobody told twice, and one open notification at most (rules 1 to 9)',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          setups,
          anyHistory,
          toItsEnd(async (setup, events) => {
            await expectTruth(await play(db, setup, events));
          }),
        ),
        runs(1),
      );
    },
    timeoutMs,
  );
});
