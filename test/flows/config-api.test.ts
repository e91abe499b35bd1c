import { parse, stringify } from 'yaml';
import { adminToken, startService, type TestService } from '../support/service.ts';

let s: TestService;
beforeAll(async () => {
  s = await startService();
});
afterAll(() => s.stop());

const token = 'token-of-az-a-0001';
const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${s.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
const json = async (answer: Response) => (await answer.json()) as Record<string, unknown>;

const document = () => ({
  sources: [{ name: 'az-a', site: 'az-a', token }],
  contacts: [
    {
      name: 'li.wei',
      email: 'li.wei@example.org',
      wecom: 'LiWei',
      locale: 'zh-CN',
      timezone: 'Asia/Shanghai',
      digest_at: ['09:00'],
    },
  ],
  robots: [{ name: 'ops', key: '11111111-2222-3333' }],
  alert_groups: [
    {
      name: 'database',
      matchers: ['team="db"', 'severity=~"critical|warning"'],
      members: ['li.wei'],
      channels: ['email', 'wecom-app'],
      robots: ['ops'],
      policy: { group_by: ['alertname', 'cluster'], group_wait: '30s' },
    },
  ],
  silences: [
    {
      name: 'move',
      matchers: ['dc="old"'],
      starts_at: '2026-01-05T08:00:00Z',
      ends_at: '2026-02-05T08:00:00Z',
      time_intervals: ['night'],
      comment: 'moving',
    },
  ],
  inhibition_rules: [],
  time_intervals: [
    {
      name: 'night',
      time_intervals: [
        { times: [{ start_time: '22:00', end_time: '24:00' }], weekdays: ['Monday:Friday'], location: 'Asia/Shanghai' },
        { days_of_month: [-1, '1:3'], months: ['may:12'], years: [2026] },
      ],
    },
  ],
  heartbeats: [
    { name: 'prom-a', source: 'az-a', matchers: ['alertname="Watchdog"'], timeout: '3m', alert_group: 'database' },
  ],
  peers: [],
});

const emptied = {
  heartbeats: [],
  alert_groups: [],
  silences: [],
  time_intervals: [],
  robots: [],
  contacts: [],
  sources: [],
};

describe('apply', () => {
  it('makes what the document lists, and nothing the second time', async () => {
    await call('POST', '/api/v1/apply', emptied);
    const dry = await json(await call('POST', '/api/v1/apply?dry_run=true', document()));
    expect((dry['changes'] as unknown[]).length).toBe(7);
    expect(((await json(await call('POST', '/api/v1/apply', document())))['changes'] as unknown[]).length).toBe(7);
    expect(await json(await call('POST', '/api/v1/apply', document()))).toMatchObject({ changes: [], unchanged: 7 });
  });

  it('reads back what it exports without a change, as JSON and as YAML', async () => {
    await call('POST', '/api/v1/apply', document());
    const exported = await json(await call('GET', '/api/v1/export'));
    expect(await json(await call('POST', '/api/v1/apply', exported))).toMatchObject({ changes: [] });
    const yaml = await (await call('GET', '/api/v1/export', undefined, { accept: 'application/yaml' })).text();
    const again = await call('POST', '/api/v1/apply', yaml, { 'content-type': 'application/yaml' });
    expect(await json(again)).toMatchObject({ changes: [] });
    expect(JSON.stringify(parse(yaml))).not.toContain(token);
    expect(yaml).not.toContain('11111111-2222-3333');
  });

  it('finds no section in an export that holds nothing, down to an empty one, and reads that back without a change', async () => {
    await call('POST', '/api/v1/apply', { ...document(), heartbeats: [] });
    const exported = await json(await call('GET', '/api/v1/export'));
    expect(Object.keys(exported)).not.toContain('heartbeats');
    expect(Object.values(exported)).not.toContainEqual([]);
    for (const yaml of [stringify(exported), stringify({})]) {
      const again = await call('POST', '/api/v1/apply', yaml, { 'content-type': 'application/yaml' });
      expect(await json(again)).toMatchObject({ changes: [] });
    }
  });

  it('deletes what a present section no longer lists, and leaves absent sections and page-made objects alone', async () => {
    await call('POST', '/api/v1/apply', document());
    expect((await call('POST', '/api/v1/contacts', { name: 'made.here', email: 'made@example.org' })).status).toBe(201);
    const answer = await json(await call('POST', '/api/v1/apply', { heartbeats: [], alert_groups: [] }));
    expect(answer['changes']).toMatchObject([
      { action: 'delete', kind: 'heartbeats', name: 'prom-a' },
      { action: 'delete', kind: 'alert_groups', name: 'database' },
    ]);
    const contacts = (await json(await call('GET', '/api/v1/contacts')))['items'] as { name: string }[];
    expect(contacts.map((c) => c.name)).toEqual(['li.wei', 'made.here']);
    await call('DELETE', '/api/v1/contacts/made.here');
    await call('POST', '/api/v1/apply', document());
  });

  it('reads back its own export without a change when page-made and built-in alert groups stand in it too', async () => {
    await call('POST', '/api/v1/apply', document());
    await call('POST', '/api/v1/alert-groups', { name: 'made.here', matchers: ['team="x"'] });
    await call('PUT', '/api/v1/alert-groups/unrouted', { name: 'unrouted', members: ['li.wei'] });
    await call('POST', '/api/v1/silences', { matchers: ['a="b\\"c"', 'd=~"e|f"'], duration: '1h', comment: 'by hand' });
    const exported = await json(await call('GET', '/api/v1/export'));
    const matchers = ['a="b\\"c"', 'd=~"e|f"'];
    expect(exported['silences']).toContainEqual(expect.objectContaining({ comment: 'by hand', matchers }));
    expect(await json(await call('POST', '/api/v1/apply', exported))).toMatchObject({ changes: [] });
    await call('PUT', '/api/v1/alert-groups/unrouted', { name: 'unrouted' });
    await call('DELETE', '/api/v1/alert-groups/made.here');
  });

  it('reads back its own export without a change when a silence that it made has ended by itself', async () => {
    const ends_at = new Date(s.clock.at.getTime() + 60_000).toISOString();
    const silences = [{ name: 'short', matchers: ['dc="old"'], ends_at, comment: 'a minute' }];
    expect((await call('POST', '/api/v1/apply', { silences })).status).toBe(200);
    s.clock.advance(120_000);
    const exported = await json(await call('GET', '/api/v1/export'));
    expect(exported['silences'] ?? []).not.toContainEqual(expect.objectContaining({ name: 'short' }));
    expect(await json(await call('POST', '/api/v1/apply?dry_run=true', exported))).toMatchObject({ changes: [] });
    expect(await json(await call('POST', '/api/v1/apply', { silences }))).toMatchObject({ changes: [] });
    await call('POST', '/api/v1/apply', emptied);
  });

  it('lets a heartbeat and a token move to another source while the first goes', async () => {
    await call('POST', '/api/v1/apply', document());
    const moved = {
      ...document(),
      sources: [{ name: 'az-z', token }],
      heartbeats: [{ name: 'prom-a', source: 'az-z', matchers: ['alertname="Watchdog"'] }],
    };
    expect((await call('POST', '/api/v1/apply', moved)).status).toBe(200);
    expect(await json(await call('GET', '/api/v1/heartbeats/prom-a'))).toMatchObject({ source: 'az-z' });
    await s.service.settle();
    expect((await s.post(token, { version: '4', alerts: [], groupKey: '{}' })).status).toBe(200);
    expect((await call('POST', '/api/v1/sources', { name: 'az-y', token })).status).toBe(409);
    await call('POST', '/api/v1/apply', document());
  });

  it('refuses a document with every problem at once, and changes nothing', async () => {
    const bad = {
      contacts: [{ name: 'x', email: 'nowhere', shoe: 43 }],
      alert_groups: [{ name: 'g', matchers: ['{'] }],
    };
    const answer = await call('POST', '/api/v1/apply', bad);
    expect(answer.status).toBe(400);
    const paths = ((await json(answer))['errors'] as { path: string }[]).map((e) => e.path);
    expect(paths).toEqual(
      expect.arrayContaining(['contacts[0].email', 'contacts[0].shoe', 'alert_groups[0].matchers[0]']),
    );
  });

  it('names what refers to something that is not there', async () => {
    const answer = await call('POST', '/api/v1/apply', { alert_groups: [{ name: 'g', members: ['nobody'] }] });
    expect(answer.status).toBe(409);
    expect(JSON.stringify(await json(answer))).toContain('nobody');
  });

  it('gives a built-in group members and takes no offence at its name', async () => {
    const mine = {
      ...document(),
      alert_groups: [...document().alert_groups, { name: 'unrouted', members: ['li.wei'] }],
    };
    expect((await call('POST', '/api/v1/apply', mine)).status).toBe(200);
    const group = await json(await call('GET', '/api/v1/alert-groups/unrouted'));
    expect(group).toMatchObject({ builtin: 'unrouted', members: ['li.wei'], managed: false });
    await call('PUT', '/api/v1/alert-groups/unrouted', { name: 'unrouted' });
  });
});

describe('the resources', () => {
  beforeAll(() => call('POST', '/api/v1/apply', document()));

  it('show no secret, not even once more after it was made', async () => {
    const made = await json(await call('POST', '/api/v1/sources', { name: 'az-b', site: 'az-b' }));
    expect(typeof made['token']).toBe('string');
    const shown = await (await call('GET', '/api/v1/sources/az-b')).text();
    expect(shown).not.toContain(String(made['token']));
    expect(JSON.parse(shown)).toMatchObject({ token_count: 1 });
    expect(await json(await call('GET', '/api/v1/robots/ops'))).toMatchObject({ key: '<secret>' });
    expect((await call('DELETE', '/api/v1/sources/az-b')).status).toBe(204);
  });

  it('make no source that nobody can post as without saying so', async () => {
    const copied = { name: 'copied', token: '<secret>' };
    expect((await call('POST', '/api/v1/sources', copied)).status).toBe(400);
    const sources = [...document().sources, copied];
    const refused = await json(await call('POST', '/api/v1/apply?dry_run=true', { sources }));
    expect(refused['errors']).toMatchObject([{ path: 'sources[1].token', message: 'a new source needs its token' }]);
    const mute = { sources: [...document().sources, { name: 'mute' }] };
    expect(await json(await call('POST', '/api/v1/apply?dry_run=true', mute))).toMatchObject({
      warnings: [expect.stringContaining('sources/mute has no token: nobody can post as it')],
    });
  });

  it('say that an Alertmanager will be refused when its source goes', async () => {
    await call('POST', '/api/v1/apply', document());
    const moved = { sources: [{ name: 'az-new', token: 'token-of-the-new-one-0123' }], heartbeats: [] };
    const { warnings } = await json(await call('POST', '/api/v1/apply?dry_run=true', moved));
    expect(warnings).toEqual(
      document().sources.map(({ name }: { name: string }) => expect.stringContaining(`sources/${name} goes`)),
    );
  });

  it('let an edit through only while nobody else has edited', async () => {
    await call('POST', '/api/v1/contacts', { name: 'wang', email: 'wang@example.org' });
    const tag = (await call('GET', '/api/v1/contacts/wang')).headers.get('etag') as string;
    const edit = (email: string) => call('PUT', '/api/v1/contacts/wang', { name: 'wang', email }, { 'if-match': tag });
    expect((await edit('w1@example.org')).status).toBe(200);
    expect((await edit('w2@example.org')).status).toBe(412);
    expect((await call('DELETE', '/api/v1/contacts/wang')).status).toBe(204);
    expect((await call('GET', '/api/v1/contacts/wang')).status).toBe(404);
  });

  it.each([
    ['sources', { name: 'back', labels: { dc: 'a' } }],
    ['contacts', { name: 'back', email: 'back@example.org' }],
    ['robots', { name: 'back', key: '44444444-5555-6666' }],
    ['alert-groups', { name: 'back', matchers: ['team="back"'] }],
    ['heartbeats', { name: 'back', matchers: ['alertname="Back"'] }],
    ['silences', { matchers: ['a="b"'], duration: '1h', comment: 'back' }],
    [
      'schedules',
      { name: 'back', layers: [{ contacts: ['li.wei'], unit: 'week', hand_over: '09:00', starts: '2026-01-05' }] },
    ],
    ['time-intervals', { name: 'back', time_intervals: [{ weekdays: ['monday:friday'] }] }],
  ])('take back what they show: %s', async (resource, body) => {
    const made = await json(await call('POST', `/api/v1/${resource}`, body));
    const path = `/api/v1/${resource}/${String(made['id'] ?? 'back')}`;
    const shown = await call('GET', path);
    const sent = await call('PUT', path, await shown.json(), { 'if-match': shown.headers.get('etag') as string });
    expect([sent.status, await sent.json()]).toMatchObject([200, { version: 2 }]);
    expect((await call('DELETE', path)).status).toBe(204);
  });

  it('refuse to remove what is still used, to edit what apply manages, and to take a name twice', async () => {
    await call('POST', '/api/v1/contacts', { name: 'zhao', email: 'zhao@example.org' });
    await call('POST', '/api/v1/alert-groups', { name: 'zhaos', matchers: ['team="z"'], members: ['zhao'] });
    const used = await call('DELETE', '/api/v1/contacts/zhao');
    expect(used.status).toBe(409);
    expect((await json(used))['detail']).toContain('alert_groups/zhaos');
    expect((await call('PUT', '/api/v1/contacts/li.wei', { name: 'li.wei' })).status).toBe(409);
    expect((await call('POST', '/api/v1/contacts', { name: 'zhao' })).status).toBe(409);
    expect((await call('DELETE', '/api/v1/alert-groups/zhaos')).status).toBe(204);
    expect((await call('DELETE', '/api/v1/contacts/zhao')).status).toBe(204);
  });

  it('take no contact that is everybody in the company', async () => {
    const all = await call('POST', '/api/v1/contacts', { name: 'all', wecom: '@all' });
    expect(all.status).toBe(400);
    expect((await json(all))['errors']).toMatchObject([{ path: 'wecom' }]);
  });

  it('take a silence in the forms of Alertmanager, and end it instead of erasing it', async () => {
    const made = await json(
      await call('POST', '/api/v1/silences', {
        matchers: [{ name: 'instance', value: 'web.+', isRegex: true }, 'team="web"'],
        duration: '2h',
        comment: 'upgrade',
      }),
    );
    expect(made).toMatchObject({
      state: 'active',
      created_by: 'admin',
      ends_at: new Date(s.clock.at.getTime() + 7_200_000).toISOString(),
    });
    expect((await call('DELETE', `/api/v1/silences/${made['id']}`)).status).toBe(204);
    expect(await json(await call('GET', `/api/v1/silences/${made['id']}`))).toMatchObject({ state: 'expired' });
  });

  it('show a silence as it was written, so that it can be sent back', async () => {
    const ends_at = new Date(s.clock.at.getTime() + 3_600_000).toISOString();
    const silence = { matchers: ['instance=~"web.+"', 'team="web"'], ends_at, comment: 'upgrade' };
    const made = await json(await call('POST', '/api/v1/silences', silence));
    expect(made).toMatchObject(silence);
    const longer = { ...silence, comment: 'takes longer' };
    expect(await json(await call('PUT', `/api/v1/silences/${made['id']}`, longer))).toMatchObject(longer);
    const late = await call('POST', '/api/v1/silences', { ...silence, ends_at: '2020-01-01T00:00:00Z' });
    expect(late.status).toBe(400);
    expect((await json(late))['errors']).toMatchObject([{ path: 'ends_at' }]);
  });

  it.each([
    '/api/v1/alerts/%00',
    '/api/v1/alerts?group=%00',
    '/api/v1/incidents?group=%00',
    '/api/v1/notifications?channel=%00',
    '/api/v1/destinations?channel=%00',
    '/api/v1/quarantine?source=%00',
  ])('answer 400 and not 500 to a text that no database can hold: %s', async (path) => {
    expect((await call('GET', path)).status).toBe(400);
  });

  it('answer 400 to a time that no database can hold', async () => {
    const silence = { matchers: ['a="b"'], starts_at: '0000-01-01T00:00:00Z', ends_at: '2099-01-01T00:00:00Z' };
    expect((await call('POST', '/api/v1/silences', { ...silence, comment: 'year 0' })).status).toBe(400);
  });

  it('come in pages, each object once', async () => {
    for (const name of ['page-1', 'page-2', 'page-3']) await call('POST', '/api/v1/contacts', { name });
    const seen: string[] = [];
    let cursor: unknown = null;
    do {
      const next: string = cursor === null ? '' : `&cursor=${String(cursor)}`;
      const page = await json(await call('GET', `/api/v1/contacts?limit=1${next}`));
      seen.push(...(page['items'] as { name: string }[]).map((c) => c.name));
      cursor = page['next_cursor'];
    } while (cursor !== null);
    expect(seen).toEqual(expect.arrayContaining(['page-1', 'page-2', 'page-3']));
    expect(new Set(seen).size).toBe(seen.length);
    expect((await call('GET', '/api/v1/contacts?cursor=bogus')).status).toBe(400);
    expect((await call('GET', '/api/v1/contacts?limit=0')).status).toBe(400);
    for (const name of ['page-1', 'page-2', 'page-3']) await call('DELETE', `/api/v1/contacts/${name}`);
  });

  it('put page-made alert groups in order, all of them at once', async () => {
    for (const name of ['first', 'second']) await call('POST', '/api/v1/alert-groups', { name });
    const listed = async () =>
      ((await json(await call('GET', '/api/v1/alert-groups')))['items'] as Record<string, unknown>[])
        .filter((g) => g['managed'] === false && g['builtin'] === null)
        .map((g) => String(g['name']));
    const wanted = (await listed()).reverse();
    const order = (names: string[]) => call('PUT', '/api/v1/alert-group-order', { names });
    expect((await order(['second'])).status).toBe(400);
    expect((await order(wanted)).status).toBe(204);
    expect(await listed()).toEqual(wanted);
    for (const name of ['first', 'second']) await call('DELETE', `/api/v1/alert-groups/${name}`);
  });

  it('rotate the tokens of a source without a gap', async () => {
    const made = await json(await call('POST', '/api/v1/sources', { name: 'az-c', site: 'az-c' }));
    const added = await json(await call('POST', '/api/v1/sources/az-c/tokens'));
    await s.service.settle();
    const post = (t: unknown) => s.post(String(t), { version: '4', alerts: [], groupKey: '{}' });
    expect((await post(made['token'])).status).toBe(200);
    expect((await post(added['token'])).status).toBe(200);
    await call('DELETE', '/api/v1/sources/az-c/tokens');
    await s.service.settle();
    expect((await post(made['token'])).status).toBe(401);
    expect((await post(added['token'])).status).toBe(200);
    await call('DELETE', '/api/v1/sources/az-c');
  });

  it('are described by the OpenAPI document, each with its rule', async () => {
    const openapi = (await json(await fetch(`${s.url}/api/openapi.json`))) as {
      paths: Record<string, Record<string, Record<string, unknown>>>;
    };
    for (const path of [
      'alert-groups',
      'contacts',
      'robots',
      'sources',
      'silences',
      'schedules',
      'time-intervals',
      'heartbeats',
      'incidents',
      'alerts',
      'notifications',
    ]) {
      expect(openapi.paths[`/api/v1/${path}`]?.['get']?.['x-role']).toBe('viewer');
    }
  });

  it('answer nobody without a token', async () => {
    expect((await fetch(`${s.url}/api/v1/contacts`)).status).toBe(401);
    expect((await fetch(`${s.url}/api/v1/contacts`, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  });
});
