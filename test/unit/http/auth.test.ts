import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { createAuthenticate, hashToken } from '../../../src/http/auth.ts';
import { createThrottle, networkOf } from '../../../src/http/throttle.ts';
import type { Db } from '../../../src/store/db.ts';
import { handClock } from '../../support/clock.ts';
import { freshDb } from '../../support/fresh-db.ts';

let db: Db;
const clock = handClock();
beforeAll(async () => {
  db = await freshDb();
  await db.query(
    `insert into api_token (name, hash, role, created_at, expires_at)
     values ('reader', $1, 'viewer', $2, $3), ('odd', $4, 'emperor', $2, null)`,
    [hashToken('reader-token'), clock.now(), new Date(clock.now().getTime() + 3_600_000), hashToken('odd-token')],
  );
});
afterAll(() => db.close());

function request(authorization?: string): IncomingMessage {
  const req = new IncomingMessage(new Socket());
  if (authorization !== undefined) req.headers.authorization = authorization;
  return req;
}

describe('the key of an address', () => {
  it.each([
    ['203.0.113.5', '203.0.113.5'],
    ['::ffff:203.0.113.5', '203.0.113.5'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', ''],
  ])('of %s is %s', (address, key) => {
    expect(networkOf(address)).toBe(key);
  });
});

describe('a throttle that is full', () => {
  it('forgets the oldest, and nobody who came after', () => {
    const at = new Date(0);
    const throttle = createThrottle({ max: 1, windowMs: 60_000 }, 'Too many.');
    for (let i = 0; i <= 10_000; i++) throttle.count(`key ${i}`, at);
    throttle.refuse('key 0', at);
    expect(() => throttle.refuse('key 1', at)).toThrow('Too many.');
  });
});

describe('bearer authentication', () => {
  it('knows the admin token of the settings and the tokens of the database', async () => {
    const authenticate = createAuthenticate({ db, clock, adminToken: 'the-admin-token' });
    expect(await authenticate(request('Bearer the-admin-token'))).toEqual({
      name: 'admin',
      role: 'admin',
      via: 'settings',
    });
    expect(await authenticate(request('bearer reader-token'))).toEqual({
      name: 'reader',
      role: 'viewer',
      via: 'token',
      scopes: null,
    });
  });

  it('lets nobody in without a good token, or with a role that does not exist', async () => {
    const authenticate = createAuthenticate({ db, clock, adminToken: null });
    for (const header of [undefined, '', 'Bearer', 'Bearer wrong', 'Basic cmVhZGVyLXRva2Vu', 'Bearer odd-token']) {
      expect(await authenticate(request(header))).toBeNull();
    }
  });

  it('refuses a token that has expired', async () => {
    const later = handClock(new Date(clock.now().getTime() + 3_600_000));
    expect(await createAuthenticate({ db, clock: later, adminToken: null })(request('Bearer reader-token'))).toBeNull();
  });

  it('asks the database nothing for who keeps failing, however many attempts come side by side', async () => {
    let queries = 0;
    const counting: Pick<Db, 'query'> = {
      query: (text, values) => {
        queries++;
        return db.query(text, values);
      },
    };
    const authenticate = createAuthenticate({ db: counting, clock, adminToken: null });
    const guesses = Array.from({ length: 50 }, (_, i) => authenticate(request(`Bearer wrong-${i}`)).catch(() => null));
    expect(await Promise.all(guesses)).toEqual(Array(50).fill(null));
    expect(queries).toBe(20);
  });

  it('lets a good token in however often it comes at once', async () => {
    const authenticate = createAuthenticate({ db, clock, adminToken: null });
    const all = await Promise.all(Array.from({ length: 50 }, () => authenticate(request('Bearer reader-token'))));
    expect(new Set(all.map((caller) => caller?.name))).toEqual(new Set(['reader']));
  });

  it('makes an address that keeps failing wait, but not a token that was good before, and not for ever', async () => {
    const hand = handClock(clock.now());
    const authenticate = createAuthenticate({ db, clock: hand, adminToken: 'the-admin-token' });
    await authenticate(request('Bearer reader-token'));
    for (let i = 0; i < 20; i++) expect(await authenticate(request(`Bearer wrong-${i}`))).toBeNull();
    await expect(authenticate(request('Bearer the-admin-token'))).rejects.toMatchObject({ status: 429 });
    expect(await authenticate(request('Bearer reader-token'))).toMatchObject({ name: 'reader' });
    hand.advance(60_000);
    expect(await authenticate(request('Bearer the-admin-token'))).toMatchObject({ name: 'admin' });
  });
});
