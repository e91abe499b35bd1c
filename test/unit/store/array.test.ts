import { bigintArray, intArray, jsonbArray, textArray, timeArray } from '../../../src/store/array.ts';
import type { Db } from '../../../src/store/db.ts';
import { freshDb } from '../../support/fresh-db.ts';

describe('an array parameter', () => {
  let db: Db;
  const read = async (type: string, value: Buffer) =>
    (await db.query<{ read: unknown[] }>(`select $1::${type}[] as read`, [value])).rows[0]?.read;

  beforeAll(async () => {
    db = await freshDb();
  });
  afterAll(() => db.close());

  it('of texts arrives as it was, whatever they say', async () => {
    const texts = ['', 'plain', null, 'null', '{"a", \\b}', 'größer', '告警组', '😀\n'];
    expect(await read('text', textArray(texts))).toEqual(texts);
  });

  it('of JSON keeps every value, and tells null from the text of it', async () => {
    const values = [{ summary: 'größer "9" \\ 告警' }, null, {}, 'null', [1, 2.5]];
    expect(await read('jsonb', jsonbArray(values))).toEqual(values);
  });

  it('of whole numbers has both signs, and more than 32 bits where the type has', async () => {
    const small = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)];
    expect(await read('int', intArray(small))).toEqual(small);
    const large = [...small, 2 ** 31, -(2 ** 31) - 1, 2 ** 32 - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    expect((await read('bigint', bigintArray(large)))?.map(Number)).toEqual(large);
  });

  it('of times is right to the millisecond, before 2000 too', async () => {
    const times = [
      '1970-01-01T00:00:00.001Z',
      '1999-12-31T23:59:59.999Z',
      '2000-01-01T00:00:00Z',
      '2026-01-05T08:00:00.123Z',
    ];
    const dates = [...times.map((text) => new Date(text)), null];
    expect(await read('timestamptz', timeArray(dates))).toEqual(dates);
  });

  it('without elements is an empty array', async () => {
    for (const [type, empty] of [
      ['text', textArray([])],
      ['int', intArray([])],
      ['timestamptz', timeArray([])],
    ] as const) {
      const { rows } = await db.query(`select cardinality($1::${type}[]) as length`, [empty]);
      expect(rows).toEqual([{ length: 0 }]);
    }
  });
});
