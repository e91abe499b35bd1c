import { applyDocument, readDocument } from '../../../src/groups/apply.ts';
import { retainRevisions } from '../../../src/groups/revisions.ts';
import { retainAudit } from '../../../src/store/audit.ts';
import type { Db } from '../../../src/store/db.ts';
import { freshDb } from '../../support/fresh-db.ts';

const day = 86_400_000;
const start = Date.parse('2026-01-05T08:00:00Z');
const at = (days: number) => new Date(start + days * day);

describe('retention', () => {
  let db: Db;
  beforeEach(async () => {
    db = await freshDb();
  });
  afterEach(() => db.close());

  const apply = (days: number, ...contacts: { name: string; locale?: string }[]) =>
    applyDocument(db, readDocument({ contacts }), { now: at(days), dryRun: false, by: { name: 'test' } });
  const revisions = async () =>
    (await db.query('select key, version from revision order by id')).rows.map((r) => `${r['key']} ${r['version']}`);

  it('keeps every version of what is there, and forgets what was deleted long ago, all of it', async () => {
    await apply(0, { name: 'stays' }, { name: 'goes' }, { name: 'went lately' });
    await apply(1, { name: 'stays', locale: 'en' }, { name: 'went lately' });
    await apply(300, { name: 'stays', locale: 'en' });
    expect(await retainRevisions(db, at(2))).toBe(2);
    expect(await revisions()).toEqual(['stays 1', 'went lately 1', 'stays 2', 'went lately 2']);
    expect(await retainRevisions(db, at(2))).toBe(0);
  });

  it('forgets a history of more than a thousand versions whole', async () => {
    await apply(0, { name: 'busy' });
    await db.query(
      `insert into revision (section, object_id, lineage, key, version, action, author, via, at, body, changes)
       select section, object_id, lineage, key, version + n, 'update', author, via, at, body, changes
       from revision, generate_series(1, 1200) n`,
    );
    await db.query(`update contact set version = 1201 where name = 'busy'`);
    await apply(1);
    expect(await retainRevisions(db, at(2))).toBe(1202);
    expect(await revisions()).toEqual([]);
  });

  it('keeps what was deleted long ago and made again', async () => {
    await apply(0, { name: 'again' });
    await apply(1);
    await apply(2, { name: 'again' });
    expect(await retainRevisions(db, at(300))).toBe(0);
    expect(await revisions()).toEqual(['again 1', 'again 2', 'again 3']);
  });

  it('forgets old entries of the audit log, and only those', async () => {
    await apply(0, { name: 'a' }, { name: 'b' });
    await apply(10, { name: 'a' });
    expect(await retainAudit(db, at(5))).toBe(2);
    expect((await db.query('select action from audit')).rows).toEqual([{ action: 'delete' }]);
  });

  it('keeps ten thousand entries of strangers who were not let in, the newest', async () => {
    await apply(0, { name: 'a' });
    await db.query(
      `insert into audit (at, who, via, action, kind, key)
       select $1, 'unknown', 'session', 'sign-in-failed', 'users', n::text from generate_series(1, 11500) n`,
      [at(0)],
    );
    expect(await retainAudit(db, at(-1))).toBe(1_500);
    const { rows } = await db.query('select key from audit order by id limit 2');
    expect(rows).toEqual([{ key: 'a' }, { key: '1501' }]);
  });
});
