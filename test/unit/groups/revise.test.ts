import { type Edit, saveChange } from '../../../src/groups/revise.ts';
import type { Db } from '../../../src/store/db.ts';
import { freshDb } from '../../support/fresh-db.ts';

const now = new Date('2026-01-05T12:00:00Z');

describe('a version of a source', () => {
  let db: Db;
  beforeAll(async () => {
    db = await freshDb();
  });
  afterAll(() => db.close());

  it('says that it is asked with another secret, and not which', async () => {
    const body = { name: 'az-a', kind: 'alertmanager', site: '', members: [], labels: {}, api_user: null };
    const rest = { section: 'sources', managed: false } as const;
    const edit: Edit = { tx: db, now, by: { name: 'admin' }, comment: null, revisions: [] };
    const save = (before: Parameters<typeof saveChange>[1]['before'], api_token?: string | null) =>
      saveChange(edit, {
        ...rest,
        body: { ...body, prometheus_url: null, ...(api_token === undefined ? {} : { api_token }) },
        before,
        action: before === null ? 'create' : 'update',
      });
    const made = await save(null);
    const given = await save(made, 'secret-of-polls');
    const other = await save(given, 'another-secret');
    const kept = await save(other);
    await save(kept, null);
    const secret = [{ path: 'api_token', before: null, after: null, secret: true }];
    expect(edit.revisions.slice(1).map(({ changes }) => changes)).toEqual([secret, secret, [], secret]);
    expect(JSON.stringify(edit.revisions)).not.toContain('secret-of-polls');
  });
});
