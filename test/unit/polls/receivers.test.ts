import { createReceivers } from '../../../src/polls/receivers.ts';
import { loadStored } from '../../../src/polls/rows.ts';
import type { Db } from '../../../src/store/db.ts';
import { freshDb } from '../../support/fresh-db.ts';
import { eventually } from '../../support/wait.ts';

const day = 24 * 3_600_000;
const start = new Date('2026-01-05T12:00:00Z');
const later = (ms: number) => new Date(start.getTime() + ms);

describe('the receivers by which a source posts', () => {
  let db: Db;
  let source: number;
  beforeEach(async () => {
    db = await freshDb();
    const { rows } = await db.query<{ id: number }>(
      `insert into source (name, updated_at) values ('az-a', $1) returning id`,
      [start],
    );
    source = rows[0]?.id as number;
  });
  afterEach(() => db.close());

  const receivers = () => createReceivers(db, (error) => expect(error).toBeUndefined());
  const stored = async () =>
    (await db.query<{ receiver: string; at: Date }>('select receiver, seen_at as at from source_receiver order by 1'))
      .rows;
  const believed = async (now: Date) => [...(await loadStored(db, source, now)).receivers];

  it('are believed for a week after the last post', async () => {
    receivers().note(source, 'ours', start);
    await eventually(async () => (await stored()).length === 1);
    expect(await believed(later(6 * day))).toEqual(['ours']);
    expect(await believed(later(8 * day))).toEqual([]);
  });

  it('are stored again once a day', async () => {
    const noted = receivers();
    noted.note(source, 'ours', start);
    noted.note(source, 'ours', later(day / 2));
    await eventually(async () => (await stored()).length === 1);
    expect(await stored()).toEqual([{ receiver: 'ours', at: start }]);
    noted.note(source, 'ours', later(day));
    await eventually(async () => (await stored())[0]?.at.getTime() === later(day).getTime());
  });

  it('are a hundred at most, the oldest goes for a new one', async () => {
    await db.query(
      `insert into source_receiver (source_id, receiver, seen_at)
       select $1, 'r' || n, $2::timestamptz + n * interval '1 second' from generate_series(1, 100) as n`,
      [source, start],
    );
    receivers().note(source, 'new', later(day));
    await eventually(async () => (await stored()).some(({ receiver }) => receiver === 'new'));
    const names = (await stored()).map(({ receiver }) => receiver);
    expect(names).toHaveLength(100);
    expect(names).not.toContain('r1');
  });
});
