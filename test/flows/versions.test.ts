/** What admins edit keeps its past: versions, conflicts, the way back, and who did what. */
import { adminToken, startService, type TestService } from '../support/service.ts';

type Body = Record<string, unknown>;
interface Version {
  version: number;
  author: string;
  action: string;
  comment: string | null;
  changes: { path: string; before: unknown; after: unknown; secret?: true }[];
}

let s: TestService;
beforeAll(async () => {
  s = await startService();
});
afterAll(() => s.stop());

const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${s.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const api = <T = Body>(method: string, path: string, body?: unknown) => s.api<T>(method, `/api/v1/${path}`, body);
const versions = async (path: string) => (await api<{ items: Version[] }>('GET', `${path}/versions`)).items;
const said = async (path: string) => (await versions(path)).map((v) => `${v.version} ${v.action}`);
const audit = async (query: string) => (await api<{ items: Body[] }>('GET', `audit?${query}`)).items;

describe('every edit', () => {
  it.each([
    ['contacts', { name: 'v', email: 'v@example.org' }, { email: 'w@example.org' }, 'email'],
    ['robots', { name: 'v', key: '44444444-5555-6666' }, { locale: 'en' }, 'locale'],
    ['sources', { name: 'v', token: 'token-of-v-0123456789' }, { labels: { dc: 'b' } }, 'labels.dc'],
    ['alert-groups', { name: 'v', matchers: ['team="v"'] }, { policy: { group_wait: '1m' } }, 'policy.group_wait'],
    ['heartbeats', { name: 'v', matchers: ['alertname="V"'] }, { timeout: '5m' }, 'timeout'],
    ['schedules', { name: 'v', timezone: 'UTC' }, { timezone: 'Asia/Shanghai' }, 'timezone'],
    [
      'time-intervals',
      { name: 'v', time_intervals: [{ weekdays: ['monday'] }] },
      { time_intervals: [{ weekdays: ['monday:friday'] }] },
      'time_intervals',
    ],
    ['silences', { matchers: ['a="v"'], duration: '1h', comment: 'one' }, { comment: 'two' }, 'comment'],
  ])('of %s makes a version with its author, its reason and what it changed', async (kind, made, changed, path) => {
    const { id = 'v' } = await api('POST', `${kind}?comment=new%20here`, made);
    const at = `${kind}/${String(id)}`;
    await api('PUT', `${at}?comment=because`, { ...made, ...changed });
    await api('DELETE', `${at}?comment=over`);
    const [gone, edited, first] = await versions(at);
    expect(first).toMatchObject({ version: 1, action: 'create', author: 'admin', comment: 'new here' });
    expect(edited).toMatchObject({ version: 2, action: 'update', comment: 'because' });
    expect(edited?.changes.map((c) => c.path)).toContain(path);
    expect(gone).toMatchObject({ version: 3, action: 'delete', comment: 'over' });
    const entries = await audit(`kind=${kind}&key=${String(id)}`);
    expect(entries.map((e) => [e['action'], e['version'], e['comment']])).toEqual([
      ['delete', 3, 'over'],
      ['update', 2, 'because'],
      ['create', 1, 'new here'],
    ]);
    expect(entries[1]).toMatchObject({ who: 'admin', address: expect.any(String), changes: edited?.changes });
  });

  it.each([
    ['contacts', { email: 'd@example.org', digest_at: ['09:00'] }, { email: 'd@example.org' }, 'digest_at'],
    ['robots', { key: '44444444-5555-7777', mention: { critical: ['@all'] } }, { locale: 'en' }, 'mention.critical'],
  ])('of how %s are told is in their versions, and comes back with them', async (kind, made, changed, path) => {
    const before = await api('POST', kind, { name: 'told', ...made });
    await api('PUT', `${kind}/told`, { name: 'told', ...changed });
    expect((await versions(`${kind}/told`))[0]?.changes.map((c) => c.path)).toContain(path);
    await api('POST', `${kind}/told/versions/1/restore`);
    const key = path.split('.')[0] as string;
    expect((await api('GET', `${kind}/told`))[key]).toEqual(before[key]);
  });

  it('is shown with who made it last, and its version says what it said', async () => {
    await api('POST', 'contacts', { name: 'qian', email: 'q1@example.org' });
    await api('PUT', 'contacts/qian', { name: 'qian', email: 'q2@example.org' });
    expect(await api('GET', 'contacts/qian')).toMatchObject({
      version: 2,
      updated_by: 'admin',
      updated_at: s.clock.at.toISOString(),
    });
    const list = await api<{ items: Body[] }>('GET', 'contacts?limit=500');
    expect(list.items.find((c) => c['name'] === 'qian')).toMatchObject({ updated_by: 'admin' });
    expect(await api('GET', 'contacts/qian/versions/1')).toMatchObject({ body: { email: 'q1@example.org' } });
    const backwards = await api<Version>('GET', 'contacts/qian/versions/1?against=2');
    expect(backwards.changes).toEqual([{ path: 'email', before: 'q2@example.org', after: 'q1@example.org' }]);
    expect((await call('GET', 'contacts/qian/versions/9')).status).toBe(404);
    expect((await call('GET', 'contacts/nobody/versions')).status).toBe(404);
  });

  it('comes in pages of versions', async () => {
    await api('POST', 'contacts', { name: 'paged' });
    for (const email of ['a@x.org', 'b@x.org', 'c@x.org']) await api('PUT', 'contacts/paged', { name: 'paged', email });
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: { items: Version[]; next_cursor: string | null } = await api(
        'GET',
        `contacts/paged/versions?limit=3${query}`,
      );
      seen.push(...page.items.map((v) => v.version));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual([4, 3, 2, 1]);
    expect((await call('GET', 'contacts/paged/versions?cursor=bogus')).status).toBe(400);
  });

  it('by apply makes one too, with the name of who applied', async () => {
    const document = (email: string) => ({ contacts: [{ name: 'applied', email }] });
    await api('POST', 'apply', document('a1@example.org'));
    await api('POST', 'apply?comment=moved', document('a2@example.org'));
    await api('POST', 'apply', { contacts: [] });
    expect(await said('contacts/applied')).toEqual(['3 delete', '2 apply', '1 apply']);
    expect((await versions('contacts/applied'))[1]).toMatchObject({ author: 'admin', comment: 'moved' });
  });

  it('of the order is a version of what was moved, and of nothing else', async () => {
    for (const name of ['o1', 'o2', 'o3']) await api('POST', 'alert-groups', { name });
    const { names } = await api<{ names: string[] }>('GET', 'alert-group-order');
    const moved = ['o3', ...names.filter((n) => n !== 'o3')];
    await api('PUT', 'alert-group-order', { names: moved });
    expect((await api<{ names: string[] }>('GET', 'alert-group-order')).names).toEqual(moved);
    expect(await said('alert-groups/o3')).toEqual(['2 reorder', '1 create']);
    expect((await versions('alert-groups/o3'))[0]?.changes).toMatchObject([{ path: 'position', after: 1 }]);
    expect(await said('alert-groups/o1')).toEqual(['1 create']);
    expect((await audit('kind=alert-group-order'))[0]).toMatchObject({
      changes: [{ path: 'names', before: names, after: moved }],
    });
    for (const name of ['o1', 'o2', 'o3']) await api('DELETE', `alert-groups/${name}`);
  });

  it('of the tokens of a source is a version that says no more than that', async () => {
    await api('POST', 'sources', { name: 'rotated' });
    await api('POST', 'sources/rotated/tokens');
    await api('DELETE', 'sources/rotated/tokens');
    const [removed, added] = await versions('sources/rotated');
    const secret = [{ path: 'token', before: null, after: null, secret: true }];
    expect([removed?.version, removed?.changes, added?.version, added?.changes]).toEqual([3, secret, 2, secret]);
    expect(await api('GET', 'sources/rotated')).toMatchObject({ version: 3, token_count: 1 });
  });

  it('of what was there before versions were kept has something to be compared with', async () => {
    await api('PUT', 'alert-groups/unrouted', { name: 'unrouted', members: [] });
    expect(await said('alert-groups/unrouted')).toEqual(['2 update', '1 create']);
  });
});

describe('two editors', () => {
  const read = async (path: string) => (await call('GET', path)).headers.get('etag') as string;

  it('meet: the second is told who was faster and what has changed', async () => {
    await api('POST', 'contacts', { name: 'wang', email: 'w@example.org' });
    const seen = await read('contacts/wang');
    const edit = (email: string) => call('PUT', 'contacts/wang', { name: 'wang', email }, { 'if-match': seen });
    expect((await edit('first@example.org')).status).toBe(200);
    const second = await edit('second@example.org');
    expect([second.status, second.headers.get('etag')]).toEqual([412, '"2"']);
    expect(await second.json()).toMatchObject({
      detail: expect.stringContaining('edited meanwhile by admin: it is at version 2'),
      current: { version: 2, updated_by: 'admin' },
      changes: [{ path: 'email', before: 'w@example.org', after: 'first@example.org' }],
    });
    expect(await api('GET', 'contacts/wang')).toMatchObject({ email: 'first@example.org' });
  });

  it.each([
    ['DELETE', 'contacts/met', undefined],
    ['POST', 'contacts/met/versions/1/restore', undefined],
    ['POST', 'contacts/met/unlock', undefined],
    ['POST', 'sources/met/tokens', undefined],
    ['DELETE', 'sources/met/tokens', undefined],
    ['PUT', 'alert-group-order', { names: [] }],
  ])('meet in %s %s too', async (method, path, body) => {
    for (const kind of ['contacts', 'sources']) await call('POST', kind, { name: 'met' });
    expect((await call(method, path, body, { 'if-match': '"77"' })).status).toBe(412);
  });

  it('that save at the same moment do not both succeed', async () => {
    await api('POST', 'contacts', { name: 'race' });
    const seen = await read('contacts/race');
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((who) =>
        call('PUT', 'contacts/race', { name: 'race', email: `${who}@example.org` }, { 'if-match': seen }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412, 412]);
    expect(await said('contacts/race')).toEqual(['2 update', '1 create']);
  });

  it('of which one applies a document meet too, by the tag of the export', async () => {
    const exported = await call('GET', 'export');
    const document = await exported.json();
    const seen = exported.headers.get('etag') as string;
    const apply = (tag: string) => call('POST', 'apply', document, { 'if-match': tag });
    expect((await apply(seen)).status).toBe(200);
    await api('POST', 'contacts', { name: 'meanwhile' });
    expect((await apply(seen)).status).toBe(412);
    expect((await apply('*')).status).toBe(200);
  });

  it('do not meet when one makes again what another has deleted: versions go on', async () => {
    await api('POST', 'contacts', { name: 'again', email: 'one@example.org' });
    const seen = await read('contacts/again');
    await api('DELETE', 'contacts/again');
    await api('POST', 'contacts', { name: 'again', email: 'two@example.org' });
    expect(await said('contacts/again')).toEqual(['3 create', '2 delete', '1 create']);
    expect((await call('PUT', 'contacts/again', { name: 'again' }, { 'if-match': seen })).status).toBe(412);
  });

  it('need not read again what has not changed', async () => {
    await api('POST', 'contacts', { name: 'same' });
    const seen = await read('contacts/same');
    expect((await call('GET', 'contacts/same', undefined, { 'if-none-match': seen })).status).toBe(304);
    await api('PUT', 'contacts/same', { name: 'same', locale: 'en' });
    expect((await call('GET', 'contacts/same', undefined, { 'if-none-match': seen })).status).toBe(200);
  });

  it('see a silence that has ended by itself, and edit it by the version all the same', async () => {
    const silence = { matchers: ['a="b"'], duration: '1h', comment: 'short' };
    const { id } = await api('POST', 'silences', silence);
    const seen = await read(`silences/${String(id)}`);
    s.clock.advance(2 * 3_600_000);
    expect((await call('GET', `silences/${String(id)}`, undefined, { 'if-none-match': seen })).status).toBe(200);
    const longer = { ...silence, duration: '9h' };
    expect((await call('PUT', `silences/${String(id)}`, longer, { 'if-match': seen })).status).toBe(200);
  });
});

describe('a version', () => {
  it('is restored as a new one, and keeps the secrets of now', async () => {
    await api('POST', 'robots', { name: 'room', key: '11111111-aaaa', locale: 'en' });
    await api('PUT', 'robots/room', { name: 'room', key: '22222222-bbbb', locale: 'zh-CN' });
    const restored = await api('POST', 'robots/room/versions/1/restore?comment=back', { key: '11111111-aaaa' });
    expect(restored).toMatchObject({ version: 3, locale: 'en', key: '<secret>' });
    expect((await versions('robots/room'))[0]).toMatchObject({
      action: 'restore',
      comment: 'back',
      changes: [{ path: 'locale', before: 'zh-CN', after: 'en' }],
    });
    const { rows } = await s.service.db.query<{ key: string }>(`select key from robot where name = 'room'`);
    expect(rows).toEqual([{ key: '22222222-bbbb' }]);
  });

  it('of an alert group that was deleted comes back as the same group in its place', async () => {
    for (const name of ['d1', 'd2']) await api('POST', 'alert-groups', { name, matchers: [`team="${name}"`] });
    const id = async () =>
      (await s.service.db.query(`select id from alert_group where name = 'd1' and deleted_at is null`)).rows;
    const before = await id();
    await api('DELETE', 'alert-groups/d1');
    expect(await api('POST', 'alert-groups/d1/versions/1/restore')).toMatchObject({ version: 3 });
    expect(await id()).toEqual(before);
    const { names } = await api<{ names: string[] }>('GET', 'alert-group-order');
    expect(names.indexOf('d1')).toBeLessThan(names.indexOf('d2'));
    for (const name of ['d1', 'd2']) await api('DELETE', `alert-groups/${name}`);
  });

  it('of a contact or source that was deleted comes back under its old id, a source with a new token', async () => {
    await api('POST', 'sources', { name: 'lost', token: 'token-of-lost-0123456789', labels: { dc: 'a' } });
    const ids = async () => (await s.service.db.query(`select id from source where name = 'lost'`)).rows;
    const before = await ids();
    await api('DELETE', 'sources/lost');
    const back = await api('POST', 'sources/lost/versions/1/restore');
    expect(back).toMatchObject({ labels: { dc: 'a' }, token: expect.any(String), version: 3 });
    expect(await ids()).toEqual(before);
    expect(await said('sources/lost')).toEqual(['3 restore', '2 delete', '1 create']);
  });

  it('of a robot that was deleted needs its key once more', async () => {
    await api('POST', 'robots', { name: 'gone', key: '33333333-cccc' });
    await api('DELETE', 'robots/gone');
    expect((await call('POST', 'robots/gone/versions/1/restore', { key: '<secret>' })).status).toBe(409);
    const refused = await call('POST', 'robots/gone/versions/1/restore');
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { detail: expect.stringContaining('the key of a robot is forgotten with it') },
    ]);
    expect((await call('POST', 'robots/gone/versions/1/restore', { key: '33333333-cccc' })).status).toBe(200);
  });

  it('is refused in plain words when it refers to what is gone, or its name is taken', async () => {
    await api('POST', 'contacts', { name: 'sun', email: 'sun@example.org' });
    await api('POST', 'alert-groups', { name: 'suns', members: ['sun'] });
    await api('PUT', 'alert-groups/suns', { name: 'suns', members: [] });
    await api('DELETE', 'contacts/sun');
    const dangling = await call('POST', 'alert-groups/suns/versions/1/restore');
    expect([dangling.status, await dangling.json()]).toMatchObject([
      409,
      { detail: 'Version 1 cannot be restored: "sun" is not in contacts.' },
    ]);
    await api('PUT', 'alert-groups/suns', { name: 'renamed' });
    await api('POST', 'alert-groups', { name: 'suns' });
    const taken = await call('POST', 'alert-groups/renamed/versions/2/restore');
    expect(taken.status).toBe(409);
    for (const name of ['suns', 'renamed']) await api('DELETE', `alert-groups/${name}`);
  });

  it('of a silence is refused when it would be over already', async () => {
    const { id } = await api('POST', 'silences', { matchers: ['a="b"'], duration: '1h', comment: 'x' });
    await api('DELETE', `silences/${String(id)}`);
    expect((await call('POST', `silences/${String(id)}/versions/1/restore`)).status).toBe(200);
    s.clock.advance(2 * 3_600_000);
    const late = await call('POST', `silences/${String(id)}/versions/1/restore`);
    expect([late.status, await late.json()]).toMatchObject([
      409,
      { detail: expect.stringContaining('it would have ended at') },
    ]);
  });
});

describe('what apply manages', () => {
  const groups = (members: string[]) => ({
    contacts: [{ name: 'yi' }, { name: 'er' }],
    alert_groups: [
      { name: 'm1', matchers: ['a="1"'], members },
      { name: 'm2', matchers: ['a="2"'], members },
    ],
  });
  const listed = async () =>
    (await api<{ items: Body[] }>('GET', 'alert-groups')).items.map((g) => String(g['name'])).slice(0, 2);

  beforeEach(() => api('POST', 'apply', groups(['yi'])));
  afterAll(async () => {
    await api('POST', 'apply', groups([]));
    for (const name of ['m1', 'm2']) {
      await call('POST', `alert-groups/${name}/unlock`);
      await api('DELETE', `alert-groups/${name}`);
    }
    await api('POST', 'apply', { contacts: [] });
  });

  it('is read-only until it is unlocked, and keeps its place in the order then', async () => {
    const edit = () => call('PUT', 'alert-groups/m1', { name: 'm1', matchers: ['a="1"'], members: ['er'] });
    const refused = await edit();
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { detail: expect.stringContaining('or unlock it') },
    ]);
    expect(await api('POST', 'alert-groups/m1/unlock?comment=tonight')).toMatchObject({
      managed: false,
      unlocked: true,
    });
    expect((await edit()).status).toBe(200);
    expect(await listed()).toEqual(['m1', 'm2']);
    expect((await versions('alert-groups/m1')).slice(0, 2)).toMatchObject([
      { action: 'update', changes: [{ path: 'members', before: ['yi'], after: ['er'] }] },
      { action: 'unlock', comment: 'tonight', changes: [{ path: 'managed', before: true, after: false }] },
    ]);
    expect((await call('POST', 'alert-groups/m1/unlock')).status).toBe(409);
  });

  it('and is unlocked may be named in the order of the page-made ones, and keeps its own', async () => {
    await call('POST', 'alert-groups/m2/unlock');
    const { names } = await api<{ names: string[] }>('GET', 'alert-group-order');
    expect((await call('PUT', 'alert-group-order', { names: ['m2', ...names] })).status).toBe(204);
    expect(await listed()).toEqual(['m1', 'm2']);
  });

  it('is taken back by an apply that says something else, which warns', async () => {
    await call('POST', 'alert-groups/m1/unlock');
    await api('PUT', 'alert-groups/m1', { name: 'm1', members: [] });
    const dry = await api('POST', 'apply?dry_run=true', groups(['yi']));
    expect(dry['warnings']).toEqual([expect.stringContaining('alert_groups/m1 was unlocked')]);
    await api('POST', 'apply', groups(['yi']));
    expect(await api('GET', 'alert-groups/m1')).toMatchObject({ managed: true, unlocked: false, members: ['yi'] });
    expect((await versions('alert-groups/m1'))[0]?.changes).toContainEqual({
      path: 'managed',
      before: false,
      after: true,
    });
  });

  it('stays when it is unlocked and the document forgets it, which warns', async () => {
    await call('POST', 'alert-groups/m2/unlock');
    const { alert_groups } = groups(['yi']);
    const forgets = { alert_groups: alert_groups.slice(0, 1) };
    expect((await api('POST', 'apply', forgets))['warnings']).toEqual([
      expect.stringContaining('alert_groups/m2 is unlocked and not in the document'),
    ]);
    expect(await listed()).toEqual(['m1', 'm2']);
  });

  it('is the same after export and apply, unlocked, edited and page-made objects included', async () => {
    await call('POST', 'alert-groups/m2/unlock');
    await api('PUT', 'alert-groups/m2', { name: 'm2', members: ['er'] });
    await api('POST', 'alert-groups', { name: 'page', matchers: ['a="3"'] });
    const state = async () => JSON.stringify(await api('GET', 'alert-groups'));
    const before = await state();
    const document = await api('GET', 'export');
    expect(await api('POST', 'apply', document)).toMatchObject({ changes: [], warnings: [] });
    expect(await state()).toBe(before);
    await api('DELETE', 'alert-groups/page');
  });
});

describe('the audit log', () => {
  it('holds no secret, and neither do the versions', async () => {
    const secrets = ['a-source-token-0123456', 'another-token-0123456', '77777777-8888', '99999999-0000'];
    const [first, second, key, newKey] = secrets;
    await api('POST', 'sources', { name: 'masked', token: first });
    await api('PUT', 'sources/masked', { name: 'masked', tokens: [first, second] });
    const { token: made } = await api('POST', 'sources/masked/tokens');
    await api('POST', 'robots', { name: 'masked', key });
    await api('PUT', 'robots/masked', { name: 'masked', key: newKey });
    await api('POST', 'apply', { sources: [{ name: 'applied', token: `${first}-x` }] });
    await api('DELETE', 'sources/masked');
    await api('DELETE', 'robots/masked');
    const { rows } = await s.service.db.query<{ text: string }>(
      'select row_to_json(r)::text as text from revision r union all select row_to_json(a)::text from audit a',
    );
    const all = rows.map((row) => row.text).join('\n');
    const hashes = await s.service.db.query<{ hash: string }>('select hash from source_token');
    for (const secret of [...secrets, String(made), ...hashes.rows.map((row) => row.hash)])
      expect(all).not.toContain(secret);
    expect((await versions('robots/masked'))[1]?.changes).toEqual([
      { path: 'key', before: null, after: null, secret: true },
    ]);
  });

  it('is found by who, kind, key, action and time, in pages, by admins only', async () => {
    const from = s.clock.at.toISOString();
    await api('POST', 'contacts', { name: 'found' });
    s.clock.advance(60_000);
    await api('DELETE', 'contacts/found');
    const found = async (query: string) => (await audit(query)).map((e) => e['action']);
    expect(await found('kind=contacts&key=found')).toEqual(['delete', 'create']);
    expect(await found('who=admin&key=found&action=create')).toEqual(['create']);
    expect(await found('who=somebody&key=found')).toEqual([]);
    const later = new Date(s.clock.at.getTime()).toISOString();
    expect(await found(`key=found&since=${later}`)).toEqual(['delete']);
    expect(await found(`key=found&since=${from}&until=${later}`)).toEqual(['create']);
    const page = await api<{ items: Body[]; next_cursor: string }>('GET', 'audit?key=found&limit=1');
    expect(await found(`key=found&limit=1&cursor=${page.next_cursor}`)).toEqual(['create']);
    expect((await call('GET', 'audit?cursor=bogus')).status).toBe(400);
    const { paths } = await s.api<{ paths: Record<string, Record<string, Body>> }>('GET', '/api/openapi.json');
    expect(paths['/api/v1/audit']?.['get']?.['x-role']).toBe('admin');
  });

  it('knows of test messages', async () => {
    await api('POST', 'contacts', { name: 'tested', email: 'tested@example.org' });
    await api('POST', 'notifications/test', { contact: 'tested' });
    expect(await audit('key=tested&action=test-send')).toMatchObject([{ who: 'admin', kind: 'contacts' }]);
  });

  it('takes nothing of what was refused', async () => {
    await api('POST', 'contacts', { name: 'refused' });
    for (const body of [
      { name: 'refused', members: [] },
      { name: 'refused', email: 'nowhere' },
    ])
      expect((await call('PUT', 'contacts/refused', body)).status).toBe(400);
    expect((await call('POST', 'contacts', { name: 'refused' })).status).toBe(409);
    expect((await call('DELETE', 'contacts/refused', undefined, { 'if-match': '"9"' })).status).toBe(412);
    expect((await audit('key=refused')).map((entry) => entry['action'])).toEqual(['create']);
    expect(await said('contacts/refused')).toEqual(['1 create']);
  });
});
