/** The first admin token, as the database knows it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { firstAdminToken, retireFirstAdminTokens } from '../../src/access.ts';
import { hashToken } from '../../src/http/auth.ts';
import type { EmbeddedDb } from '../../src/store/pglite.ts';
import { freshDb } from '../support/fresh-db.ts';

describe('the first admin token', () => {
  const now = new Date(0);
  let db: EmbeddedDb;
  beforeAll(async () => {
    db = await freshDb();
  });
  afterAll(() => db?.close());
  afterEach(() => db.query('delete from api_token'));

  async function start() {
    const dataDir = await mkdtemp(join(tmpdir(), 'mm-access-'));
    return {
      dataDir,
      names: async () => (await db.query<{ name: string }>('select name from api_token')).rows.map((row) => row.name),
      [Symbol.asyncDispose]: () => rm(dataDir, { recursive: true }),
    };
  }

  it('has a name that says on which machine it was made, and no path', async () => {
    await using s = await start();
    await firstAdminToken(db, s.dataDir, now);
    await firstAdminToken(db, s.dataDir, now);
    expect(await s.names()).toEqual([expect.stringMatching(/^first admin of .* \([0-9a-f]{6}\)$/)]);
    expect((await s.names()).join()).not.toContain(s.dataDir);
  });

  it('of an earlier version is known again under its new name', async () => {
    await using s = await start();
    const { token } = await firstAdminToken(db, s.dataDir, now);
    await db.query('update api_token set name = $1', [`first admin of ${hostname()}:${resolve(s.dataDir)}`]);
    await firstAdminToken(db, s.dataDir, now);
    const { rows } = await db.query('select name, hash from api_token');
    expect(rows).toEqual([{ name: expect.not.stringContaining('/'), hash: hashToken(token) }]);
  });

  it('is good for nothing once the service is given another, or its file is gone', async () => {
    await using s = await start();
    const { token, file } = await firstAdminToken(db, s.dataDir, now);
    await rm(file);
    const next = await firstAdminToken(db, s.dataDir, now);
    expect(next.token).not.toBe(token);
    expect(await s.names()).toHaveLength(1);
    await retireFirstAdminTokens(db);
    expect(await s.names()).toEqual([]);
  });
});
